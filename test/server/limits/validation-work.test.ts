/** The count that refuses documents before they are validated: it stops what is costly, and nothing that clients write. */
import { readFileSync, readdirSync } from 'node:fs';
import { getIntrospectionQuery, parse } from 'graphql';
import { MAX_ERRORS, boundedErrors, boundedMessage } from '../../../src/server/errors/bounds.js';
import { documentLimit, lineLimit } from '../../../src/server/limits/validation-work.js';
import { LIMITS, startGraphServer } from '../../support/graph-server.js';

const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join('\n');
const limitOf = (text: string) => documentLimit(parse(text, { maxTokens: LIMITS.maxTokens }), LIMITS);

const folder = 'schema/operations';
const stored = readdirSync(folder)
  .filter((name) => name.endsWith('.graphql'))
  .map((name): [string, string] => [name, readFileSync(`${folder}/${name}`, 'utf8')]);

const legitimate: [string, string][] = [
  ...stored,
  ['introspection', getIntrospectionQuery()],
  [
    'a dashboard of 200 turbines, each with the same fragments',
    `{ ${times(200, (i) => `t${i}: asset(assetId: "${i}") { ...Head ...Values ...Alerts }`)} }
     fragment Head on Asset { name { default } timezone }
     fragment Values on Asset { a: point(pointId: "a") { latest { value } } b: point(pointId: "b") { latest { value } } }
     fragment Alerts on Asset { alerts(first: 5) { nodes { alertId ...Head2 } } }
     fragment Head2 on Alert { title { default } }`,
  ],
  [
    'a page of 60 components, each with a fragment of its own on the same asset',
    `{ asset(assetId: "a") { ${times(60, (i) => `...C${i}`)} } }
     ${times(60, (i) => `fragment C${i} on Asset { assetId name { default } p${i}: point(pointId: "p${i}") { latest { value time } } }`)}`,
  ],
  [
    'fragments within fragments, 30 deep',
    `{ asset(assetId: "a") { ...F0 } }
     ${times(30, (i) => `fragment F${i} on Asset { a${i}: timezone ...F${i + 1} }`)} fragment F30 on Asset { name { default } }`,
  ],
  [
    'a client with 60 operations in one document, which share 20 fragments',
    `${times(60, (i) => `query Q${i}($id: ID!) { asset(assetId: $id) { ...F${i % 20} ...F${(i + 1) % 20} } }`)}
     ${times(20, (i) => `fragment F${i} on Asset { a${i}: timezone b${i}: name { default } }`)}`,
  ],
  [
    'one list asked for again in every part of a page',
    `{ ${times(40, () => 'assets(first: 50) { nodes { assetId name { default } } }')} }`,
  ],
];

test.each(legitimate)('passes: %s', (_name, text) => {
  expect(limitOf(text)).toBeUndefined();
});

const hostile: [string, string, string][] = [
  ['VALIDATION_WORK', 'equal fields', `{ ${times(500, () => 'viewer { user { name } }')} }`],
  [
    'VALIDATION_WORK',
    'equal fields with arguments',
    `{ ${times(200, () => 'asset(assetId: "x", orgId: "y") { assetId timezone }')} }`,
  ],
  [
    'VALIDATION_WORK',
    'fragments spread together',
    `{ ${times(280, (i) => `...F${i}`)} } ${times(280, (i) => `fragment F${i} on Query { viewer { user { name } } }`)}`,
  ],
  [
    'VALIDATION_WORK',
    'operations that share fragments',
    `${times(300, (i) => `query Q${i} { ...F0 }`)} ${times(200, (i) => `fragment F${i} on Query { a: __typename ...F${i + 1} }`)} fragment F200 on Query { a: __typename }`,
  ],
  [
    'VALIDATION_WORK',
    'inline fragments in each other',
    `{ ${'...{'.repeat(1_000)}__typename${'}'.repeat(1_000)} }`,
  ],
  ['VALIDATION_WORK', 'a deep value', `{ a(b: ${'['.repeat(1_000)}${']'.repeat(1_000)}) }`],
  ['VALIDATION_WORK', 'a deep type', `query ($v: ${'['.repeat(1_000)}ID${']'.repeat(1_000)}) { a }`],
  ['MAX_DEPTH', 'fields in each other', `${'{ a '.repeat(1_000)}${'}'.repeat(1_000)}`],
  ['OBJECT_KEYS', 'keys of one object', `{ a(b: { ${times(101, (i) => `k${i}: 1`)} }) }`],
  ['MAX_TOKENS', 'lines', `{ a }${'\n'.repeat(LIMITS.maxTokens)}`],
];

