import { parseRedisUrl } from '../../src/cache/redis/url.js';
import { TieredCache } from '../../src/cache/tiered-cache.js';
import type { TieredCacheOptions } from '../../src/cache/tiered-cache.js';
import { RedisServer, describeWithRedis, waitFor } from '../support/redis.js';
import { TcpProxy } from './tcp-proxy.js';

/** The bound promised is 50 ms; what is asserted leaves room for a machine that is busy with other things. */
const SLOWEST_ACCESS = 1_000;

interface Load {
  accesses: number;
  hits: number;
  slowest: number;
  rejections: unknown[];
  stop(): Promise<void>;
}

/** Ten workers that read and write without a pause until stopped, and note each rejection and the slowest access. */
function startLoad(cache: TieredCache): Load {
  let running = true;
  const work = async (worker: number): Promise<void> => {
    while (running) {
      const keys = Array.from({ length: 10 }, (_, i) => `w${worker}-${i}`);
      const start = performance.now();
      try {
        const values = await cache.getMany(keys);
        load.hits += values.filter((value) => value !== undefined).length;
        expect(values.every((value, i) => value === undefined || value === `"${keys[i]}"`)).toBe(true);
        load.slowest = Math.max(load.slowest, performance.now() - start);
        const between = performance.now();
        await cache.setMany(keys.map((key) => ({ key, value: `"${key}"`, ttl: 60_000 })));
        load.slowest = Math.max(load.slowest, performance.now() - between);
      } catch (error) {
        load.rejections.push(error);
      }
      load.accesses += 2;
      // Lets the loop turn when everything is answered without I/O.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const workers = Promise.all(Array.from({ length: 10 }, (_, worker) => work(worker)));
  const load: Load = {
    accesses: 0,
    hits: 0,
    slowest: 0,
    rejections: [],
    stop: async () => {
      running = false;
      await workers;
    },
  };
  return load;
}

describeWithRedis('Redis as the only tier under faults', () => {
  let server: RedisServer;
  let cache: TieredCache;
  let load: Load | undefined;
  let log: string[];

  const open = async (url: string, options: Partial<TieredCacheOptions> = {}) => {
    log = [];
    cache = new TieredCache({
      target: parseRedisUrl(url),
      logger: (level, message, details) => log.push(`${level} ${message} ${JSON.stringify(details)}`),
      breaker: { pause: 100, longestPause: 500 },
      connection: { maxReconnectDelay: 200 },
      ...options,
    });
    await waitFor(() => cache.healthy(), 'the cache to connect');
  };
  const accesses = async (count: number) => {
    const target = (load?.accesses ?? 0) + count;
    await waitFor(() => (load?.accesses ?? 0) >= target, `${count} accesses`);
  };
  const hitsAgain = async () => {
    const before = load?.hits ?? 0;
    await waitFor(() => (load?.hits ?? 0) > before + 100, 'hits');
  };
  const warnings = () => log.filter((line) => line.startsWith('warn')).length;

  beforeEach(async () => {
    server = await RedisServer.start();
  });
  afterEach(async () => {
    await load?.stop();
    load = undefined;
    await cache.close();
    await server.stop();
  });

  it('SIGKILL during load: no rejection, bounded time, and hits again after a restart', async () => {
    await open(server.url);
    load = startLoad(cache);
    await hitsAgain();
    await server.kill('SIGKILL');
    await waitFor(() => !cache.healthy(), 'the outage to be noticed');
    await accesses(1_000);
    expect(warnings()).toBe(1);
    await server.restart();
    await hitsAgain();
    await load.stop();
    expect(load.rejections).toEqual([]);
    expect(load.slowest).toBeLessThan(SLOWEST_ACCESS);
    expect(log.filter((line) => line.includes('answers again'))).toHaveLength(1);
  });

  it('SIGSTOP during load: no rejection, few accesses pay for it, and hits again after SIGCONT', async () => {
    await open(server.url);
    load = startLoad(cache);
    await hitsAgain();
    await server.kill('SIGSTOP');
    await waitFor(() => !cache.healthy(), 'the outage to be noticed');
    const { failures, skipped } = cache.stats();
    await accesses(5_000);
    // Only probes may have been tried: the rest cost nothing.
    expect(cache.stats().failures - failures).toBeLessThan(100);
    expect((cache.stats().skipped ?? 0) - (skipped ?? 0)).toBeGreaterThan(4_000);
    await server.kill('SIGCONT');
    await hitsAgain();
    await load.stop();
    expect(load.rejections).toEqual([]);
    expect(load.slowest).toBeLessThan(SLOWEST_ACCESS);
  });

  it('a hang longer than the socket time-out: the connection is replaced', async () => {
    await open(server.url, { connection: { socketTimeout: 200, maxReconnectDelay: 100 } });
    load = startLoad(cache);
    await hitsAgain();
    await server.kill('SIGSTOP');
    await waitFor(() => log.length > 0, 'the outage to be reported');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await server.kill('SIGCONT');
    await hitsAgain();
    await load.stop();
    expect(load.rejections).toEqual([]);
    expect(warnings()).toBe(1);
    await waitFor(async () => {
      const clients = await server.command('CLIENT', 'LIST');
      return clients.split('\n').filter((line) => line.includes('addr=')).length <= 3;
    }, 'the connections of the outage to be gone');
  });

  it('recovers without any request that tries', async () => {
    await open(server.url, { connection: { socketTimeout: 60_000 } });
    await server.kill('SIGSTOP');
    for (let i = 0; i < 6; i += 1) expect(await cache.getMany(['a'])).toEqual([undefined]);
    expect(cache.healthy()).toBe(false);
    await server.kill('SIGCONT');
    await waitFor(() => cache.healthy(), 'the probe');
    expect(cache.stats()).toMatchObject({ hits: 0, misses: 6 });
  });

  it('replies slower than the limit: misses, and hits again when they are quick', async () => {
    const proxy = await TcpProxy.start(server.port);
    await open(`redis://127.0.0.1:${proxy.port}`);
    load = startLoad(cache);
    await hitsAgain();
    proxy.delayMs = 300;
    await waitFor(() => !cache.healthy(), 'the slowness to be noticed');
    const { hits } = load;
    await accesses(1_000);
    // Replies under way when the slowness began may still have come in time.
    expect(load.hits - hits).toBeLessThanOrEqual(100);
    proxy.delayMs = 0;
    await hitsAgain();
    await load.stop();
    expect(load.rejections).toEqual([]);
    expect(load.slowest).toBeLessThan(SLOWEST_ACCESS);
    await cache.close();
    await proxy.stop();
  });

  it('full memory: writes are forgotten, reads go on, and it is reported once', async () => {
    await server.stop();
    server = await RedisServer.start({ maxmemory: '3mb' });
    await open(server.url, { commandTimeoutMs: 1_000 });
    await cache.setMany([{ key: 'first', value: '"kept"', ttl: 600_000 }]);
    const value = 'x'.repeat(10_000);
    for (let i = 0; i < 500; i += 1) await cache.setMany([{ key: `key-${i}`, value, ttl: 600_000 }]);
    expect(cache.stats().failures).toBeGreaterThan(100);
    expect(await cache.getMany(['first', 'key-499'])).toEqual(['"kept"', undefined]);
    expect(cache.healthy()).toBe(true);
    expect(warnings()).toBe(1);
    expect(log[0]).toContain('OOM');
    await cache.deleteMany(Array.from({ length: 500 }, (_, i) => `key-${i}`));
    // UNLINK frees in the background.
    await waitFor(async () => {
      await cache.setMany([{ key: 'after', value: '1', ttl: 60_000 }]);
      return (await cache.getMany(['after']))[0] === '1';
    }, 'room');
  });

  it('a master that has become a replica (READONLY): failures, no rejection, and recovery', async () => {
    await open(server.url, { commandTimeoutMs: 1_000 });
    await server.command('REPLICAOF', '127.0.0.1', '1');
    await cache.setMany([{ key: 'a', value: '1', ttl: 60_000 }]);
    expect(cache.stats().failures).toBe(1);
    expect(log.some((line) => line.includes('READONLY'))).toBe(true);
    await server.command('REPLICAOF', 'NO', 'ONE');
    await waitFor(async () => {
      await cache.setMany([{ key: 'a', value: '2', ttl: 60_000 }]);
      return (await cache.getMany(['a']))[0] === '2';
    }, 'writes');
  });

  it('poisoned keys during load: misses, which the next write heals', async () => {
    await open(server.url, { keyPrefix: '' });
    for (let i = 0; i < 10; i += 1) {
      await server.command('DEL', `w0-${i}`);
      await server.command(...(i % 2 ? ['LPUSH', `w0-${i}`, 'x'] : ['SET', `w0-${i}`, '\u0000garbage']));
    }
    load = startLoad(cache);
    await hitsAgain();
    await load.stop();
    expect(load.rejections).toEqual([]);
    expect(await cache.getMany(['w0-0', 'w0-1'])).toEqual(['"w0-0"', '"w0-1"']);
  });
});
