/** Two servers over one Redis: a caller has one quota, whichever he asks; and an outage of Redis is nobody's error. */
import type { RunningServer } from '../../support/graph-server.js';
import { startGraphServer } from '../../support/graph-server.js';
import { RedisServer, describeWithRedis, waitFor } from '../../support/redis.js';
import { openSharedStore } from '../../../src/cache/redis/shared-store.js';
import type { SharedStore } from '../../../src/cache/redis/shared-store.js';
import { createAdmission } from '../../../src/server/admission/admission.js';

describeWithRedis('quotas over replicas', () => {
  let redis: RedisServer;
  let stores: SharedStore[];
  let servers: RunningServer[];
  beforeAll(async () => {
    redis = await RedisServer.start();
    // Ample time: what counts here is not how fast this machine is.
    stores = [1, 2].map(() => openSharedStore({ redisUrl: redis.url, commandTimeoutMs: 2_000 }));
    for (const store of stores)
      await waitFor(async () => {
        try {
          await store.set('ready', '1', 1_000);
          return true;
        } catch {
          return false;
        }
      }, 'the shared store');
    servers = await Promise.all(
      stores.map((store) =>
        startGraphServer({
          identify: ({ headers }) => {
            const id = String(headers['x-caller']);
            return { id, partition: id };
          },
          admission: createAdmission({
            rateWindow: 3_600_000,
            rateRequests: 20,
            rateCost: 60,
            maxConcurrentPerCaller: 0,
            maxConcurrent: 100,
            maxWaiting: 100,
            limitAnybody: false,
            store,
          }),
        }),
      ),
    );
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()));
    await Promise.all(stores.map((store) => store.close()));
    await redis.stop();
  });

  const askAll = async (caller: string, count: number, query = '{ hello }') => {
    const answers = [];
    for (let i = 0; i < count; i += 1) {
      const server = servers[i % 2];
      if (!server) throw new Error('no server');
      answers.push(await server.ask(query, { headers: { 'x-caller': caller } }));
    }
    return answers;
  };

  test('requests count together, and the refusal says what, how much and when', async () => {
    const answers = await askAll('requests', 24);
    expect(answers.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 20 }, () => 200),
      ...Array.from({ length: 4 }, () => 429),
    ]);
    const refused = answers[23];
    if (!refused) throw new Error('no answer');
    const { headers, body } = refused;
    expect(body.errors?.[0]?.extensions).toMatchObject({
      code: 'RATE_LIMITED',
      limit: { name: 'RATE_LIMIT_REQUESTS', value: 20, asked: 1, windowMs: 3_600_000 },
    });
    expect(headers.get('retry-after')).toBe(String(body.errors?.[0]?.extensions.retryAfter));
    expect(headers.get('ratelimit-policy')).toBe('"requests";q=20;w=3600, "cost";q=60;w=3600');
    expect(headers.get('ratelimit')).toMatch(/^"requests";r=0;t=3600, "cost";r=\d+;t=\d+$/);
  });

  test('cost counts together', async () => {
    const query = '{ many(first: 20) { nodes { name } } }';
    const answers = await askAll('cost', 4, query);
    // 22 each, of 60.
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
    expect(answers[2]?.body.errors?.[0]?.extensions.limit).toMatchObject({
      name: 'RATE_LIMIT_COST',
      value: 60,
      asked: 22,
    });
  });

  test('all at once are counted as strictly, and another caller is not concerned', async () => {
    const many = await Promise.all(Array.from({ length: 30 }, (_, i) => askAll(`burst`, 1 + (i % 2))));
    const admitted = many.flat().filter(({ status }) => status === 200);
    expect(admitted).toHaveLength(20);
    expect((await askAll('other', 1))[0]?.status).toBe(200);
  });

  test('price and what is left are shown on request', async () => {
    const [server] = servers;
    const answer = await server?.ask('{ tree { name } }', {
      headers: { 'x-caller': 'price', 'x-enos-cost': '1' },
    });
    expect(answer?.body.extensions).toEqual({
      cost: { estimated: 2, charged: 2, left: { requests: 19, cost: 58 } },
    });
  });

  test('ids of callers do not stand in Redis', async () => {
    await askAll('somebody@example.com', 1);
    const keys = await redis.command('KEYS', '*');
    expect(keys).toContain('enos-graphql:quota:');
    expect(keys).not.toContain('somebody');
  });

  test('a poisoned value, and then no Redis at all: the process counts, nobody gets an error', async () => {
    await redis.command('FLUSHALL');
    await askAll('poisoned', 1);
    const keys = /enos-graphql:quota:\S+/.exec(await redis.command('KEYS', 'enos-graphql:quota:*'));
    await redis.command('SET', String(keys?.[0]), 'rubbish');
    expect((await askAll('poisoned', 4)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    await redis.kill('SIGKILL');
    const answers = await askAll('afterwards', 50);
    // Each process gives the whole quota.
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(40);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);
  });
});