test.each(hostile)('%s is named for too many: %s', (name, _what, text) => {
  expect(limitOf(text)).toMatchObject({ name });
});

test('circles of fragments are left to graphql-js, which says where they are', () => {
  expect(limitOf('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }')).toBeUndefined();
  expect(
    limitOf('{ ...A ...B } fragment A on Query { a ...A } fragment B on Query { a ...A ...B }'),
  ).toBeUndefined();
});

test('lines are counted as graphql-js counts them, and before anything is parsed', async () => {
  const most = '\r\n'.repeat((LIMITS.maxTokens - 1) / 2);
  expect(lineLimit(most, LIMITS)).toBeUndefined();
  const server = await startGraphServer();
  try {
    const { status, body } = await server.ask(`${'\n'.repeat(100_000)}{ not a document`);
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', limit: { name: 'MAX_TOKENS' } } },
    ]);
  } finally {
    await server.close();
  }
});

test('a text too deep for the parser is told as a limit, where MAX_TOKENS allows one', async () => {
  const limits = { ...LIMITS, maxTokens: 1_000_000, maxBodyBytes: 10_000_000 };
  const server = await startGraphServer({ limits });
  try {
    const { status, body } = await server.ask('{a'.repeat(100_000));
    expect(status).toBe(400);
    expect(JSON.stringify(body)).not.toContain('call stack');
    expect(body.errors).toMatchObject([{ extensions: { limit: { name: 'VALIDATION_WORK' } } }]);
  } finally {
    await server.close();
  }
});

describe('what is said of a refused request', () => {
  test('holds no long word and is no longer than people read', () => {
    expect(boundedMessage('Cannot query field "name" on type "Query".')).toBe(
      'Cannot query field "name" on type "Query".',
    );
    const long = boundedMessage(`Cannot query field "${'n'.repeat(101)}" on type "Query".`);
    expect(long).not.toContain('n'.repeat(100));
    expect(long).toMatch(/^Cannot query field "n+\.\.\. on type "Query"\.$/);
    expect(boundedMessage('some words '.repeat(1_000)).length).toBeLessThanOrEqual(1_000);
    expect(boundedMessage(`${'x'.repeat(1_000_000)} ${'y'.repeat(1_000_000)}`).length).toBeLessThan(300);
  });

  test('is a limit alone, or so many errors', () => {
    const errors = Array.from({ length: 30 }, (_, i) => ({ message: String(i) }));
    expect(boundedErrors(errors)).toHaveLength(MAX_ERRORS);
    const limited = { message: 'too much', extensions: { limit: { name: 'X' } } };
    expect(boundedErrors([...errors, limited])).toEqual([limited]);
  });

  test('variables: at most ten errors, the last of which says that there are more, and none in the log', async () => {
    const server = await startGraphServer();
    try {
      const variables = { value: { children: Array.from({ length: 500 }, () => ({ name: 7 })) } };
      for (let turn = 0; turn < 2; turn += 1) {
        const { status, body } = await server.ask('query ($value: Tree) { echo(value: $value) }', {
          variables,
        });
        expect(status).toBe(400);
        expect(body.errors).toHaveLength(MAX_ERRORS);
        for (const { extensions } of body.errors ?? [])
          expect(extensions).toEqual({ code: 'BAD_USER_INPUT' });
      }
      expect(server.logs.filter(({ level }) => Number(level) >= 50)).toEqual([]);
    } finally {
      await server.close();
    }
  });
});
