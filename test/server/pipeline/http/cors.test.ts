import { readFileSync, readdirSync } from 'node:fs';
import { ANSWER_HEADERS, REQUEST_HEADERS } from '../../../../src/server/pipeline/http/cors.js';
import { startGraphServer } from '../../../support/graph-server.js';
import type { RunningServer } from '../../../support/graph-server.js';

const DASHBOARD = 'https://dashboard.example.com';

const preflight = (server: RunningServer, origin: string) =>
  fetch(`${server.url}/graphql`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    },
  });

describe('with an origin named', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startGraphServer({ corsOrigins: [DASHBOARD] });
  });
  afterAll(() => server.close());

  test('its preflight is granted', async () => {
    const reply = await preflight(server, DASHBOARD);
    expect(reply.status).toBe(204);
    expect(reply.headers.get('access-control-allow-origin')).toBe(DASHBOARD);
    expect(reply.headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(reply.headers.get('access-control-allow-headers')).toContain('Content-Type');
    expect(reply.headers.get('access-control-allow-credentials')).toBeNull();
    expect(reply.headers.get('vary')).toContain('Origin');
  });

  test('its requests may be read, also refused ones', async () => {
    expect(
      (await server.ask('{ hello }', { headers: { origin: DASHBOARD } })).headers.get(
        'access-control-allow-origin',
      ),
    ).toBe(DASHBOARD);
    const refused = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { origin: DASHBOARD, 'content-type': 'application/json' },
      body: 'no JSON',
    });
    expect(refused.status).toBe(400);
    expect(refused.headers.get('access-control-allow-origin')).toBe(DASHBOARD);
  });

  test.each(['https://evil.example.com', `${DASHBOARD}.evil.com`, 'http://dashboard.example.com', 'null'])(
    '%s gets nothing',
    async (origin) => {
      const asked = await preflight(server, origin);
      expect(asked.status).not.toBe(204);
      expect(asked.headers.get('access-control-allow-origin')).toBeNull();
      const answer = await server.ask('{ hello }', { headers: { origin } });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(answer.headers.get('vary')).toContain('Origin');
    },
  );
});

test('with none named, CORS is off', async () => {
  const server = await startGraphServer();
  try {
    const reply = await preflight(server, DASHBOARD);
    expect(reply.status).toBe(405);
    expect([...reply.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  } finally {
    await server.close();
  }
});

test.each([
  [['https://*.example.com'], 'https://a.example.com', true],
  [['https://*.example.com'], 'https://a.b.example.com', true],
  [['https://*.example.com:8443'], 'https://a.example.com:8443', true],
  [['https://*.example.com'], 'https://example.com', false],
  [['https://*.example.com'], 'https://evil-example.com', false],
  [['https://*.example.com'], 'https://.example.com', false],
  [['https://*.example.com'], 'http://a.example.com', false],
  [['https://*.example.com'], 'https://a.example.com.evil.com', false],
  [['https://*.example.com'], 'https://evil.com/.example.com', false],
  [['https://*.example.com'], 'https://evil.com:80@a.example.com', false],
])('%j and %s: %s', async (corsOrigins, origin, isAllowed) => {
  const server = await startGraphServer({ corsOrigins });
  try {
    const reply = await preflight(server, origin);
    expect(reply.headers.get('access-control-allow-origin')).toBe(isAllowed ? origin : null);
    expect(reply.headers.get('access-control-allow-credentials')).toBeNull();
  } finally {
    await server.close();
  }
});

const lowerCase = (names: readonly string[]): string[] => names.map((name) => name.toLowerCase());
const listOf = (reply: Response, header: string): string[] =>
  lowerCase((reply.headers.get(header) ?? '').split(',').map((name) => name.trim()));
const page = (file: string): string => readFileSync(new URL(`../../../../${file}`, import.meta.url), 'utf8');

describe('headers', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startGraphServer({ corsOrigins: [DASHBOARD], corsHeaders: ['x-tenant', 'Sentry-Trace'] });
  });
  afterAll(() => server.close());

  test('pages may send what clients send on their own, and what CORS_HEADERS names', async () => {
    const allowed = listOf(await preflight(server, DASHBOARD), 'access-control-allow-headers');
    for (const name of [
      ...['traceparent', 'tracestate', 'apollographql-client-name', 'apollographql-client-version'],
      ...['x-tenant', 'sentry-trace'],
    ])
      expect(allowed).toContain(name);
  });

  test('pages may send and read every header that the docs name', async () => {
    const reply = await preflight(server, DASHBOARD);
    const known = [
      ...listOf(reply, 'access-control-allow-headers'),
      ...listOf(reply, 'access-control-expose-headers'),
    ];
    const files = [...readdirSync(new URL('../../../../docs', import.meta.url)), '../README.md'];
    const named = files
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) =>
        [...page(`docs/${file}`).matchAll(NAMED_IN_DOCS)].map(([name]) => name.toLowerCase()),
      );
    expect(named.length).toBeGreaterThan(20);
    expect([...new Set(named)].filter((name) => !known.includes(name))).toEqual([]);
  });

  test('docs/protocol.md lists exactly the headers that pages may send and read', () => {
    const [, section = ''] = page('docs/protocol.md').split('### Headers that pages may send and read\n');
    const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| '));
    const names = (way: string): string[] =>
      rows
        .filter((row) => row.startsWith(`| ${way} `))
        .flatMap((row) => [...row.matchAll(/`([A-Za-z-]+)`/g)].map(([, name = '']) => name.toLowerCase()));
    expect(names('send').sort()).toEqual(lowerCase(REQUEST_HEADERS).sort());
    expect(names('read').sort()).toEqual(lowerCase(ANSWER_HEADERS).sort());
  });
});

/** Headers as prose has them: ours, those of clients, and of the standards that the server heeds or answers with. */
const NAMED_IN_DOCS =
  /(?<![\w-])(?:x-(?:enos|api|request|apollo)-[a-z-]+|apollo[a-z]*-[a-z]+-[a-z]+|traceparent|tracestate|if-none-match|etag|retry-after|www-authenticate)(?![\w-])/gi;
