import { gzipSync } from 'node:zlib';
import { startGraphServer } from '../../../support/graph-server.js';
import type { Answer, RunningServer } from '../../../support/graph-server.js';

let server: RunningServer;
beforeAll(async () => {
  server = await startGraphServer();
});
afterAll(() => server.close());

async function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  const reply = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const type = reply.headers.get('content-type');
  return { status: reply.status, type, body: (await reply.json()) as Answer['body'] };
}

test('a body over the limit is 413 as GraphQL JSON that names the limit', async () => {
  const query = `{ hello(name: "${'x'.repeat(300_000)}") }`;
  const { status, type, body } = await post(JSON.stringify({ query }), {
    accept: 'application/graphql-response+json',
  });
  expect(status).toBe(413);
  expect(type).toBe('application/graphql-response+json; charset=utf-8');
  expect(body).toEqual({
    errors: [
      {
        message: 'The request asks for 300033 bytes of body; the limit is 262144 (MAX_BODY_BYTES).',
        extensions: {
          code: 'BAD_USER_INPUT',
          limit: { name: 'MAX_BODY_BYTES', value: 262_144, asked: 300_033 },
        },
      },
    ],
  });
});

test('the limit holds for what a compressed body unpacks to', async () => {
  const bomb = gzipSync(JSON.stringify({ query: `{ hello(name: "${'x'.repeat(50_000_000)}") }` }));
  const { status, body } = await post(new Uint8Array(bomb), { 'content-encoding': 'gzip' });
  expect(status).toBe(413);
  expect(body.errors?.[0]?.extensions).toMatchObject({ limit: { name: 'MAX_BODY_BYTES' } });
});

test('a compressed body within the limit is read', async () => {
  const { body } = await post(new Uint8Array(gzipSync('{"query":"{ hello }"}')), {
    'content-encoding': 'gzip',
  });
  expect(body).toEqual({ data: { hello: 'Hello world' } });
});

test('a body that is not JSON is 400 as GraphQL JSON and is not repeated', async () => {
  const { status, body } = await post('{"query": hunter2');
  expect(status).toBe(400);
  expect(body).toEqual({
    errors: [{ message: 'The body of the request is not JSON.', extensions: { code: 'BAD_REQUEST' } }],
  });
});

test('an unknown content encoding or charset is 415', async () => {
  expect((await post('{}', { 'content-encoding': 'zstd-x' })).status).toBe(415);
  expect((await post('{}', { 'content-type': 'application/json; charset=klingon' })).status).toBe(415);
});

test('a batch of operations is refused', async () => {
  const { status, body } = await post('[{"query":"{ hello }"}]');
  expect(status).toBe(400);
  expect(body.errors?.[0]?.extensions.code).toBe('BAD_REQUEST');
});
