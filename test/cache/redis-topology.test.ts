import { randomUUID } from 'node:crypto';
import { createCache } from '../../src/cache/create-cache.js';
import type { Cache } from '../../src/cache/cache.js';
import { describeWithRedis, waitFor } from '../support/redis.js';
import type { RedisServer } from '../support/redis.js';
import { startRedisCluster, startSentinel } from '../support/redis-topology.js';
import type { SentinelSetUp } from '../support/redis-topology.js';
import { describeCache } from './conformance.js';

const opened: Cache[] = [];
afterEach(() => Promise.all(opened.splice(0).map((cache) => cache.close())));

async function open(
  redisUrl: string,
  commandTimeoutMs: number,
  keyPrefix = `${randomUUID()}:`,
): Promise<Cache> {
  const access = { redisUrl, commandTimeoutMs, keyPrefix, sharedFlightMs: 10_000 };
  const cache = createCache({ ...access, maxBytes: 1, processTier: false });
  opened.push(cache);
  // A cluster is usable as soon as one node is: the tests want all of them.
  const keys = Array.from({ length: 60 }, (_, i) => `warm-up-${i}`);
  await waitFor(async () => {
    await cache.setMany(entries(keys));
    return present(await cache.getMany(keys)) === 60 && cache.stats().syncAgeMs !== undefined;
  }, 'the cache to connect');
  await cache.deleteMany(keys);
  return cache;
}

const entries = (keys: readonly string[]) => keys.map((key) => ({ key, value: `"${key}"`, ttl: 600_000 }));
const present = (values: readonly (string | undefined)[]) =>
  values.filter((value) => value !== undefined).length;

describeWithRedis('Redis as the only tier in a cluster', () => {
  let nodes: RedisServer[] = [];
  beforeAll(async () => {
    nodes = await startRedisCluster();
  });
  afterAll(() => Promise.all(nodes.map((node) => node.stop())));

  const url = () => `redis+cluster://${nodes.map((node) => `127.0.0.1:${node.port}`).join(',')}`;

  describeCache('Redis as the only tier in a cluster', {
    holdsValues: false,
    create: () => open(url(), 5_000),
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });

  it('finds the whole cluster from one address and spreads the keys', async () => {
    const cache = await open(`redis+cluster://127.0.0.1:${nodes[0]?.port}`, 5_000);
    await cache.setMany(entries(Array.from({ length: 200 }, (_, i) => `spread-${i}`)));
    for (const node of nodes) expect(await node.command('DBSIZE')).not.toBe(':0\r\n');
  });

  it('leases keys wherever they lie, and releases them', async () => {
    const keyPrefix = `${randomUUID()}:`;
    const [a, b] = [await open(url(), 5_000, keyPrefix), await open(url(), 5_000, keyPrefix)];
    const keys = Array.from({ length: 50 }, (_, i) => ({ key: `key-${i}`, tags: [] }));
    const mine = await a.leases?.take(keys, a.readToken());
    const theirs = await b.leases?.take(keys, b.readToken());
    expect([mine?.elsewhere.size, theirs?.elsewhere.size]).toEqual([0, 50]);
    // Whoever does not hold a lease takes none away.
    await theirs?.release();
    expect((await b.leases?.take(keys, b.readToken()))?.elsewhere.size).toBe(50);
    const settled = theirs?.settled(10_000, new AbortController().signal);
    await mine?.release();
    await settled;
    expect((await b.leases?.take(keys, b.readToken()))?.elsewhere.size).toBe(0);
    expect([a, b].map((cache) => cache.stats().failures)).toEqual([0, 0]);
  });

  it('follows a slot that has moved', async () => {
    const cache = await open(url(), 5_000, '');
    const before = cache.stats().failures;
    const [first, second] = nodes;
    // KEYSLOT of "foo" is 12182, that of "bar" 5061: the first node of three has the slots up to 5460.
    expect(await first?.command('CLUSTER', 'KEYSLOT', 'bar')).toBe(':5061\r\n');
    const target = /[0-9a-f]{40}/.exec((await second?.command('CLUSTER', 'MYID')) ?? '')?.[0] ?? '';
    await second?.command('CLUSTER', 'SETSLOT', '5061', 'NODE', target);
    await first?.command('CLUSTER', 'SETSLOT', '5061', 'NODE', target);
    // As at the end of a real move: without an epoch of its own, others may give the slot back by what they last heard.
    await second?.command('CLUSTER', 'BUMPEPOCH');
    const hasMoved = async (): Promise<boolean> =>
      (await first?.command('EXISTS', 'bar'))?.startsWith('-MOVED 5061 ') === true;
    await waitFor(hasMoved, 'the old node to know of the move');
    await cache.setMany(entries(['bar', 'foo']));
    expect(await cache.getMany(['bar', 'foo'])).toEqual(['"bar"', '"foo"']);
    expect(await second?.command('EXISTS', 'bar')).toBe(':1\r\n');
    expect(cache.stats().failures).toBe(before);
  });

  it('loses one node: its keys miss, the others hit, and it comes back', async () => {
    const cache = await open(url(), 1_000);
    const keys = Array.from({ length: 60 }, (_, i) => `key-${i}`);
    await cache.setMany(entries(keys));
    expect(present(await cache.getMany(keys))).toBe(60);
    await nodes[2]?.kill('SIGKILL');
    let values: (string | undefined)[] = [];
    await waitFor(async () => {
      values = await cache.getMany(keys);
      return present(values) < 60;
    }, 'the loss to be noticed');
    expect(present(values)).toBeGreaterThan(10);
    expect(values.every((value, i) => value === undefined || value === `"${keys[i]}"`)).toBe(true);
    await nodes[2]?.restart();
    await waitFor(async () => {
      await cache.setMany(entries(keys));
      return present(await cache.getMany(keys)) === 60;
    }, 'all keys to hit again');
  });
});

