/** A dashboard that asks the same again and again: its answer is renewed behind it, counted at the simulator. */
import { dataCallsOf, resetCalls } from '../support/graphql-client.js';
import { startServer, startSimulator, type Running } from '../support/processes.js';

const LIFETIME = 2_000;
const QUERY =
  '{ asset(assetId: "tB4nX9wL") { name point(pointId: "activePower") { latest { value freshness { fetchedAt } } } } }';

let simulator: Running;
let server: Running;
beforeAll(async () => {
  simulator = await startSimulator();
  server = await startServer(simulator.url, { CACHE_TTL_LATEST: `${LIFETIME}ms` });
});
afterAll(async () => {
  await server?.stop();
  await simulator?.stop();
});

async function poll(): Promise<{ body: string; isKept: boolean }> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY }),
  });
  return { body: await response.text(), isKept: response.headers.get('x-enos-answer') === 'kept' };
}

test('lives on beyond the lifetime of its parts, fetched anew, and nobody waits for EnOS', async () => {
  await poll();
  await poll();
  await resetCalls(simulator.url);
  const bodies = new Set<string>();
  let made = 0;
  const end = Date.now() + 4 * LIFETIME;
  while (Date.now() < end) {
    const { body, isKept } = await poll();
    bodies.add(body);
    if (!isKept) made += 1;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const { getAssetLatestData: calls = 0 } = await dataCallsOf(simulator.url);
  // Each lifetime has been read by one call, and on a machine that stands still for a tenth of one a request may wait for it.
  expect(calls).toBeGreaterThanOrEqual(3);
  expect(calls).toBeLessThanOrEqual(6);
  expect(made).toBeLessThan(calls - 1);
  // The world's value stands still for longer; when it was fetched does not.
  expect(bodies.size).toBeGreaterThanOrEqual(3);
  expect([...bodies].every((body) => body.includes('"value":'))).toBe(true);
});
