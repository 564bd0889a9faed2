/** A service of EnOS that fails is left alone, and found again when it works. */
import type { EnosClientOptions } from '../../../src/enos/client-options.js';
import type { BreakerChanged } from '../../../src/enos/channels.js';
import { enosChannel } from '../../../src/enos/channels.js';
import type { ObservableEnosClient } from '../../../src/enos/client.js';
import { json } from '../../support/fake-gateway.js';
import { failed, NEVER, read, readModel, Scene, stateOf, until } from './support.js';

let scene: Scene;
let answer: Scene['gateway']['answer'];

beforeEach(async () => {
  scene = await Scene.start();
  answer = scene.gateway.answer;
});
afterEach(() => scene.stop());

const OPTIONS = { retries: 0, breaker: { minimumCalls: 4, pause: 100, failurePercent: 50 } };
const asset = (path: string) => path.includes('/asset-service/');
const REFUSED = {
  kind: 'unavailable',
  retryable: true,
  message: 'EnOS failed too often and is not asked at present',
};

/** Fails calls of the asset service so often that its breaker opens. */
async function breakAssets(client: ObservableEnosClient, how: Scene['gateway']['answer']): Promise<void> {
  scene.gateway.answer = (request, response) =>
    asset(request.path) ? how(request, response) : answer(request, response);
  for (let i = 0; i < 4; i++) await failed(read(client));
  expect(stateOf(client, 'asset-service')?.breaker).toBe('open');
}

const FAILURES: [string, Scene['gateway']['answer'], Partial<EnosClientOptions>?][] = [
  ['HTTP 500', (_, response) => json(response, { message: 'An unexpected error occurred' }, 500)],
  ['HTTP 503', (_, response) => json(response, { message: 'Service unavailable' }, 503)],
  [
    '99500 with HTTP 500',
    (_, response) => json(response, { code: 99500, msg: 'Internal Server Error' }, 500),
  ],
  ['a connection that is closed', (_, response) => response.socket!.destroy()],
  [
    'a reply that is cut',
    (_, response) => {
      response.writeHead(200, { 'content-length': 500 });
      response.write('{"code":', () => response.socket!.destroy());
    },
  ],
  // The token, which is taken first, has no more time than the calls: enough on a busy machine.
  ['silence', () => undefined, { timeouts: { total: 500 } }],
];

test.each(FAILURES.map(([name, how, options = {}]) => [name, how, options] as const))(
  'opens on %s; calls then fail at once, with the time to come back',
  async (_, how, options) => {
    const client = scene.client({ ...OPTIONS, ...options, breaker: { ...OPTIONS.breaker, pause: 20_000 } });
    await client.connect();
    await breakAssets(client, how);
    const before = scene.gateway.calls.length;
    const error = await failed(read(client));
    expect(error).toMatchObject(REFUSED);
    expect(error.retryAfter).toBeGreaterThan(15);
    expect(error.retryAfter).toBeLessThanOrEqual(20);
    expect(scene.gateway.calls).toHaveLength(before);
  },
);

test.each<[string, Scene['gateway']['answer']]>([
  ['HTTP 404', (_, response) => json(response, { message: 'no Route matched' }, 404)],
  ['HTTP 429', (_, response) => json(response, { message: 'API rate limit exceeded' }, 429)],
  ['a refusal', (_, response) => json(response, { code: 99404, msg: 'not found' })],
  [
    'a refusal that the contract documents, with HTTP 500',
    (_, response) => json(response, { code: 99400, msg: 'x' }, 500),
  ],
])('does not open on %s', async (_, how) => {
  const client = scene.client(OPTIONS);
  scene.gateway.answer = how;
  for (let i = 0; i < 12; i++) await failed(read(client));
  expect(stateOf(client, 'asset-service')).toMatchObject({
    breaker: 'closed',
    recentCalls: 12,
    recentFailures: 0,
  });
});

test.each([
  ['the pipelines could not be read', 61115, 'open'],
  ['pageNo is not positive', 61176, 'closed'],
])('opens on what a service says of itself, in codes of its own: %s (%i): %s', async (_, code, expected) => {
  const client = scene.client({ ...OPTIONS, breaker: { ...OPTIONS.breaker, pause: NEVER } });
  scene.gateway.answer = (_request, response) => json(response, { code, msg: 'x' }, 500);
  for (let i = 0; i < 4; i++) {
    await failed(client.call('stream-processing.listPipelines', { query: { orgId: 'o1' } }));
  }
  expect(stateOf(client, 'streaming')).toMatchObject({ breaker: expected });
});

