/** What callers see of the age of values, over real processes: the server, EnOS (the simulator) going away, Redis between replicas. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  startServer,
  startServerProcess,
  startSimulator,
  startSimulatorProcess,
  type Running,
  type RunningProcess,
} from '../support/processes.js';
import { describeWithRedis, RedisServer } from '../support/redis.js';

const SITE = 'Rk3vTq8M';
const ORG = 'o15724268424841';
const QUERY = `query Site { asset(assetId: "${SITE}") {
  name freshness { fetchedAt ageMs stale }
  alerts(first: 1) { totalCount freshness { stale } }
} }`;
const SHORT = { CACHE_TTL_ASSETS: '300ms', CACHE_TTL_ALERTS: '300ms', ENOS_CONNECT_TIMEOUT: '300ms' };

interface Answer {
  status: number;
  data?: {
    asset: {
      name: string;
      freshness: { fetchedAt: string; ageMs: number; stale: boolean } | null;
      alerts: { totalCount: number; freshness: { stale: boolean } | null } | null;
    } | null;
  };
  errors?: { message: string; extensions: { code: string } }[];
  extensions?: { freshness?: { oldest: string; stale: boolean; parts: number; staleParts: string[] } };
}

async function ask(server: Running, headers: Record<string, string> = {}, query = QUERY): Promise<Answer> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
}
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('the age of an answer', () => {
  let simulator: Running;
  let server: Running;
  beforeAll(async () => {
    simulator = await startSimulatorProcess();
    server = await startServer(simulator.url, SHORT);
  });
  afterAll(async () => {
    await server?.stop();
    await simulator?.stop();
  });

  it('is told where asked for: of the answer, and of each value', async () => {
    const before = Date.now();
    const answer = await ask(server, { 'x-enos-freshness': '1' });
    expect(answer.data?.asset).toMatchObject({
      freshness: { stale: false },
      alerts: { freshness: { stale: false } },
    });
    expect(Date.parse(answer.data?.asset?.freshness?.fetchedAt ?? '')).toBeGreaterThanOrEqual(before - 1_000);
    expect(answer.extensions?.freshness).toMatchObject({ stale: false, parts: 2, staleParts: [] });
    expect((await ask(server)).extensions?.freshness).toBeUndefined();
  });

  it.each(['soon', '-1', 'P1M'])('cannot be bounded by "%s": 400', async (bound) => {
    const { status, errors } = await ask(server, { 'x-enos-max-stale': bound });
    expect(status).toBe(400);
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect(errors?.[0]?.message).toContain('x-enos-max-stale');
  });

  it('is shown unasked while EnOS is down, and a caller may insist on fresher values', async () => {
    const whole = await ask(server);
    await simulator.stop();
    await pause(500);
    const stale = await ask(server);
    expect(stale.errors).toBeUndefined();
    expect(stale.data?.asset?.name).toBe(whole.data?.asset?.name);
    expect(stale.data?.asset).toMatchObject({
      freshness: { stale: true },
      alerts: { freshness: { stale: true } },
    });
    expect(stale.extensions?.freshness).toMatchObject({ stale: true, parts: 2 });
    expect(stale.extensions?.freshness?.staleParts.join()).toContain(SITE);
    for (const insisting of [
      await ask(server, { 'x-enos-max-stale': '0' }),
      await ask(server, {}, QUERY.replace('Site', 'Site @maxStale')),
    ]) {
      expect(insisting.data?.asset).toBeNull();
      expect(insisting.errors?.[0]?.extensions.code).toMatch(/^UPSTREAM_(UNAVAILABLE|TIMEOUT)$/);
    }
    expect((await ask(server, { 'x-enos-max-stale': 'PT5M' })).data?.asset?.name).toBe(
      whole.data?.asset?.name,
    );
  });
});

describeWithRedis('replicas over one Redis', () => {
  let simulator: Running;
  let redis: RedisServer;
  let replicas: RunningProcess[];
  beforeAll(async () => {
    [simulator, redis] = await Promise.all([startSimulator(), RedisServer.start()]);
    const env = { REDIS_URL: redis.url, REDIS_TIMEOUT: '5s', ENOS_WRITE_LAG: '100ms' };
    replicas = await Promise.all([0, 1].map(() => startServerProcess(simulator.url, env)));
  });
  afterAll(async () => {
    await Promise.all((replicas ?? []).map((replica) => replica.stop()));
    await simulator?.stop();
    await redis?.stop();
  });

  const calls = async (): Promise<number> => {
    const counted = (await (await fetch(`${simulator.url}/__calls`)).json()) as Record<string, unknown>;
    const found = Object.entries(counted).find(([name]) => name.endsWith('getAsset'));
    return Number(found?.[1] ?? 0);
  };
  const ASSET = `{ asset(assetId: "${SITE}") { name } }`;

  /** What a write will do, in a process of its own. */
  async function invalidate(): Promise<void> {
    const script = `
      const { createCache } = await import('./dist/cache/create-cache.js');
      const { invalidate } = await import('./dist/loading/tags.js');
      const { keyPrefixOf } = await import('./dist/cache/key-prefix.js');
      const { loadSettings } = await import('./dist/config/settings.js');
      const { cache: { redisPrefix }, enos: { accessKey } } = loadSettings({});
      const cache = createCache({ redisUrl: process.env.REDIS_URL, maxBytes: 1e6, commandTimeoutMs: 5000,
        keyPrefix: keyPrefixOf(redisPrefix, accessKey) });
      while (!cache.healthy()) await new Promise((resolve) => setTimeout(resolve, 20));
      await invalidate(cache, [{ kind: 'entity', type: 'Asset', orgId: '${ORG}', id: '${SITE}' }]);
      await cache.close();`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, REDIS_URL: redis.url },
      stdio: 'ignore',
    });
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
  }

  it('share what one has fetched, and all fetch anew after an invalidation', async () => {
    for (let turn = 0; turn < 50 && (await calls()) === 0; turn += 1) {
      for (const replica of replicas) await ask(replica, {}, ASSET);
      await pause(50);
    }
    const fetched = await calls();
    for (const replica of [...replicas, ...replicas]) await ask(replica, {}, ASSET);
    expect(await calls()).toBe(fetched);

    await invalidate();
    await pause(1_000);
    for (const replica of replicas) await ask(replica, {}, ASSET);
    const after = await calls();
    expect(after).toBeGreaterThan(fetched);
    for (const replica of [...replicas, ...replicas]) await ask(replica, {}, ASSET);
    expect(await calls()).toBe(after);
  });
});
