/** Every audit of the graphql-http suite, by name, with protection against forged requests on. */
import { serverAudits } from 'graphql-http';
import { startGraphServer } from '../support/graph-server.js';
import type { RunningServer } from '../support/graph-server.js';

let server: RunningServer;
beforeAll(async () => {
  server = await startGraphServer();
});
afterAll(() => server.close());

const audits = serverAudits({ url: () => `${server.url}/graphql` });

test('the suite has its 61 audits', () => {
  expect(audits).toHaveLength(61);
});

test.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_name, audit) => {
  const result = await audit.fn();
  if (result.status !== 'ok') throw new Error(`${result.status}: ${result.reason}`);
});
