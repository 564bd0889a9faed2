import { startGraphServer } from '../../support/graph-server.js';
import type { RunningServer } from '../../support/graph-server.js';

let server: RunningServer;
beforeAll(async () => {
  server = await startGraphServer();
});
afterAll(() => server.close());

const REFUSED = [
  ['a syntax error', '{', undefined],
  ['an unknown field', '{ nothing }', undefined],
  ['an unknown operation', 'query A { hello } query B { hello }', undefined],
  ['a variable that does not fit', 'query ($n: [ID!]!) { byId(ids: $n) { name } }', { n: null }],
] as const;

test.each(REFUSED)('%s is 200 for clients of application/json only', async (_name, query, variables) => {
  const answer = await server.ask(query, { variables, headers: { accept: 'application/json' } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  expect(answer.body.errors).toHaveLength(1);
});

test.each(REFUSED)('%s is 400 for clients of GraphQL JSON', async (_name, query, variables) => {
  const answer = await server.ask(query, { variables });
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toMatch(/^application\/graphql-response\+json/);
});

test('a limit of ours stays 400 for every client', async () => {
  const aliases = Array.from({ length: 101 }, (_, i) => `a${i}: hello`).join(' ');
  const answer = await server.ask(`{ ${aliases} }`, { headers: { accept: 'application/json' } });
  expect(answer.status).toBe(400);
});

test('a client that accepts neither is 406', async () => {
  const reply = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'image/png' },
    body: '{"query":"{ hello }"}',
  });
  expect(reply.status).toBe(406);
});
