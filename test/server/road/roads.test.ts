/** The short road and Apollo's answer the same request with the same status, headers and bytes. */
import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { RequestInfo, ServerOptions } from '../../../src/server/options.js';
import { startGraphServer } from '../../support/graph-server.js';
import type { RunningServer } from '../../support/graph-server.js';
import { makeSchema } from '../../support/small-schema.js';

/** Which of the contexts that were made have reached a resolver as they are: Apollo hands resolvers a copy. */
interface Seen {
  made: object[];
  reached: object[];
}

/** Options of these tests, whose contexts are made at once. */
type Options = Omit<Partial<ServerOptions>, 'context'> & { context?: (request: RequestInfo) => object };

/** A server that notes by which road requests went. */
async function start(options: Options): Promise<RunningServer & { seen: Seen }> {
  const seen: Seen = { made: [], reached: [] };
  const schema = makeSchema();
  const hello = schema.getQueryType()?.getFields()['hello'];
  const resolve = hello?.resolve;
  if (!hello || !resolve) throw new Error('the schema has no hello');
  hello.resolve = (source, args, context, info) => {
    seen.reached.push(context as object);
    return resolve(source, args, context, info);
  };
  const { context: more, ...rest } = options;
  const server = await startGraphServer({
    schema,
    context: (request) => {
      const context = { signal: request.signal, ...more?.(request) };
      seen.made.push(context);
      return context;
    },
    ...rest,
  });
  return { ...server, seen };
}

