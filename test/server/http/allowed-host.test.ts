/** By which host names the server is asked: a page that has its own name lead here gets nothing. */
import pino from 'pino';
import { startApp, type App } from '../../../src/app.js';
import { loadSettings } from '../../../src/config/settings.js';
import { sendRaw, statusOf } from '../../support/raw-http.js';
import { startTinySimulator, TINY_KEYS, type TinySimulator } from '../../support/tiny-simulator.js';
import { TINY_ORG } from '../../support/tiny-world.js';

let simulator: TinySimulator;
let app: App | undefined;
beforeAll(async () => {
  simulator = await startTinySimulator();
});
afterAll(() => simulator.close());
afterEach(async () => {
  await app?.close(0);
  app = undefined;
});

async function serve(env: Record<string, string> = {}): Promise<string> {
  const settings = loadSettings({
    PORT: '0',
    ENOS_URL: simulator.url,
    ENOS_ACCESS_KEY: TINY_KEYS.accessKey,
    ENOS_SECRET_KEY: TINY_KEYS.secretKey,
    ENOS_ORG_ID: TINY_ORG,
    ...env,
  });
  app = await startApp(settings, pino({ level: 'silent' }));
  return app.url.replace('0.0.0.0', '127.0.0.1');
}

/** Paths that the server has anything at, and one that it has not. */
const PATHS = [
  '/graphql',
  '/graphiql/examples.json',
  '/metrics',
  '/health/live',
  '/health/ready',
  '/nothing',
];

function get(url: string, path: string, host: string | undefined, accept = '*/*'): Promise<string> {
  const line = path === '/graphql' ? `${path}?query=%7B__typename%7D` : path;
  const version = host === undefined ? '1.0' : '1.1';
  const head = `GET ${line} HTTP/${version}\r\n${host === undefined ? '' : `Host: ${host}\r\n`}`;
  return sendRaw(url, `${head}Accept: ${accept}\r\nConnection: close\r\n\r\n`);
}

const FOREIGN = [
  'evil.example.com',
  'evil.example.com:4000',
  'localhost.evil.com',
  '127.0.0.1.evil.com',
  'LocalHost@evil.com',
  '2130706433',
  '[::1',
  'localhost:4000:1',
  '',
];

describe('with authentication off on this machine', () => {
  test.each(PATHS)('%s is answered by no foreign name', async (path) => {
    const url = await serve();
    for (const host of [...FOREIGN, '10.0.0.1', '0.0.0.0:4000', '[2001:db8::1]']) {
      const answer = await get(url, path, host);
      expect([host, statusOf(answer)]).toEqual([host, 403]);
      expect(answer).toContain('"code":"FORBIDDEN"');
    }
  });

  test('a page gets no GraphiQL, an operation by POST is not run, and a preflight is not granted', async () => {
    const url = await serve({ CORS_ORIGINS: 'http://evil.example.com' });
    expect(statusOf(await get(url, '/graphql', 'evil.example.com', 'text/html'))).toBe(403);
    const body = '{"query":"{ viewer { kind } }"}';
    const head = `POST /graphql HTTP/1.1\r\nHost: evil.example.com\r\nOrigin: http://evil.example.com\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
    const posted = await sendRaw(url, head + body);
    expect(statusOf(posted)).toBe(403);
    expect(posted).not.toContain('SERVICE');
    expect(posted).toContain('ALLOWED_HOSTS');
    const preflight = `OPTIONS /graphql HTTP/1.1\r\nHost: evil.example.com\r\nOrigin: http://evil.example.com\r\nAccess-Control-Request-Method: POST\r\nConnection: close\r\n\r\n`;
    expect(statusOf(await sendRaw(url, preflight))).toBe(403);
  });

  test.each([
    'localhost',
    'LOCALHOST:4000',
    'localhost.',
    '127.0.0.1:4000',
    '127.8.9.1',
    '[::1]:4000',
    undefined,
  ])('%s is this machine', async (host) => {
    const url = await serve();
    for (const path of ['/graphql', '/metrics', '/health/live'])
      expect([path, (await get(url, path, host)).slice(9, 12)]).toEqual([path, '200']);
  });

  test('ALLOWED_HOSTS names others, whole or all below one; * is any', async () => {
    const url = await serve({ ALLOWED_HOSTS: 'graph.example.com, *.Plant.example, 10.1.2.3' });
    for (const host of [
      'graph.example.com:80',
      'Graph.Example.com',
      'a.plant.example',
      'a.b.plant.example',
      '10.1.2.3:1',
    ])
      expect([host, statusOf(await get(url, '/graphql', host))]).toEqual([host, 200]);
    for (const host of ['x.graph.example.com', 'plant.example', 'evilplant.example', '10.1.2.4'])
      expect([host, statusOf(await get(url, '/graphql', host))]).toEqual([host, 403]);
    await app?.close(0);
    expect(statusOf(await get(await serve({ ALLOWED_HOSTS: '*' }), '/graphql', 'any.example.com'))).toBe(200);
  });
});

describe('with authentication off, reachable from elsewhere', () => {
  const OPEN = { HOST: '0.0.0.0', AUTH_MODES: 'none', AUTH_NONE_CONFIRMED: 'on' };

  test('addresses are answered, and health by any name, for probes; names must be allowed still', async () => {
    const url = await serve(OPEN);
    for (const host of ['10.244.0.7:4000', '[fd00::7]:4000', 'localhost', undefined])
      for (const path of ['/graphql', '/metrics', '/health/ready'])
        expect([host, path, (await get(url, path, host)).slice(9, 12)]).toEqual([host, path, '200']);
    expect(statusOf(await get(url, '/health/ready', 'server:4000'))).toBe(200);
    for (const path of ['/graphql', '/metrics', '/graphiql/examples.json'])
      expect([path, statusOf(await get(url, path, 'evil.example.com'))]).toEqual([path, 403]);
  });
});

test('with authentication any name is answered, unless ALLOWED_HOSTS says which', async () => {
  const url = await serve({ AUTH_MODES: 'portal' });
  expect(statusOf(await get(url, '/graphql', 'graph.example.com'))).toBe(401);
  await app?.close(0);
  const strict = await serve({ AUTH_MODES: 'portal', ALLOWED_HOSTS: 'graph.example.com' });
  expect(statusOf(await get(strict, '/graphql', 'graph.example.com'))).toBe(401);
  expect(statusOf(await get(strict, '/graphql', 'other.example.com'))).toBe(403);
});
