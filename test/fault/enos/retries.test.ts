/** What is repeated, when, and how often. */
import { enosChannel } from '../../../src/enos/channels.js';
import type { RetryDecided } from '../../../src/enos/channels.js';
import { json } from '../../support/fake-gateway.js';
import { failed, read, Scene, stateOf, write } from './support.js';

let scene: Scene;
let decisions: RetryDecided[];
const note = (decision: RetryDecided) => void decisions.push(decision);
const NO_BREAKER = { breaker: { minimumCalls: 0 } };

beforeEach(async () => {
  scene = await Scene.start();
  decisions = [];
  enosChannel('enos-graphql:retry').subscribe(note);
});
afterEach(async () => {
  enosChannel('enos-graphql:retry').unsubscribe(note);
  await scene.stop();
});

/** Fails the first calls with status and headers, then answers. */
function failFirst(count: number, status: number, headers: Record<string, string | string[]> = {}): void {
  let left = count;
  scene.gateway.answer = (_, response) => {
    if (left-- <= 0) return json(response, { code: 0, data: {} });
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end('{"message":"Service unavailable"}');
  };
}

test.each([429, 503])('HTTP %d: a Retry-After that fits is waited for', async (status) => {
  failFirst(1, status, { 'retry-after': '1' });
  const start = performance.now();
  await read(scene.client());
  expect(performance.now() - start).toBeGreaterThan(990);
  expect(decisions).toMatchObject([{ attempt: 1, decision: 'retried' }]);
  expect(decisions[0]!.delayMs).toBeGreaterThanOrEqual(1_000);
});

test('a Retry-After in form of a date goes by the clock of EnOS', async () => {
  const skewed = Date.now() - 3_600_000;
  failFirst(1, 503, {
    date: new Date(skewed).toUTCString(),
    'retry-after': new Date(skewed + 1_000).toUTCString(),
  });
  await read(scene.client());
  expect(decisions[0]!.delayMs).toBeGreaterThanOrEqual(1_000);
  expect(decisions[0]!.delayMs).toBeLessThan(1_200);
});

test.each<[string, string | string[], number | null]>([
  ['longer than the call has', '30', 30],
  ['absurd', '99999999999', 86_400],
  ['several, one of which is too long', ['0', '30'], 30],
  ['a date far off', new Date(Date.now() + 7_200_000).toUTCString(), null],
])('HTTP 503 with a Retry-After that is %s fails at once and says so', async (_, header, seconds) => {
  failFirst(1, 503, { 'retry-after': header });
  const error = await failed(read(scene.client({ timeouts: { total: 10_000 } })));
  expect(error).toMatchObject({ kind: 'http', httpStatus: 503 });
  expect(error.retryAfter).toBeGreaterThan(10);
  if (seconds !== null) expect(error.retryAfter).toBe(seconds);
  expect(decisions).toMatchObject([{ decision: 'deadline', delayMs: 0 }]);
  expect(scene.gateway.calls).toHaveLength(1);
});

test.each(['-5', 'soon', ''])('a Retry-After of %j counts as none', async (header) => {
  failFirst(1, 503, { 'retry-after': header });
  await read(scene.client());
  expect(decisions[0]!.delayMs).toBeLessThan(100);
  failFirst(1, 429, { 'retry-after': header });
  expect(await failed(read(scene.client()))).toMatchObject({ httpStatus: 429, retryAfter: null });
});

test('a reply that is cut is asked for again; of a write it is not', async () => {
  let left = 1;
  const cut: Scene['gateway']['answer'] = (_, response) => {
    if (left-- <= 0) return json(response, { code: 0, data: {} });
    response.writeHead(200, { 'content-length': 500 });
    response.write('{"code":', () => response.socket!.destroy());
  };
  scene.gateway.answer = cut;
  await read(scene.client());
  expect(scene.gateway.calls).toHaveLength(2);
  left = 1;
  expect(await failed(write(scene.client()))).toMatchObject({ message: 'The reply of EnOS is cut' });
  expect(scene.gateway.calls).toHaveLength(3);
});

test('a write goes once, whatever the gateway says about later', async () => {
  for (const status of [429, 502, 503, 504]) {
    failFirst(1, status, { 'retry-after': '0' });
    expect(await failed(write(scene.client()))).toMatchObject({ httpStatus: status });
  }
  expect(scene.gateway.calls).toHaveLength(4);
  expect(decisions).toEqual([]);
});

test('of calls that all fail, no more are repeated than the budget has', async () => {
  const client = scene.client(NO_BREAKER);
  failFirst(Infinity, 503);
  for (let i = 0; i < 100; i++) await failed(read(client));
  const { exchanges, retries, retriesDenied, retryBudget } = stateOf(client, 'asset-service')!;
  // Ten to begin with, and one for every ten of the hundred.
  expect(retries).toBeGreaterThanOrEqual(18);
  expect(retries).toBeLessThanOrEqual(20);
  expect(retriesDenied).toBeGreaterThan(50);
  expect(retryBudget).toBeLessThan(1);
  expect(exchanges).toBe(100 + retries);
  expect(scene.gateway.calls).toHaveLength(100 + retries);
  expect(decisions.filter(({ decision }) => decision === 'budget')).toHaveLength(retriesDenied);
});

test('a budget of nothing, or no repetitions, sends everything once', async () => {
  for (const options of [{ retryBudgetPercent: 0 }, { retries: 0 }]) {
    failFirst(1, 503);
    await failed(read(scene.client(options)));
  }
  expect(scene.gateway.calls).toHaveLength(2);
});

test('a repetition ends with the caller', async () => {
  failFirst(Infinity, 503, { 'retry-after': '20' });
  const controller = new AbortController();
  const call = failed(read(scene.client(), { signal: controller.signal }));
  while (decisions.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  controller.abort();
  expect(await call).toMatchObject({ kind: 'cancelled' });
  expect(scene.gateway.calls).toHaveLength(1);
});
