/** Hostile requests, through the whole server: each is refused, names its limit, and leaves the server able to answer. */
import { getIntrospectionQuery } from 'graphql';
import { LIMITS, startGraphServer } from '../../support/graph-server.js';
import type { AskOptions, RunningServer } from '../../support/graph-server.js';

let server: RunningServer;
beforeAll(async () => {
  server = await startGraphServer();
});
afterAll(() => server.close());

async function refusal(query: string, more?: AskOptions) {
  const { status, body } = await server.ask(query, more);
  expect(status).toBe(400);
  expect(body.data).toBeUndefined();
  expect(body.errors).toHaveLength(1);
  return body.errors?.[0];
}

const nested = (levels: number) =>
  `${'{ tree '.repeat(1)}${'{ children '.repeat(levels)}{ name }${' }'.repeat(levels + 1)}`;

test('a flood of 10,000 aliases: MAX_TOKENS', async () => {
  const error = await refusal(`{ ${Array.from({ length: 10_000 }, (_, i) => `a${i}: hello`).join(' ')} }`);
  expect(error).toMatchObject({
    message: 'The request asks for more than 5000 tokens; the limit is 5000 (MAX_TOKENS).',
    extensions: { code: 'BAD_USER_INPUT', limit: { name: 'MAX_TOKENS', value: 5_000, asked: null } },
  });
});

test('a flood of aliases within the tokens: MAX_ROOT_FIELDS', async () => {
  const error = await refusal(`{ ${Array.from({ length: 1_000 }, (_, i) => `a${i}: hello`).join(' ')} }`);
  expect(error).toMatchObject({
    message: 'The request asks for 1000 root fields; the limit is 100 (MAX_ROOT_FIELDS).',
    extensions: { code: 'BAD_USER_INPUT', limit: { name: 'MAX_ROOT_FIELDS', value: 100, asked: 1_000 } },
  });
});

