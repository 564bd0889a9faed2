/** Tokens that are refused, keys that are wrong, clocks that differ: what callers get, and how often EnOS is asked. */
import { json } from '../../support/fake-gateway.js';
import { failed, read, readModel, Scene, until } from './support.js';

let scene: Scene;
let clock: number;
let log: { message: string; details: Readonly<Record<string, unknown>> }[];

beforeEach(async () => {
  scene = await Scene.start();
  clock = Date.now();
  log = [];
});
afterEach(() => scene.stop());

const clientOf = () =>
  scene.client({ now: () => clock, logger: (_, message, details) => log.push({ message, details }) });
const unauthorized: Scene['gateway']['answer'] = (_, response) =>
  json(response, { message: 'Invalid authentication credentials' }, 401);
const wrongKey: Scene['gateway']['answer'] = (_, response) =>
  json(response, { status: 1003, msg: 'The encryption is not valid', business: 'x', data: null });

test('a storm of calls with a revoked token renews it once, also for those that wait in the queue', async () => {
  const client = scene.client({ concurrencyPerService: 5 });
  await Promise.all([read(client), readModel(client)]);
  const held: (() => void)[] = [];
  scene.gateway.answer = (request, response) => {
    const refuse = () => unauthorized(request, response);
    if (request.headers['apim-accesstoken'] === 'TOKEN-1') held.push(refuse);
    else json(response, { code: 0, data: {} });
  };
  const calls = Array.from({ length: 100 }, (_, i) => (i % 2 ? read(client) : readModel(client)));
  await until(() => held.length === 10);
  held.forEach((refuse) => refuse());
  await Promise.all(calls);
  expect(scene.gateway.tokenActions()).toEqual(['get', 'get']);
  // Only those that were under way were refused: whoever waited in the queue took the new token along.
  expect(scene.gateway.calls).toHaveLength(2 + 10 + 100);
});

test('a wrong key is shown seldom, however many calls there are, and works again once EnOS takes it', async () => {
  const client = clientOf();
  const takeToken = scene.gateway.answerToken;
  scene.gateway.answerToken = wrongKey;
  for (let i = 0; i < 50; i++) {
    const errors = await Promise.all([failed(read(client)), failed(readModel(client))]);
    for (const error of errors) expect(error).toMatchObject({ kind: 'credentials', code: 1003 });
  }
  expect(scene.gateway.tokenCalls).toHaveLength(2);
  expect(client.credentialsAccepted()).toBe(false);
  expect((await failed(client.connect())).retryAfter).toBe(1);
  for (const pause of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    const asked = scene.gateway.tokenCalls.length;
    clock += pause - 1;
    await failed(read(client));
    expect(scene.gateway.tokenCalls).toHaveLength(asked);
    clock += 1;
    await failed(read(client));
    expect(scene.gateway.tokenCalls).toHaveLength(asked + 1);
  }
  expect(scene.gateway.calls).toHaveLength(0);
  scene.gateway.answerToken = takeToken;
  clock += 30_000;
  await read(client);
  expect(client.credentialsAccepted()).toBe(true);
});

test('a clock that is set back does not prolong the pause', async () => {
  const client = clientOf();
  scene.gateway.answerToken = wrongKey;
  await failed(read(client));
  await failed(read(client));
  clock -= 3_600_000;
  await failed(read(client));
  expect(scene.gateway.tokenCalls).toHaveLength(3);
});

test('calls that are refused with every token do not make the client ask for one each time', async () => {
  const client = clientOf();
  scene.gateway.answer = unauthorized;
  for (let i = 0; i < 20; i++) await Promise.all(Array.from({ length: 5 }, () => failed(read(client))));
  // Two for the first refusal, one for the second; then EnOS is left alone.
  expect(scene.gateway.tokenCalls.length).toBeLessThanOrEqual(4);
  clock += 1_000;
  scene.gateway.answer = (_, response) => json(response, { code: 0, data: {} });
  await read(client);
  await Promise.all(Array.from({ length: 5 }, () => read(client)));
  expect(client.credentialsAccepted()).toBe(true);
});

test.each([
  [
    'by the token service',
    () => (scene.gateway.answerToken = wrongKey),
    'EnOS refuses the key pair of this application',
  ],
  [
    'of every token',
    () => (scene.gateway.answer = unauthorized),
    'EnOS refuses the access token of this application, also a new one',
  ],
])('a refusal %s is logged with a hint where the clocks differ', async (_, refuse, message) => {
  refuse();
  const hint = '; the clock of this machine differs from that of EnOS';
  await failed(read(clientOf()));
  expect(log.map((line) => line.message)).toEqual([message]);
  clock += 600_000;
  await failed(read(clientOf()));
  expect(log.map((line) => line.message)).toEqual([message, message + hint]);
  expect(Math.abs((log[1]!.details.clockAheadSeconds as number) - 600)).toBeLessThan(10);
});

test('a token service that hangs or fails holds nobody beyond the deadline, and is found again', async () => {
  const client = scene.client({ retries: 0 });
  const takeToken = scene.gateway.answerToken;
  scene.gateway.answerToken = () => undefined;
  const waiting = await Promise.all(
    Array.from({ length: 10 }, () => failed(read(client, { deadline: Date.now() + 40 }))),
  );
  for (const error of waiting) expect(error).toMatchObject({ kind: 'timeout', operation: 'getAsset' });
  expect(scene.gateway.tokenCalls).toHaveLength(1);
  const failing = scene.client({ retries: 0, breaker: { minimumCalls: 5, pause: 20 } });
  scene.gateway.answerToken = (_, response) => json(response, { message: 'x' }, 503);
  for (let i = 0; i < 30; i++) await failed(read(failing));
  expect(scene.gateway.tokenCalls.length).toBeLessThan(25);
  scene.gateway.answerToken = takeToken;
  await until(() => failing.state().services.every(({ retryAfterMs }) => retryAfterMs === 0));
  await read(failing);
});
