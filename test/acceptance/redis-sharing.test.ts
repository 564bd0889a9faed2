/** Servers that share one Redis: those of one application share what lies there, those of two share nothing. */
import { createHash } from 'node:crypto';
import { ask, dataCallsOf, resetCalls, total } from '../support/graphql-client.js';
import { startServer, startSimulator, type Running } from '../support/processes.js';
import { describeWithRedis, RedisServer, waitFor } from '../support/redis.js';

const FIRST = 'Rk3vTq8M';
const QUERY = `query Q($id: ID!) { asset(assetId: $id) { assetId name
  children(treeId: "Wf7kQ2Zx", first: 5) { totalCount } } }`;
/** Nothing is held in the processes, so that what is read comes from Redis or from EnOS. */
const LONG = {
  CACHE_MAX_BYTES: '1B',
  ANSWERS_MAX_BYTES: '0',
  ANSWERS_MAX_PART_BYTES: '0',
  CACHE_TTL_ASSETS: '1h',
  CACHE_TTL_TREES: '1h',
  REDIS_TIMEOUT: '2s',
  RATE_LIMIT_REQUESTS: '10000',
  LIMIT_ANYBODY: 'on',
};
const digestOf = (accessKey: string): string =>
  createHash('sha256').update(accessKey).digest('base64url').slice(0, 16);

describeWithRedis('on one Redis', () => {
  let simulator: Running;
  let redis: RedisServer;
  const servers: Running[] = [];

  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator?.stop());
  beforeEach(async () => {
    redis = await RedisServer.start();
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
    await redis.stop();
  });

  const serve = async (env: Record<string, string> = {}): Promise<Running> => {
    const server = await startServer(simulator.url, { REDIS_URL: redis.url, ...LONG, ...env });
    servers.push(server);
    await waitFor(async () => {
      const { parts } = (await (await fetch(`${server.url}/health/ready`)).json()) as {
        parts: { cache: { detail?: string } };
      };
      return parts.cache.detail === 'working';
    }, 'the cache to be ready');
    return server;
  };
  const asset = (server: Running, id = FIRST) => ask(server.url, QUERY, { id });
  const keys = async (): Promise<string[]> =>
    [...(await redis.command('KEYS', '*')).matchAll(/^(?!\*|\$)\S.*$/gm)].map(([key]) => key);
  /** Asks until Redis has what was read. */
  const filled = (server: Running): Promise<void> =>
    waitFor(async () => {
      await asset(server);
      return (await keys()).some((key) => key.includes('"Asset"'));
    }, 'Redis to hold the asset');

  test('an application that EnOS does not know is not served what another one has read', async () => {
    const known = await serve();
    await filled(known);
    expect((await asset(known)).data).toMatchObject({ asset: { assetId: FIRST } });
    const stranger = await serve({ ENOS_ACCESS_KEY: 'unknown-access-key', ENOS_SECRET_KEY: 'unknown' });
    const answer = await asset(stranger);
    expect(answer.data).toEqual({ asset: null });
    expect(answer.errors).toHaveLength(1);
  });

  test('every key of every kind begins with REDIS_PREFIX and the digest of the access key, which itself is nowhere', async () => {
    const server = await serve({ REDIS_PREFIX: 'plant/one:' });
    await filled(server);
    const query = '{ __typename }';
    const hash = createHash('sha256').update(query).digest('hex');
    await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }),
    });
    await waitFor(
      async () => (await keys()).some((key) => key.includes('document:')),
      'Redis to hold the document',
    );
    const all = await keys();
    const start = `plant/one:${digestOf('demo-access-key')}:`;
    expect(all.filter((key) => !key.startsWith(start))).toEqual([]);
    for (const kind of ['{invalidations}', 'document:', 'quota:', '[2,'])
      expect(all.some((key) => key.startsWith(start + kind))).toBe(true);
    const values = await Promise.all(all.map((key) => redis.command('DUMP', key)));
    expect([...all, ...values].filter((text) => text.includes('demo-access-key'))).toEqual([]);
  });

  test('two prefixes keep servers of one application apart; one prefix has them share', async () => {
    await filled(await serve({ REDIS_PREFIX: 'a:' }));
    const [same, other] = [await serve({ REDIS_PREFIX: 'a:' }), await serve({ REDIS_PREFIX: 'b:' })];
    await resetCalls(simulator.url);
    await asset(same);
    const shared = total(await dataCallsOf(simulator.url));
    await asset(other);
    expect(shared).toBe(0);
    expect(total(await dataCallsOf(simulator.url))).toBeGreaterThan(0);
  });

  test('two values that were swapped in Redis are found out: each asset is read again', async () => {
    const server = await serve();
    await filled(server);
    const OTHER = 'Eu5rOpe1';
    const right = [await asset(server), await asset(server, OTHER)];
    const stored = (await keys()).filter((key) => key.includes('"Asset"'));
    expect(stored.length).toBeGreaterThanOrEqual(2);
    const [one, two] = [FIRST, OTHER].map((id) => stored.find((key) => key.includes(`"${id}"`)) ?? '');
    await redis.command('RENAME', String(one), 'aside');
    await redis.command('RENAME', String(two), String(one));
    await redis.command('RENAME', 'aside', String(two));
    expect([await asset(server), await asset(server, OTHER)]).toEqual(right);
  });
});