describeWithRedis('Redis as the only tier behind a Sentinel', () => {
  let setUp: SentinelSetUp | undefined;
  beforeAll(async () => {
    setUp = await startSentinel();
  });
  afterAll(() => Promise.all(Object.values(setUp ?? {}).map((server: RedisServer) => server.stop())));

  it('follows a failover', async () => {
    if (!setUp) throw new Error('the servers were not started');
    const { master, replica, sentinel } = setUp;
    const keyPrefix = `${randomUUID()}:`;
    const cache = await open(`redis+sentinel://127.0.0.1:${sentinel.port}/main`, 1_000, keyPrefix);
    const hits = async () => {
      await cache.setMany(entries(['a']));
      return present(await cache.getMany(['a'])) === 1;
    };
    expect(await hits()).toBe(true);
    await cache.setMany([{ key: 'tagged', value: '1', ttl: 600_000, tags: ['one'] }]);
    await master.kill('SIGKILL');
    expect(await cache.getMany(['a'])).toEqual([undefined]);
    await waitFor(hits, 'hits from the new master', 20_000);
    expect(await replica.command('ROLE')).toContain('master');
    await cache.invalidateTags(['one']);
    await waitFor(() => cache.stats().pendingInvalidations === 0, 'the new master to take the invalidation');
    expect(present(await cache.getMany(['tagged']))).toBe(0);
    await waitFor(() => (cache.stats().syncAgeMs ?? Infinity) < 1_000, 'the log of the new master', 20_000);
    const late = createCache({
      redisUrl: `redis://127.0.0.1:${replica.port}`,
      maxBytes: 1_000_000,
      keyPrefix,
    });
    opened.push(late);
    await waitFor(() => late.stats().syncAgeMs !== undefined, 'another replica');
    expect(present(await late.getMany(['tagged']))).toBe(0);
  });
});