interface Ask {
  method?: string;
  search?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

async function send(server: RunningServer, { method = 'POST', search = '', body, headers }: Ask) {
  const reply = await fetch(`${server.url}/graphql${search}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      'x-request-id': 'one',
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const fields = Object.fromEntries([...reply.headers].filter(([name]) => name !== 'date'));
  return { status: reply.status, fields, text: await reply.text() };
}

const post = (query: unknown, more: Record<string, unknown> = {}, headers?: Record<string, string>): Ask => ({
  body: { query, ...more },
  ...(headers ? { headers } : {}),
});
const get = (values: Record<string, string>, headers?: Record<string, string>): Ask => ({
  method: 'GET',
  search: `?${new URLSearchParams(values).toString()}`,
  ...(headers ? { headers } : {}),
});

const NAMED = 'query Greeting($name: String) { hello(name: $name) }';
const TWO = 'query A { hello } query B { a: hello tree { name } }';
/** Requests that the short road must serve the second time they come. */
const SERVED: [string, Ask][] = [
  ['plain', post('{ hello }')],
  ['with variables', post(NAMED, { variables: { name: 'Jürgen "☃" \u2028' } })],
  ['with nulls', post(NAMED, { variables: null, operationName: null, extensions: null })],
  ['with other extensions', post('{ hello }', { extensions: { of: 'a client' } })],
  ['one operation of two', post(TWO, { operationName: 'B' })],
  ['the other', post(TWO, { operationName: 'A' })],
  ['GraphQL JSON', post('{ hello }', {}, { accept: 'application/graphql-response+json' })],
  [
    'both types',
    post('{ hello }', {}, { accept: 'application/json;q=0.1, application/graphql-response+json' }),
  ],
  ['any type', post('{ hello }', {}, { accept: '*/*' })],
  ['a charset', post('{ hello }', {}, { 'content-type': 'application/json; charset="UTF-8"' })],
  ['a failed field', post('{ hello fails(how: "intended") }')],
  ['a masked field', post('{ hello fails(how: "plain") a: fails(how: "domain") }')],
  ['an explanation', post('{ hello }', {}, { 'x-enos-explain': '1' })],
  ['by GET', get({ query: '{ hello }' })],
  ['by GET with variables', get({ query: NAMED, variables: '{"name":"x"}', operationName: 'Greeting' })],
  [
    'by GET with the type that Apollo Client gives it',
    get({ query: '{ hello }' }, { 'content-type': 'application/json' }),
  ],
  [
    'by GET of another site that was asked for first',
    get({ query: '{ hello }' }, { 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' }),
  ],
  [
    'by GET with parameters that say nothing',
    get({ query: NAMED, operationName: '', variables: '', extensions: '', documentId: '' }),
  ],
  ['by GET with null for variables', get({ query: NAMED, variables: 'null', extensions: 'null' })],
  ['introspection', post('{ hello __schema { queryType { name fields { name } } } }')],
];
/** Requests that are Apollo's, whatever was asked before. */
const REFUSED: [string, Ask][] = [
  ['no such operation', post(TWO, { operationName: 'C' })],
  ['no operation chosen', post(TWO)],
  ['an empty name of an operation', post('{ hello }', { operationName: '' })],
  ['a variable that does not fit', post(NAMED, { variables: { name: 7 } })],
  ['variables as text', post('{ hello }', { variables: '{}' })],
  ['variables as list', post('{ hello }', { variables: [] })],
  ['extensions as text', post('{ hello }', { extensions: 'x' })],
  ['a name that is no text', post('{ hello }', { operationName: 7 })],
  ['a query that is no text', post({ kind: 'Document' })],
  ['no query', post(undefined, { variables: {} })],
  [
    'a persisted query',
    post('{ hello }', { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }),
  ],
  ['an empty body', { body: '' }],
  ['an empty object', { body: {} }],
  ['a batch', { body: [{ query: '{ hello }' }] }],
  ['no type that we have', post('{ hello }', {}, { accept: 'image/png' })],
  ['a form', post('{ hello }', {}, { 'content-type': 'text/plain' })],
  ['a mutation by GET', get({ query: 'mutation { add(n: 1) }' })],
  ['a GET of another site', get({ query: '{ hello }' }, { 'sec-fetch-site': 'cross-site' })],
  ['a GET with a type', get({ query: '{ hello }' }, { 'content-type': 'text/html' })],
  ['a GET with a type that a form may have', get({ query: '{ hello }' }, { 'content-type': 'text/plain' })],
  [
    'a GET of another site with such a type',
    get({ query: '{ hello }' }, { 'content-type': 'text/plain', 'sec-fetch-site': 'cross-site' }),
  ],
  [
    'a GET with the name of another type',
    get({ query: '{ hello }' }, { 'content-type': 'application/jsonx' }),
  ],
  ['an empty query', post('')],
  ['an empty query by GET', get({ query: '' })],
  ['a GET with two ids', { method: 'GET', search: '?query={hello}&documentId=a&documentId=b' }],
  ['an id that is no text', { body: { query: '{ hello }', documentId: 7 } }],
  ['a GET without query', get({})],
  ['a GET with two', { method: 'GET', search: '?query={hello}&query={hello}' }],
  ['variables that are no JSON', get({ query: NAMED, variables: '{' })],
  ['another method', { method: 'PUT', body: { query: '{ hello }' } }],
  [
    'too deep variables',
    post(NAMED, { variables: { x: JSON.parse('['.repeat(30) + ']'.repeat(30)) as unknown } }),
  ],
  ['a mutation', post('mutation { add(n: 1) }')],
];

const options: Options = {
  corsOrigins: ['https://dashboard.example.com'],
  formatError: (error) =>
    error instanceof Error && error.name === 'DomainError'
      ? { message: 'Put well.', extensions: { code: 'UPSTREAM_ERROR' } }
      : undefined,
  context: ({ explain }) => ({ responseExtensions: () => (explain ? { explain: [] } : {}) }),
  admission: {
    admit: ({ cost }) => ({
      headers: { 'x-cost': String(cost) },
      extensions: { cost },
      release: () => undefined,
    }),
  },
};

describe('both roads', () => {
  let short: Awaited<ReturnType<typeof start>>;
  let long: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    short = await start(options);
    long = await start({ ...options, takeShortRoad: false });
  });
  afterAll(async () => {
    await short.close();
    await long.close();
  });

  test.each(SERVED)('%s', async (_name, ask) => {
    const expected = await send(long, ask);
    const first = await send(short, ask);
    short.seen.reached.length = 0;
    const second = await send(short, ask);
    expect(first).toEqual(expected);
    expect(second).toEqual(expected);
    expect(expected.status).toBe(200);
    // The very context that was made has reached the resolver: it came by the short road.
    expect(short.seen.reached.length).toBeGreaterThan(0);
    expect(short.seen.reached.every((context) => short.seen.made.includes(context))).toBe(true);
    expect(long.seen.reached.some((context) => long.seen.made.includes(context))).toBe(false);
  });

  test.each(REFUSED)('%s', async (_name, ask) => {
    await send(short, post('{ hello }'));
    await send(short, post(NAMED));
    const expected = await send(long, ask);
    expect(await send(short, ask)).toEqual(expected);
    expect(await send(short, ask)).toEqual(expected);
  });

  test('logs and metrics tell the same', async () => {
    const told = (server: RunningServer) =>
      server.logs
        .filter(({ msg }) => msg === 'request')
        .slice(-2)
        .map(({ time: _time, durationMs: _duration, pid: _pid, ...line }) => line);
    const ask = post('query Told { hello fails(how: "intended") a: fails(how: "plain") }');
    for (const server of [short, long]) {
      await send(server, ask);
      await send(server, ask);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(told(short)).toEqual(told(long));
    expect(told(short)[1]).toMatchObject({
      operationName: 'Told',
      errorCodes: ['NOT_FOUND', 'INTERNAL_SERVER_ERROR'],
    });
  });
});

const refusal = (status: number, code: string): GraphQLError =>
  new GraphQLError('Not now.', {
    extensions: { code, http: { status, headers: new HeaderMap([['retry-after', '3']]) } },
  });

test.each<[string, Options]>([
  ['an admission that refuses', { admission: { admit: () => Promise.reject(refusal(429, 'RATE_LIMITED')) } }],
  [
    'one that refuses a value',
    {
      admission: {
        admit: () => {
          throw refusal(400, 'BAD_USER_INPUT');
        },
      },
    },
  ],
  [
    'one that fails',
    {
      admission: {
        admit: () => {
          throw new Error('hunter2');
        },
      },
    },
  ],
  [
    'a context that fails',
    {
      context: () => {
        throw new Error('hunter2');
      },
    },
  ],
  [
    'a context that refuses',
    {
      context: () => {
        throw refusal(403, 'FORBIDDEN');
      },
    },
  ],
])('%s', async (_name, failing) => {
  let isFailing = false;
  const late = (): Options => ({
    admission: {
      admit: (request) =>
        isFailing && failing.admission ? failing.admission.admit(request) : { release: () => undefined },
    },
    context: (request) => (isFailing && failing.context ? failing.context(request) : {}),
  });
  const short = await start(late());
  const long = await start({ ...late(), takeShortRoad: false });
  try {
    await send(short, post('{ hello }'));
    isFailing = true;
    for (const accept of ['application/json', 'application/graphql-response+json', '*/*']) {
      const ask = post('{ hello }', {}, { accept });
      const expected = await send(long, ask);
      expect(expected.text).not.toContain('hunter2');
      expect(await send(short, ask)).toEqual(expected);
    }
  } finally {
    await short.close();
    await long.close();
  }
});

test('a name of an operation that holds a document is no part of the document', async () => {
  const server = await start({});
  try {
    const both = 'query A { a: hello }\nquery B { b: hello }';
    for (let i = 0; i < 2; i += 1)
      expect((await send(server, post(both, { operationName: 'A' }))).status).toBe(200);
    const forged = { operationName: 'A\nquery A { a: hello }' };
    const { status, text } = await send(server, post('query B { b: hello }', forged));
    expect(status).toBe(400);
    expect(text).toContain('Unknown operation named');
  } finally {
    await server.close();
  }
});
