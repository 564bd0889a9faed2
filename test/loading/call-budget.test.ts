/** How many calls one operation may make, over a whole server and a simulator that counts them. */
import { ask, dataCallsOf, resetCalls, total } from '../support/graphql-client.js';
import { startServer, startSimulator } from '../support/processes.js';
import type { Running } from '../support/processes.js';

let simulator: Running;
let server: Running;
beforeAll(async () => {
  simulator = await startSimulator();
  server = await startServer(simulator.url, { MAX_UPSTREAM_CALLS: '3', CACHE_TTL_NOT_FOUND: '0s' });
});
afterAll(async () => {
  await server.stop();
  await simulator.stop();
});

test('what would need more is null and says why; the rest is answered, and the next operation has its own', async () => {
  for (let round = 0; round < 2; round += 1) {
    await resetCalls(simulator.url);
    // One search, and one call more for each id that it does not find.
    const ids = Array.from({ length: 6 }, (_, i) => `missing-${round}-${i}`);
    const fields = ids.map((id, i) => `a${i}: asset(assetId: "${id}") { name }`);
    const { status, errors = [] } = await ask(server.url, `{ ${fields.join(' ')} }`);
    expect(status).toBe(200);
    expect(total(await dataCallsOf(simulator.url))).toBe(3);
    expect(errors).toHaveLength(6);
    const refused = errors.filter(({ extensions }) => extensions.code !== 'NOT_FOUND');
    expect(refused).toHaveLength(4);
    for (const error of refused)
      expect(error).toMatchObject({
        message: 'The operation needs more than 3 calls to EnOS; the limit is 3 (MAX_UPSTREAM_CALLS).',
        extensions: { code: 'BAD_USER_INPUT', limit: { name: 'MAX_UPSTREAM_CALLS', value: 3, asked: null } },
      });
  }
});
