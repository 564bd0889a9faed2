/**
 * What requests of every kind are answered, to the byte: as recorded in answers.json from a server in which
 * Apollo Server answered them all. The first time, when Apollo judges the document, and again, when it is known.
 */
import { readFileSync } from 'node:fs';
import { GraphQLError } from 'graphql';
import type { ServerOptions } from '../../../src/server/options.js';
import { startGraphServer } from '../../support/graph-server.js';
import type { RunningServer } from '../../support/graph-server.js';
import { REFUSED, SERVED, post } from './asks.js';
import type { Ask } from './asks.js';

/** What was answered, without the headers that every answer has, and what the log tells. */
interface Recorded {
  status: number;
  headers: Record<string, string>;
  text: string;
  log: Record<string, unknown>;
}

const recorded = JSON.parse(readFileSync(new URL('answers.json', import.meta.url), 'utf8')) as Record<
  string,
  Recorded
>;

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
  return { status: reply.status, headers: Object.fromEntries(reply.headers), text: await reply.text() };
}

const options: Partial<ServerOptions> = {
  planOperation: ({ operationName, variables }) => {
    if (variables?.['name'] === 'large') throw new RangeError('The operation is too large.');
    return { operationName, variables };
  },
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

/** Fields of the log line of the last request that say what it was about. */
async function logged(server: RunningServer, lines: number): Promise<Record<string, unknown>> {
  const told = () => server.logs.filter(({ msg }) => msg === 'request');
  for (let turn = 0; turn < 400 && told().length < lines; turn += 1)
    await new Promise((resolve) => setTimeout(resolve, 5));
  const { operationName, operationType, operationHash, cost, errorCodes } = told().at(-1) ?? {};
  return JSON.parse(
    JSON.stringify({ operationName, operationType, operationHash, cost, errorCodes }),
  ) as Record<string, unknown>;
}

describe('requests of every kind', () => {
  let server: RunningServer;
  let sent = 0;
  beforeAll(async () => {
    server = await startGraphServer(options);
  });
  afterAll(() => server.close());

  test.each([...SERVED, ...REFUSED])('%s', async (name, ask) => {
    const { status, headers, text, log } = recorded[name] as Recorded;
    for (const time of ['first', 'second', 'third']) {
      const answer = await send(server, ask);
      sent += 1;
      expect({ time, status: answer.status, text: answer.text }).toEqual({ time, status, text });
      expect(answer.headers).toMatchObject(headers);
      expect(answer.headers['x-cost']).toBe(headers['x-cost']);
      expect(await logged(server, sent)).toEqual(log);
    }
  });

  test('what is served has status 200, what is refused has an error of a code', () => {
    for (const [name] of SERVED) expect(recorded[name]?.status).toBe(200);
    for (const [name] of REFUSED) expect(recorded[name]?.text).toMatch(/"errors":.*"code":"[A-Z_]+"/);
  });
});

const refusal = (status: number, code: string): GraphQLError =>
  new GraphQLError('Not now.', {
    extensions: { code, http: { status, headers: new Map([['retry-after', '3']]) } },
  });
const fails = (): never => {
  throw new Error('hunter2');
};
const JSON_ONLY = 'application/json';

describe.each<[string, Partial<ServerOptions>, number, string]>([
  [
    'an admission that refuses',
    { admission: { admit: () => Promise.reject(refusal(429, 'RATE_LIMITED')) } },
    ...([429, 'RATE_LIMITED'] as const),
  ],
  [
    'an admission that refuses a value',
    {
      admission: {
        admit: () => {
          throw refusal(400, 'BAD_USER_INPUT');
        },
      },
    },
    ...([400, 'BAD_USER_INPUT'] as const),
  ],
  ['an admission that fails', { admission: { admit: fails } }, 500, 'INTERNAL_SERVER_ERROR'],
  ['a context that fails', { context: fails }, 500, 'INTERNAL_SERVER_ERROR'],
  [
    'a context that refuses',
    { context: () => Promise.reject(refusal(403, 'FORBIDDEN')) },
    ...([403, 'FORBIDDEN'] as const),
  ],
])('%s', (_name, failing, status, code) => {
  test.each([JSON_ONLY, 'application/graphql-response+json', '*/*'])('for a client of %s', async (accept) => {
    let isFailing = false;
    const server = await startGraphServer({
      admission: {
        admit: (request) =>
          isFailing && failing.admission ? failing.admission.admit(request) : { release: () => undefined },
      },
      context: (request) => (isFailing && failing.context ? failing.context(request) : {}),
    });
    try {
      const ask = (query: string) => send(server, post(query, {}, { accept }));
      await ask('{ hello }');
      isFailing = true;
      // Known, and seen for the first time.
      for (const query of ['{ hello }', '{ again: hello }']) {
        const answer = await ask(query);
        // A value that does not fit is GraphQL's own refusal, which such clients want with 200.
        const isBadInput = code === 'BAD_USER_INPUT' && accept === JSON_ONLY;
        expect(answer.status).toBe(isBadInput ? 200 : status);
        expect(answer.headers['content-type']).toBe(
          `${accept === '*/*' ? JSON_ONLY : accept}; charset=utf-8`,
        );
        expect(answer.headers['retry-after']).toBe(status === 500 ? undefined : '3');
        const { errors } = JSON.parse(answer.text) as { errors: { extensions: object }[] };
        expect(errors.map(({ extensions }) => extensions)).toEqual([{ code }]);
        expect(answer.text).not.toContain('hunter2');
      }
    } finally {
      await server.close();
    }
  });
});

test('a name of an operation that holds a document is no part of the document', async () => {
  const server = await startGraphServer();
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
