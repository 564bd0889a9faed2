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
