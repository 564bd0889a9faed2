import { randomUUID } from 'node:crypto';
import { createCache } from '../../src/cache/create-cache.js';
import { parseRedisUrl } from '../../src/cache/redis/url.js';
import { TieredCache } from '../../src/cache/tiered-cache.js';
import type { TieredCacheOptions } from '../../src/cache/tiered-cache.js';
import { RedisServer, describeWithRedis, waitFor } from '../support/redis.js';
import { describeCache } from './conformance.js';

const MB = 1024 * 1024;
const MINUTE = 60_000;

describeWithRedis('TieredCache', () => {
  let server: RedisServer;
  let keyPrefix: string;
  const opened: TieredCache[] = [];
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  beforeEach(() => {
    keyPrefix = `${randomUUID()}:`;
  });
  afterEach(() => Promise.all(opened.splice(0).map((cache) => cache.close())));
  afterAll(() => server.stop());

  const open = async (options: Partial<TieredCacheOptions> = {}): Promise<TieredCache> => {
    const cache = new TieredCache({
      target: parseRedisUrl(server.url),
      keyPrefix,
      commandTimeoutMs: 5_000,
      process: { maxBytes: 64 * MB },
      ...options,
    });
    opened.push(cache);
    await waitFor(() => cache.healthy() && cache.stats().syncAgeMs !== undefined, 'the cache to connect');
    return cache;
  };

  describeCache('TieredCache', {
    create: () => open(),
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });

  it('answers from memory what it has, asks Redis for the rest, and keeps that', async () => {
    const [a, b] = [await open(), await open()];
    await a.setMany(['x', 'y'].map((key) => ({ key, value: `"${key}"`, ttl: MINUTE })));
    await b.setMany([{ key: 'z', value: '"z"', ttl: MINUTE }]);
    expect(await b.getMany(['x', 'z', 'w'])).toEqual(['"x"', '"z"', undefined]);
    expect(b.stats()).toMatchObject({ hits: 2, processHits: 1, redisHits: 1, misses: 1 });
    await server.command('FLUSHALL');
    expect(await b.getMany(['x', 'y', 'z'])).toEqual(['"x"', undefined, '"z"']);
    expect(b.stats()).toMatchObject({ processHits: 3, redisHits: 1, entries: 2 });
  });

  it('keeps what comes from Redis for the rest of its life only', async () => {
    let ahead = 0;
    const clock = { now: () => performance.now() + ahead, wall: () => Date.now() + ahead };
    const [a, b] = [await open({ ttlJitter: 0 }), await open({ clock })];
    await a.setMany([{ key: 'x', value: '1', ttl: MINUTE, staleFor: MINUTE }]);
    ahead = 50_000;
    const [first] = await b.getManyWithAge(['x']);
    const [again] = await b.getManyWithAge(['x']);
    expect(b.stats()).toMatchObject({ redisHits: 1, processHits: 1 });
    for (const aged of [first, again]) {
      expect((aged?.freshUntil ?? 0) - clock.wall()).toBeLessThanOrEqual(10_000);
      expect((aged?.freshUntil ?? 0) - (aged?.storedAt ?? 0)).toBeCloseTo(MINUTE, -2);
    }
    await server.command('FLUSHALL');
    ahead = 61_000;
    expect(await b.getManyWithAge(['x'])).toMatchObject([{ value: '1', stale: true }]);
    ahead = 2 * MINUTE + 1_000;
    expect(await b.getManyWithAge(['x'])).toEqual([undefined]);
  });

  it('makes no lifetime longer where the clock of the writer is ahead', async () => {
    const fast = { now: () => performance.now(), wall: () => Date.now() + 3_600_000 };
    const [a, b] = [await open({ clock: fast }), await open()];
    await a.setMany([{ key: 'x', value: '1', ttl: MINUTE }]);
    const [aged] = await b.getManyWithAge(['x']);
    expect(aged?.value).toBe('1');
    expect((aged?.freshUntil ?? 0) - Date.now()).toBeLessThanOrEqual(MINUTE);
  });

  it('takes the fresh value of another replica over the stale one of its own', async () => {
    let ahead = 0;
    const clock = { now: () => performance.now() + ahead, wall: () => Date.now() + ahead };
    const [a, b] = [await open({ clock }), await open({ clock })];
    await a.setMany([{ key: 'x', value: '"old"', ttl: 1_000, staleFor: MINUTE }]);
    ahead = 5_000;
    expect(await a.getManyWithAge(['x'])).toMatchObject([{ value: '"old"', stale: true }]);
    await b.setMany([{ key: 'x', value: '"new"', ttl: MINUTE }]);
    expect(await a.getManyWithAge(['x'])).toMatchObject([{ value: '"new"', stale: false }]);
    expect(await a.getMany(['x'])).toEqual(['"new"']);
  });

  it('never puts what it read over what was written or deleted meanwhile', async () => {
    const [a, b] = [await open(), await open()];
    await b.setMany(['x', 'y'].map((key) => ({ key, value: '"old"', ttl: MINUTE })));
    const reading = a.getMany(['x', 'y']);
    const changes = [a.setMany([{ key: 'x', value: '"new"', ttl: MINUTE }]), a.deleteMany(['y'])];
    await Promise.all([reading, ...changes]);
    expect(await a.getMany(['x', 'y'])).toEqual(['"new"', undefined]);
  });

  it('stays within its bound in bytes, whatever Redis holds', async () => {
    const a = await open({ process: { maxBytes: MB } });
    const value = 'x'.repeat(10_000);
    const keys = Array.from({ length: 500 }, (_, i) => `key-${i}`);
    await a.setMany(keys.map((key) => ({ key, value, ttl: MINUTE, tags: [`tag-${key}`] })));
    expect(a.stats().evictions).toBeGreaterThan(400);
    for (let round = 0; round < 3; round += 1) {
      expect((await a.getMany(keys)).every((found) => found === value)).toBe(true);
      expect(a.stats().bytes).toBeLessThanOrEqual(MB);
      expect(a.stats().bytes).toBeGreaterThan(MB / 2);
    }
  });

  it('can do without the process tier', async () => {
    const cache = createCache({
      redisUrl: server.url,
      maxBytes: MB,
      processTier: false,
      keyPrefix,
      commandTimeoutMs: 5_000,
    });
    await waitFor(() => cache.healthy(), 'the cache to connect');
    await cache.setMany([{ key: 'a', value: '1', ttl: MINUTE }]);
    expect(await cache.getMany(['a'])).toEqual(['1']);
    expect(cache.stats()).toMatchObject({ entries: 0, bytes: 0, processHits: 0, redisHits: 1 });
    await cache.close();
  });

  it('cuts lifetimes at random, alike for what is stored together, and never makes one longer', async () => {
    const a = await open();
    const lives = async (batch: number): Promise<number[]> => {
      const entries = Array.from({ length: 3 }, (_, i) => ({
        key: `k${batch}-${i}`,
        value: '1',
        ttl: 100_000,
      }));
      await a.setMany(entries);
      const found = await a.getManyWithAge(entries.map(({ key }) => key));
      return found.map((aged) => (aged?.freshUntil ?? 0) - (aged?.storedAt ?? 0));
    };
    const ends: number[] = [];
    for (let batch = 0; batch < 100; batch += 1) {
      const [first = 0, ...others] = await lives(batch);
      for (const other of others) expect(other).toBeCloseTo(first, 3);
      ends.push(first);
    }
    expect(Math.max(...ends)).toBeLessThanOrEqual(100_000);
    expect(Math.min(...ends)).toBeGreaterThanOrEqual(90_000);
    expect(new Set(ends.map((end) => Math.round(end / 1_000))).size).toBeGreaterThan(5);
    const edge = await open({ random: () => 1, ttlJitter: 0.25 });
    await edge.setMany([{ key: 'edge', value: '1', ttl: 100_000 }]);
    const [aged] = await edge.getManyWithAge(['edge']);
    expect((aged?.freshUntil ?? 0) - (aged?.storedAt ?? 0)).toBeCloseTo(75_000, 0);
  });
});
