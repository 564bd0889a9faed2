/** What the audits of graphql-http leave out: how requests are read, and what is refused before GraphQL begins. */
import { LIMITS, startGraphServer } from '../../support/graph-server.js';
import type { Answer, RunningServer } from '../../support/graph-server.js';
import { sendRaw, statusOf } from '../../support/raw-http.js';

let server: RunningServer;
beforeAll(async () => {
  server = await startGraphServer();
});
afterAll(() => server.close());

const QUERY = '{"query":"{ hello }"}';
const JSON_HEADERS = { 'content-type': 'application/json' };

async function send(init: RequestInit, search = '') {
  const reply = await fetch(`${server.url}/graphql${search}`, init);
  const text = await reply.text();
  const body = text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : undefined;
  return { status: reply.status, headers: reply.headers, text, body };
}
const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}, search = '') =>
  send({ method: 'POST', headers: { ...JSON_HEADERS, ...headers }, body }, search);

describe('methods', () => {
  test.each(['PUT', 'PATCH', 'DELETE'])('%s is 405 and says what is allowed', async (method) => {
    const { status, headers } = await send({ method, headers: JSON_HEADERS, body: QUERY });
    expect(status).toBe(405);
    expect(headers.get('allow')).toMatch(/GET.*POST/);
  });

  test('HEAD and OPTIONS without CORS are answered without running anything, and the connection goes on', async () => {
    expect((await send({ method: 'HEAD' }, '?query=%7Bhello%7D')).status).toBe(405);
    const options = await send({ method: 'OPTIONS', headers: { origin: 'https://elsewhere.example.com' } });
    expect(options.status).toBe(405);
    expect(options.headers.get('access-control-allow-origin')).toBeNull();
    expect((await post(QUERY)).status).toBe(200);
  });

  test('a mutation over GET is 405 and does not run', async () => {
    const { status, headers } = await send({}, `?query=${encodeURIComponent('mutation { add(n: 1) }')}`);
    expect(status).toBe(405);
    expect(headers.get('allow')).toContain('POST');
  });
});

describe('bodies', () => {
  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    '%s is refused: a page of another origin can send it without asking',
    async (type) => {
      const { status } = await post(QUERY, { 'content-type': type });
      expect([400, 415]).toContain(status);
    },
  );

  test('UTF-8 is read, named or not, with a byte order mark or without', async () => {
    const body = JSON.stringify({ query: '{ hello(name: "Ærø 風力") }' });
    const marked = new Uint8Array([0xef, 0xbb, 0xbf, ...Buffer.from(body)]);
    for (const headers of [JSON_HEADERS, { 'content-type': 'application/json; charset=UTF-8' }])
      for (const bytes of [body, marked])
        expect((await post(bytes, headers)).body?.data).toEqual({ hello: 'Hello Ærø 風力' });
  });

  test('bytes that are not UTF-8 are refused, not replaced', async () => {
    const bytes = new Uint8Array(Buffer.from('{"query":"{ hello(name: \\"?\\") }"}'));
    bytes[bytes.indexOf(0x3f)] = 0xff;
    const { status, body } = await post(bytes);
    expect(status).toBe(400);
    expect(body?.errors?.[0]).toEqual({
      message: 'The body of the request is not UTF-8.',
      extensions: { code: 'BAD_REQUEST' },
    });
  });

  test.each(['utf-16', 'latin1', 'utf-7'])('charset %s is 415', async (charset) => {
    expect((await post(QUERY, { 'content-type': `application/json; charset=${charset}` })).status).toBe(415);
  });

  test.each(['', 'null', '"text"', '1', '[]', '{', '{"query":1}', '{"query":"{ hello }","variables":[]}'])(
    'the body %j is 400 as GraphQL JSON',
    async (text) => {
      const { status, body } = await post(text);
      expect(status).toBe(400);
      expect(body?.errors?.[0]?.extensions.code).toBe('BAD_REQUEST');
    },
  );

  test('a query in the address and in the body is refused', async () => {
    const { status, body } = await post(QUERY, {}, '?query=%7Btree%7Bname%7D%7D');
    expect(status).toBe(400);
    expect(body?.errors?.[0]?.message).toContain('in the address and in the body');
  });
});

