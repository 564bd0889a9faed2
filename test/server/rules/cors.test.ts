import { startGraphServer } from '../../support/graph-server.js';
import type { RunningServer } from '../../support/graph-server.js';

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