test('the same field two thousand times: VALIDATION_WORK', async () => {
  const error = await refusal(`{ ${'hello '.repeat(2_000)} }`);
  expect(error?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', limit: { name: 'VALIDATION_WORK' } });
});

test('deep nesting: MAX_DEPTH', async () => {
  const error = await refusal(nested(500));
  expect(error?.extensions).toMatchObject({ limit: { name: 'MAX_DEPTH', value: 20, asked: 502 } });
});

test('a list nested as deep as the tokens allow, in an argument, does no harm', async () => {
  const { status } = await server.ask(`{ echo(value: ${'['.repeat(2_000)}${']'.repeat(2_000)}) }`);
  expect(status).toBe(400);
});

test('a chain of fragments does not hide depth', async () => {
  const chain = Array.from(
    { length: 30 },
    (_, i) => `fragment F${i} on Branch { children { ...F${i + 1} } }`,
  );
  const error = await refusal(`{ tree { ...F0 } } ${chain.join(' ')} fragment F30 on Branch { name }`);
  expect(error?.extensions).toMatchObject({ limit: { name: 'MAX_DEPTH', asked: 32 } });
});

test('a fan-out of 2^18 by doubling fragments: MAX_COST', async () => {
  const levels = Array.from(
    { length: 18 },
    (_, i) =>
      `fragment F${i} on Branch { a: page(first: 1) { nodes { ...F${i + 1} } } b: page(first: 1) { nodes { ...F${i + 1} } } }`,
  );
  const deep = await startGraphServer({
    limits: { ...LIMITS, maxDepth: 100 },
  });
  try {
    const { status, body } = await deep.ask(
      `{ tree { ...F0 } } ${levels.join(' ')} fragment F18 on Branch { name }`,
    );
    expect(status).toBe(400);
    expect(body.errors?.[0]?.extensions).toMatchObject({ limit: { name: 'MAX_COST', value: 100_000 } });
  } finally {
    await deep.close();
  }
});

test('a fragment bomb that stands for 10^120 fields: refused at once', async () => {
  const bomb = Array.from(
    { length: 120 },
    (_, i) => `fragment F${i} on Query { ${`...F${i + 1} `.repeat(10)} }`,
  );
  const error = await refusal(`{ ...F0 } ${bomb.join(' ')} fragment F120 on Query { hello }`);
  expect(error?.extensions).toMatchObject({
    limit: { name: 'MAX_ROOT_FIELDS', asked: Number.MAX_SAFE_INTEGER },
  });
});

test('fragments in a circle are refused', async () => {
  const { status, body } = await server.ask(
    '{ tree { ...A } } fragment A on Branch { children { ...B } } fragment B on Branch { ...A }',
  );
  expect(status).toBe(400);
  expect(body.errors?.[0]?.message).toContain('Cannot spread fragment');
});

test('a small query that asks for very long lists: MAX_COST', async () => {
  const error = await refusal('{ many(first: 500) { nodes { page(first: 500) { nodes { name } } } } }');
  expect(error).toMatchObject({
    message: expect.stringMatching(
      /^The request asks for \d+ fields, as estimated from the sizes of its lists; the limit is 100000/,
    ) as string,
    extensions: { limit: { name: 'MAX_COST', value: 100_000, asked: 251_002 } },
  });
});

test('a list size in a variable counts as well', async () => {
  const query = 'query ($n: Int) { many(first: $n) { nodes { page(first: $n) { nodes { name } } } } }';
  expect((await refusal(query, { variables: { n: 1_000 } }))?.extensions).toMatchObject({
    limit: { name: 'MAX_COST' },
  });
  expect((await server.ask(query, { variables: { n: 10 } })).status).toBe(200);
});

test('variables nested 20,000 deep: MAX_VARIABLE_DEPTH', async () => {
  const value = `${'{"children":['.repeat(10_000)}${']}'.repeat(10_000)}`;
  // Written by hand, since JSON.stringify itself gives up at this depth.
  const reply = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"query":"query ($value: Tree) { echo(value: $value) }","variables":{"value":${value}}}`,
  });
  expect(reply.status).toBe(400);
  expect(await reply.json()).toMatchObject({
    errors: [{ extensions: { limit: { name: 'MAX_VARIABLE_DEPTH', value: 20, asked: null } } }],
  });
});

test('the same variables by GET', async () => {
  const json = `{"value":${'{"children":['.repeat(500)}${']}'.repeat(500)}}`;
  const search = new URLSearchParams({
    query: 'query ($value: Tree) { echo(value: $value) }',
    variables: json,
  });
  const reply = await fetch(`${server.url}/graphql?${search.toString()}`);
  expect(reply.status).toBe(400);
  expect(await reply.text()).toContain('MAX_VARIABLE_DEPTH');
});

test('many aliases below the root: MAX_ALIASES', async () => {
  const aliases = Array.from({ length: 501 }, (_, i) => `a${i}: name`).join(' ');
  const error = await refusal(`{ tree { ${aliases} } }`);
  expect(error?.extensions).toMatchObject({ limit: { name: 'MAX_ALIASES', value: 500, asked: 501 } });
});

test('many directives, also in fragments: MAX_DIRECTIVES', async () => {
  const fields = (alias: string) =>
    Array.from({ length: 150 }, (_, i) => `${alias}${i}: name @include(if: true)`).join(' ');
  const error = await refusal(`{ tree { ${fields('a')} ...F } } fragment F on Branch { ${fields('b')} }`);
  expect(error?.extensions).toMatchObject({ limit: { name: 'MAX_DIRECTIVES', value: 200, asked: 300 } });
});

test('large variables within the body: MAX_VARIABLE_BYTES', async () => {
  const error = await refusal('query ($ids: [ID!]!) { byId(ids: $ids) { name } }', {
    variables: { ids: Array.from({ length: 15_000 }, (_, i) => `asset${i}`) },
  });
  expect(error?.extensions).toMatchObject({
    limit: { name: 'MAX_VARIABLE_BYTES', value: 131_072, asked: null },
  });
});

test('long variables are bounded by the body', async () => {
  const { status } = await server.ask('query ($ids: [ID!]!) { byId(ids: $ids) { name } }', {
    variables: { ids: Array.from({ length: 100_000 }, (_, i) => `asset${i}`) },
  });
  expect(status).toBe(413);
});

test('an honest nested query passes', async () => {
  const query = `{ many(first: 50) { totalCount nodes { name page(first: 10) { edges { cursor node { name } } } } } }`;
  expect((await server.ask(query)).status).toBe(200);
});

test('the introspection query of tools passes', async () => {
  const { status, body } = await server.ask(
    getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true }),
  );
  expect(body.errors).toBeUndefined();
  expect(status).toBe(200);
});

test('introspection cannot be multiplied', async () => {
  const one =
    '__schema { types { fields { type { fields { name type { name } args { type { ofType { name } } } } } } } }';
  const { status } = await server.ask(
    `{ ${Array.from({ length: 60 }, (_, i) => `a${i}: ${one}`).join(' ')} }`,
  );
  expect(status).toBe(400);
});

test('after all this the server answers', async () => {
  expect((await server.ask('{ hello }')).body).toEqual({ data: { hello: 'Hello world' } });
});