describe('addresses', () => {
  test.each(['query', 'variables', 'operationName', 'extensions'])('%s twice is refused', async (name) => {
    const search = new URLSearchParams({ query: '{ hello }' });
    search.append(name, '{}');
    if (name !== 'query') search.append(name, '{}');
    expect((await send({}, `?${search.toString()}`)).status).toBe(400);
  });

  test('variables that are not JSON are refused', async () => {
    expect((await send({}, '?query=%7Bhello%7D&variables=rubbish')).status).toBe(400);
  });

  test('an address longer than the head may be is 431, one of 10 kB is read', async () => {
    const long = (length: number) =>
      `?query=${encodeURIComponent(`{ hello(name: "${'x'.repeat(length)}") }`)}`;
    expect((await send({}, long(10_000))).status).toBe(200);
    const answer = await sendRaw(server.url, `GET /graphql${long(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(statusOf(answer)).toBe(431);
  });
});

describe('a GET', () => {
  const search = `?query=${encodeURIComponent('{ hello }')}`;

  // fetch sends no body with GET.
  test('that has a body is answered by its address, and the connection goes on', async () => {
    const body = '[{"query":"{ tree { name } }"}]';
    const head = 'HTTP/1.1\r\nHost: x\r\nContent-Type: application/json';
    const first = `GET /graphql${search} ${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const second = `GET /graphql${search} ${head}\r\nConnection: close\r\n\r\n`;
    const answer = await sendRaw(server.url, first + second);
    expect(answer.match(/HTTP\/1.1 200/g)).toHaveLength(2);
    expect(answer.match(/"Hello world"/g)).toHaveLength(2);
    expect(answer).not.toContain('branch');
  });
});

describe('what clients say that they accept', () => {
  test.each([
    [
      'Apollo Client 4',
      'application/graphql-response+json,application/json;q=0.9',
      'application/graphql-response+json',
    ],
    ['Apollo Client 3', '*/*', 'application/json'],
    ['Apollo Client with @defer', 'multipart/mixed;deferSpec=20220824,application/json', 'application/json'],
    [
      'Apollo Client 4 with @defer',
      'multipart/mixed;incrementalSpec=v0.2,application/graphql-response+json,application/json;q=0.9',
      'application/graphql-response+json',
    ],
    [
      'Apollo Kotlin',
      'multipart/mixed;deferSpec=20220824, application/graphql-response+json, application/json',
      'application/graphql-response+json',
    ],
    [
      'Apollo iOS',
      'multipart/mixed;boundary="graphql";deferSpec=20220824,application/graphql-response+json,application/json',
      'application/graphql-response+json',
    ],
    [
      'urql',
      'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
      'application/graphql-response+json',
    ],
    [
      'graphql-request',
      'application/graphql-response+json; charset=utf-8, application/json; charset=utf-8',
      'application/graphql-response+json',
    ],
    [
      'Spring for GraphQL',
      'application/json,application/graphql-response+json,application/graphql+json',
      'application/json',
    ],
  ])('%s', async (_name, accept, type) => {
    for (let time = 0; time < 3; time += 1) {
      const { status, headers, body } = await post(QUERY, { accept });
      expect([status, body]).toEqual([200, { data: { hello: 'Hello world' } }]);
      expect(headers.get('content-type')).toBe(`${type}; charset=utf-8`);
    }
  });
});

describe('answers', () => {
  test('what cannot be accepted is 406', async () => {
    expect((await post(QUERY, { accept: 'image/png' })).status).toBe(406);
  });

  test('partial data is 200 with data and errors', async () => {
    const { status, body } = await post('{"query":"{ hello fails(how: \\"intended\\") }"}', {
      accept: 'application/graphql-response+json',
    });
    expect(status).toBe(200);
    expect(body?.data).toEqual({ hello: 'Hello world', fails: null });
    expect(body?.errors).toHaveLength(1);
  });
});

describe('hostile keys', () => {
  test.each(['__proto__', 'constructor', 'prototype', 'toString'])(
    '%s in variables pollutes nothing',
    async (key) => {
      const variables = `{"${key}":{"polluted":true},"value":{"name":"x","${key}":1}}`;
      const { body } = await post(
        `{"query":"query ($value: Tree) { echo(value: $value) }","variables":${variables},"extensions":{"${key}":{"polluted":true}}}`,
      );
      // The input type knows no such field.
      expect(body?.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      expect((await post(QUERY)).body).toEqual({ data: { hello: 'Hello world' } });
    },
  );

  test.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty'])(
    'a variable called $%s that was not given is absent',
    async (name) => {
      const query = `query ($${name}: String) { hello(name: $${name}) }`;
      for (let round = 0; round < 2; round += 1)
        expect((await post(JSON.stringify({ query }))).body?.data).toEqual({ hello: 'Hello world' });
      const { body } = await post(JSON.stringify({ query, variables: { [name]: 'you' } }));
      expect(body?.data).toEqual({ hello: 'Hello you' });
    },
  );

  test('an alias __proto__ is a key like any other', async () => {
    const { text } = await post('{"query":"{ __proto__: hello constructor: hello }"}');
    expect(text).toContain('"__proto__":"Hello world"');
    expect(text).toContain('"constructor":"Hello world"');
  });
});

describe('batches', () => {
  test('are refused unless they are allowed', async () => {
    const { status, body } = await post(`[${QUERY}]`);
    expect(status).toBe(400);
    expect(body?.errors?.[0]?.extensions).toEqual({
      code: 'BAD_REQUEST',
      limit: { name: 'MAX_BATCH', value: 1, asked: 1 },
    });
  });

  test('are answered in order, each limited and admitted for itself', async () => {
    let admitted = 0;
    let released = 0;
    const batching = await startGraphServer({
      limits: { ...LIMITS, maxBatch: 3 },
      admission: {
        admit: () => {
          admitted += 1;
          return { release: () => void (released += 1) };
        },
      },
    });
    const ask = async (operations: unknown[]) => {
      const reply = await fetch(`${batching.url}/graphql`, {
        method: 'POST',
        headers: JSON_HEADERS,
        body: JSON.stringify(operations),
      });
      return { status: reply.status, body: await reply.json() };
    };
    try {
      const operations = [
        { query: '{ slow(ms: 50) }' },
        { query: '{ many(first: 500) { nodes { page(first: 500) { nodes { name } } } } }' },
        { query: 'query ($name: String) { hello(name: $name) }', variables: { name: 'you' } },
      ];
      // The second time the operations are known.
      for (let round = 0; round < 2; round += 1) {
        const { status, body } = await ask(operations);
        expect(status).toBe(200);
        expect(body).toEqual([
          { data: { slow: 'slept' } },
          { errors: [expect.objectContaining({ message: expect.stringContaining('MAX_COST') as string })] },
          { data: { hello: 'Hello you' } },
        ]);
      }
      expect(admitted).toBe(4);
      expect(released).toBe(4);
      expect(await ask(Array.from({ length: 4 }, () => ({ query: '{ hello }' })))).toMatchObject({
        status: 400,
        body: { errors: [{ extensions: { limit: { name: 'MAX_BATCH', value: 3, asked: 4 } } }] },
      });
      expect((await ask([])).status).toBe(400);
      expect((await ask(['text', null, 1])).body).toEqual([
        expect.objectContaining({ errors: expect.any(Array) as unknown }),
        expect.objectContaining({ errors: expect.any(Array) as unknown }),
        expect.objectContaining({ errors: expect.any(Array) as unknown }),
      ]);
    } finally {
      await batching.close();
    }
  });
});

describe('a schema that is not for everybody', () => {
  test.each([
    ['a field', '{ helo }', undefined],
    ['an argument', '{ hello(nme: "x") }', undefined],
    ['a field of a variable', 'query ($v: Tree) { echo(value: $v) }', { v: { nme: 'x' } }],
  ])('does not suggest %s', async (_what, query, variables) => {
    const body = JSON.stringify({ query, variables });
    expect((await post(body)).text).toContain('Did you mean');
    const closed = await startGraphServer({ introspection: false });
    try {
      const reply = await fetch(`${closed.url}/graphql`, { method: 'POST', headers: JSON_HEADERS, body });
      const text = await reply.text();
      expect(text).toContain('"errors"');
      expect(text).not.toContain('Did you mean');
    } finally {
      await closed.close();
    }
  });
});
