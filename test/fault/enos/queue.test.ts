/** A service has so many exchanges at a time; others wait, within bounds. */
import { json } from '../../support/fake-gateway.js';
import { failed, read, readModel, Scene, stateOf, until } from './support.js';

let scene: Scene;
let held: (() => void)[];

beforeEach(async () => {
  scene = await Scene.start();
  held = [];
});
afterEach(() => scene.stop());

/** A client whose asset service holds two calls, with so many waiting. */
async function crowded(waiting: number, queuePerService = 3) {
  const client = scene.client({ concurrencyPerService: 2, queuePerService });
  await client.connect();
  scene.gateway.answer = ({ path }, response) => {
    const answer = () => json(response, { code: 0, data: {} });
    if (path.includes('/asset-service/')) held.push(answer);
    else answer();
  };
  const calls = Array.from({ length: 2 + waiting }, () => read(client));
  await until(() => held.length === 2);
  return { client, calls };
}

const releaseAll = async (calls: Promise<unknown>[]) => {
  const all = Promise.allSettled(calls);
  let done = false;
  void all.then(() => (done = true));
  await until(() => {
    held.splice(0).forEach((release) => release());
    return done;
  });
  return all;
};

test('calls beyond the limit wait and are all answered, never more at a time', async () => {
  const client = scene.client({ concurrencyPerService: 2 });
  let now = 0;
  let most = 0;
  scene.gateway.answer = (_, response) => {
    most = Math.max(most, ++now);
    setTimeout(() => {
      now--;
      json(response, { code: 0, data: {} });
    }, 2);
  };
  await Promise.all(Array.from({ length: 30 }, () => read(client)));
  expect(most).toBe(2);
  expect(stateOf(client, 'asset-service')).toMatchObject({ exchanges: 30, inFlight: 0, queued: 0 });
});

test('a full queue refuses at once; the other services are not concerned', async () => {
  const { client, calls } = await crowded(3);
  expect(stateOf(client, 'asset-service')).toMatchObject({ inFlight: 2, queued: 3 });
  expect(await failed(read(client))).toMatchObject({
    kind: 'unavailable',
    message: 'Too many calls to EnOS are waiting',
    retryAfter: 1,
    retryable: true,
  });
  await readModel(client);
  await releaseAll(calls);
  await Promise.all(calls);
});

test('the wait counts against the deadline, and what waits in vain is never sent', async () => {
  const { client, calls } = await crowded(0);
  expect(await failed(read(client, { deadline: Date.now() + 40 }))).toMatchObject({ kind: 'timeout' });
  expect(stateOf(client, 'asset-service')).toMatchObject({ inFlight: 2, queued: 0 });
  await releaseAll(calls);
  expect(scene.gateway.calls).toHaveLength(2);
});

test('a caller that leaves the queue makes room in it', async () => {
  const { client, calls } = await crowded(2);
  const controller = new AbortController();
  const leaving = failed(read(client, { signal: controller.signal }));
  await until(() => stateOf(client, 'asset-service')?.queued === 3);
  controller.abort();
  expect(await leaving).toMatchObject({ kind: 'cancelled' });
  expect(stateOf(client, 'asset-service')?.queued).toBe(2);
  calls.push(read(client));
  await releaseAll(calls);
  await Promise.all(calls);
  expect(scene.gateway.calls).toHaveLength(5);
});