test('does not open on callers that leave, or that leave no time', async () => {
  const client = scene.client(OPTIONS);
  await client.connect();
  scene.gateway.answer = () => undefined;
  for (let i = 0; i < 6; i++) {
    await failed(read(client, { signal: AbortSignal.timeout(5) }));
    await failed(read(client, { deadline: Date.now() + 5 }));
  }
  expect(stateOf(client, 'asset-service')).toMatchObject({ breaker: 'closed', recentCalls: 0 });
});

test('the other services go on', async () => {
  const client = scene.client({ ...OPTIONS, breaker: { ...OPTIONS.breaker, pause: NEVER } });
  await breakAssets(client, (_, response) => json(response, {}, 503));
  await readModel(client);
  expect(await failed(read(client))).toMatchObject(REFUSED);
});

test('one probe goes while the others are refused; its success lets all through again', async () => {
  const changes: BreakerChanged[] = [];
  const note = (change: BreakerChanged) => void changes.push(change);
  enosChannel('enos-graphql:breaker').subscribe(note);
  const log: string[] = [];
  const client = scene.client({ ...OPTIONS, logger: (level, message) => log.push(`${level}: ${message}`) });
  await breakAssets(client, (_, response) => json(response, {}, 503));
  let release = () => {};
  scene.gateway.answer = (request, response) => (release = () => answer(request, response));
  await until(() => stateOf(client, 'asset-service')?.retryAfterMs === 0);
  const before = scene.gateway.calls.length;
  const probe = read(client);
  await until(() => scene.gateway.calls.length > before);
  const others = await Promise.all(Array.from({ length: 10 }, () => failed(read(client))));
  for (const error of others) expect(error).toMatchObject(REFUSED);
  expect(scene.gateway.calls).toHaveLength(before + 1);
  scene.gateway.answer = answer;
  release();
  await probe;
  await Promise.all(Array.from({ length: 10 }, () => read(client)));
  enosChannel('enos-graphql:breaker').unsubscribe(note);
  expect(changes.map(({ service, from, to }) => [service, from, to])).toEqual([
    ['asset-service', 'closed', 'open'],
    ['asset-service', 'open', 'half-open'],
    ['asset-service', 'half-open', 'closed'],
  ]);
  expect(changes[0]).toMatchObject({ calls: 4, failures: 4 });
  expect(log).toEqual([
    'warn: A service of EnOS fails too often and is not asked for now',
    'info: A service of EnOS works again',
  ]);
});

test('a probe whose caller leaves makes room for another', async () => {
  const client = scene.client(OPTIONS);
  await breakAssets(client, (_, response) => json(response, {}, 503));
  scene.gateway.answer = () => undefined;
  await until(() => stateOf(client, 'asset-service')?.retryAfterMs === 0);
  expect(await failed(read(client, { signal: AbortSignal.timeout(10) }))).toMatchObject({
    kind: 'cancelled',
  });
  scene.gateway.answer = answer;
  await read(client);
  expect(stateOf(client, 'asset-service')?.breaker).toBe('closed');
});

test('those who wait for a place are told as soon as it opens', async () => {
  const client = scene.client({
    ...OPTIONS,
    concurrencyPerService: 4,
    breaker: { ...OPTIONS.breaker, pause: NEVER },
  });
  await client.connect();
  const held: (() => void)[] = [];
  let failing = false;
  scene.gateway.answer = (_, response) => {
    const fail = () => json(response, {}, 503);
    if (failing) fail();
    else held.push(fail);
  };
  const calls = Array.from({ length: 20 }, () => failed(read(client)));
  await until(() => held.length === 4);
  failing = true;
  held.forEach((fail) => fail());
  const errors = await Promise.all(calls);
  // The first three to fail gave their places to others before the fourth opened the breaker.
  const sent = scene.gateway.calls.length;
  expect(sent).toBeLessThanOrEqual(7);
  expect(errors.filter(({ kind }) => kind === 'http')).toHaveLength(sent);
  expect(errors.filter(({ kind }) => kind === 'unavailable')).toHaveLength(20 - sent);
  expect(stateOf(client, 'asset-service')).toMatchObject({ inFlight: 0, queued: 0 });
});
