import { startGraphServer } from '../../support/graph-server.js';
import type { RunningServer } from '../../support/graph-server.js';

let server: RunningServer;
beforeEach(async () => {
  server = await startGraphServer();
});
afterEach(() => server.close());

test('one line per request, with operation, status, duration and codes', async () => {
  await server.ask('query Greeting { hello fails(how: "intended") }');
  const line = server.logs.find((candidate) => candidate.msg === 'request');
  expect(line).toMatchObject({
    method: 'POST',
    route: 'graphql',
    status: 200,
    operationName: 'Greeting',
    operationType: 'query',
    errorCodes: ['NOT_FOUND'],
    durationMs: expect.any(Number) as number,
    requestId: expect.any(String) as string,
  });
});

test('no query, variable, header or query string is ever in the log', async () => {
  await server.ask('query ($name: String) { hello(name: $name) }', {
    variables: { name: 'hunter2' },
    headers: { authorization: 'Bearer hunter2', cookie: 'session=hunter2' },
  });
  await server.ask('{ hello(name: "hunter2") ');
  await fetch(`${server.url}/graphql?query=${encodeURIComponent('{ hello(name: "hunter2") }')}`);
  await fetch(`${server.url}/hunter2?token=hunter2`);
  await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"password": hunter2',
  });
  expect(server.logs.filter((line) => line.msg === 'request')).toHaveLength(5);
  expect(JSON.stringify(server.logs)).not.toContain('hunter2');
});

test('the operation is known by a hash that blanks, comments and variables do not change, and literals do', async () => {
  const hashOf = async (query: string, variables?: unknown): Promise<unknown> => {
    await server.ask(query, { variables });
    return server.logs.filter((line) => line.msg === 'request').at(-1)?.['operationHash'];
  };
  const hash = await hashOf('query Q($n: String) { hello(name: $n) }', { n: 'a' });
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
  expect(await hashOf('query Q($n: String) {\n # why\n hello(name: $n), }', { n: 'b' })).toBe(hash);
  expect(await hashOf('query Q($n: String) { hello(name: "x") other: hello(name: $n) }')).not.toBe(hash);
});

test('cost and calls of the operation are told, the same the first time and later', async () => {
  for (let round = 0; round < 2; round += 1) await server.ask('{ hello tree { name } }');
  const lines = server.logs.filter((line) => line.msg === 'request');
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line).toMatchObject({ cost: 3, calls: 0, operationType: 'query' });
});
