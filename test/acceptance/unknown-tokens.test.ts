/** A flood of random portal tokens: EnOS is asked about few of them, and nobody who is known waits for it. */
import { Agent, request } from 'node:http';
import { randomBytes } from 'node:crypto';
import { callsOf, resetCalls } from '../support/graphql-client.js';
import { startServer, startSimulator, type Running } from '../support/processes.js';
import { clearFaults, setFaults } from '../support/simulator-control.js';

const OTTO = 'APP_PORTAL_S_DemoOttoSiteOperatorToken0000002';
const VERA = 'APP_PORTAL_S_DemoAnnaAdministratorToken000001';
/** What EnOS needs to say whose a token is. */
const INTROSPECTION_MS = 40;
const BODY = JSON.stringify({ query: '{ viewer { user { name } } }' });

interface Reply {
  status: number;
  retryAfter: string | undefined;
  text: string;
}

let simulator: Running;
let server: Running | undefined;
let agent: Agent;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator?.stop());
beforeEach(() => {
  agent = new Agent({ keepAlive: true, maxSockets: 500 });
});
afterEach(async () => {
  agent.destroy();
  await clearFaults(simulator.url);
  await server?.stop();
});

async function serve(env: Record<string, string> = {}): Promise<Running> {
  server = await startServer(simulator.url, {
    AUTH_MODES: 'portal',
    AUTH_PORTAL_TTL: '100ms',
    LOG_LEVEL: 'info',
    MAX_EVENT_LOOP_DELAY: '0s',
    ...env,
  });
  await setFaults(simulator.url, { match: { service: 'app-portal' }, delay: `${INTROSPECTION_MS}ms` });
  return server;
}

function post(token: string, from = '127.0.0.1', headers: Record<string, string> = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${server?.url}/graphql`,
      {
        method: 'POST',
        localAddress: from,
        // Real users have connections of their own: what is measured is the server, not our line.
        agent: token.includes('Demo') ? new Agent() : agent,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      },
      (reply) => {
        let text = '';
        reply.on('data', (chunk: Buffer) => (text += chunk.toString()));
        reply.on('end', () =>
          resolve({
            status: reply.statusCode ?? 0,
            retryAfter: reply.headers['retry-after'],
            text,
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(BODY);
  });
}

const random = (): string => `APP_PORTAL_S_${randomBytes(16).toString('hex')}`;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const introspections = async (): Promise<number> =>
  Object.entries(await callsOf(simulator.url))
    .filter(([operation]) => operation.startsWith('getTokenInformation'))
    .reduce((sum, [, count]) => sum + count, 0);

test('a flood of random tokens: a known user is asked about again at once, and so is a new one of another address', async () => {
  await serve();
  expect((await post(OTTO)).status).toBe(200);
  await setFaults(simulator.url, { match: { service: 'app-portal' }, delay: '500ms' });
  await resetCalls(simulator.url);
  const startedAt = performance.now();
  let unauthenticated = 0;
  const flood = Array.from({ length: 400 }, async () => {
    const reply = await post(random());
    if (reply.status === 401) unauthenticated += 1;
    return reply;
  });
  // EnOS works through the flood; by now it must be asked about the known user again.
  await Promise.race(
    flood.map(async (reply) => (await reply).status === 401 || new Promise(() => undefined)),
  );
  const [known, elsewhere] = await Promise.all([post(OTTO), post(VERA, '127.0.0.2')]);
  expect([known.status, elsewhere.status]).toEqual([200, 200]);
  // Told by the order, since the machine may be slow: 400 waited before them, and few of those have been served.
  expect(unauthenticated).toBeLessThan(60);
  const replies = await Promise.all(flood);
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([401, 429]));
  const refused = replies.find(({ status }) => status === 429);
  expect(refused?.text).toContain('AUTH_UNKNOWN_TOKENS');
  expect(Number(refused?.retryAfter)).toBeGreaterThanOrEqual(1);
  // The budget of a minute, what came back of it meanwhile, and the two users.
  const seconds = (performance.now() - startedAt) / 1_000;
  expect(await introspections()).toBeLessThanOrEqual(120 + 2 * seconds + 4);
});

test('tokens that are good cost nothing of the budget, and it comes back with time', async () => {
  await serve({ AUTH_UNKNOWN_TOKENS: '60', AUTH_PORTAL_TTL: '0s' });
  // Each time as if never seen, since nothing is kept.
  for (let n = 0; n < 3; n += 1) expect((await post(OTTO)).status).toBe(200);
  const replies = await Promise.all(Array.from({ length: 80 }, () => post(random())));
  expect(replies.filter(({ status }) => status === 401).length).toBeGreaterThanOrEqual(60);
  expect(replies.filter(({ status }) => status === 429).length).toBeGreaterThan(10);
  const late = await post(VERA);
  expect(late.status).toBe(429);
  await pause((Number(late.retryAfter) + 1) * 1_000);
  expect((await post(VERA)).status).toBe(200);
});

test('X-Forwarded-For counts where the proxy is trusted, and nowhere else', async () => {
  let n = 0;
  const changing = (): Record<string, string> => ({ 'x-forwarded-for': `198.51.100.${(n += 1) % 250}` });
  await serve({ AUTH_UNKNOWN_TOKENS: '20' });
  const claimed = await Promise.all(
    Array.from({ length: 60 }, () => post(random(), '127.0.0.1', changing())),
  );
  expect(claimed.filter(({ status }) => status === 429).length).toBeGreaterThan(30);
  await server?.stop();
  await serve({ AUTH_UNKNOWN_TOKENS: '20', TRUSTED_PROXIES: 'loopback' });
  const attacker = { 'x-forwarded-for': '10.9.8.7, 203.0.113.5' };
  const flooded = await Promise.all(Array.from({ length: 60 }, () => post(random(), '127.0.0.1', attacker)));
  expect(flooded.filter(({ status }) => status === 429).length).toBeGreaterThan(30);
  // What a client puts before the address that the proxy saw changes nothing.
  expect((await post(VERA, '127.0.0.1', { 'x-forwarded-for': '1.2.3.4, 203.0.113.5' })).status).toBe(429);
  expect((await post(VERA, '127.0.0.1', { 'x-forwarded-for': '203.0.113.6' })).status).toBe(200);
});
