import type { CacheEntry } from '../../src/cache/cache.js';
import { parseRedisUrl } from '../../src/cache/redis/url.js';
import { TieredCache } from '../../src/cache/tiered-cache.js';
import type { TieredCacheOptions } from '../../src/cache/tiered-cache.js';
import { RedisServer, describeWithRedis, waitFor } from '../support/redis.js';
import { TcpProxy } from './tcp-proxy.js';

const MB = 1024 * 1024;
const LOG_KEY = 'p:{invalidations}';
/** What an access may take at most here; the bound itself is tested with the faults of Redis. */
const SLOWEST_ACCESS = 1_500;

/** Replicas on one Redis; the second is behind a proxy, so that it can be cut off alone. */
describeWithRedis('invalidation by tag, across replicas', () => {
  let server: RedisServer;
  let proxy: TcpProxy;
  let a: TieredCache;
  let b: TieredCache;
  let opened: TieredCache[];

  const open = async (port: number, options: Partial<TieredCacheOptions> = {}): Promise<TieredCache> => {
    const cache = new TieredCache({
      target: parseRedisUrl(`redis://127.0.0.1:${port}`),
      keyPrefix: 'p:',
      commandTimeoutMs: 500,
      process: { maxBytes: 16 * MB },
      writeLagMs: 0,
      maxSilenceMs: 60_000,
      connection: { maxReconnectDelay: 100 },
      breaker: { pause: 100, longestPause: 300 },
      ...options,
    });
    opened.push(cache);
    await synced(cache);
    return cache;
  };
  const synced = (cache: TieredCache) =>
    waitFor(() => cache.healthy() && (cache.stats().syncAgeMs ?? Infinity) < 1_000, 'the log to be followed');
  const entry = (key: string, ...tags: string[]): CacheEntry => ({
    key,
    value: `"${key}"`,
    ttl: 600_000,
    staleFor: 600_000,
    tags,
  });
  const read = async (cache: TieredCache, ...keys: string[]) =>
    (await cache.getMany(keys)).map((value) => value !== undefined);
  const gone = (cache: TieredCache, key: string) =>
    waitFor(async () => (await read(cache, key))[0] === false, `"${key}" to be unreadable`);
  /** Fills both replicas' memories from one of them. */
  const fill = async (...entries: CacheEntry[]) => {
    const keys = entries.map(({ key }) => key);
    await a.setMany(entries);
    expect(await read(b, ...keys)).toEqual(keys.map(() => true));
    expect(b.stats().entries).toBe(keys.length);
  };

  beforeEach(async () => {
    opened = [];
    server = await RedisServer.start();
    proxy = await TcpProxy.start(server.port);
    a = await open(server.port);
    b = await open(proxy.port);
  });
  afterEach(async () => {
    await Promise.all(opened.map((cache) => cache.close()));
    await proxy.stop();
    await server.stop();
  });

  it('reaches the memory of the other replica, and what lies in Redis', async () => {
    await fill(entry('x', 'one'), entry('y', 'two'), entry('z'));
    await a.invalidateTags(['one']);
    expect(await read(a, 'x', 'y', 'z')).toEqual([false, true, true]);
    await gone(b, 'x');
    expect(await read(b, 'y', 'z')).toEqual([true, true]);
    expect(b.stats().invalidations).toBe(1);
    expect(await server.command('EXISTS', 'p:x')).toBe(':1\r\n');
    await b.setMany([entry('x', 'one')]);
    expect(await read(b, 'x')).toEqual([true]);
    expect(await read(a, 'x')).toEqual([true]);
  });

  it('is known to a replica that starts later', async () => {
    await fill(entry('x', 'one'), entry('y', 'two'));
    await a.invalidateTags(['one']);
    const late = await open(server.port);
    expect(await read(late, 'x', 'y')).toEqual([false, true]);
  });

  it('is not lost while the connection that would tell of it is down', async () => {
    await fill(entry('x', 'one'), entry('y', 'two'));
    proxy.cut();
    await waitFor(() => !b.healthy(), 'the cut to be noticed');
    await a.invalidateTags(['one']);
    expect(await read(b, 'x', 'y')).toEqual([true, true]);
    proxy.mend();
    await gone(b, 'x');
    expect(await read(b, 'y')).toEqual([true]);
  });

  it('is not lost when Redis drops the connection just before', async () => {
    await fill(entry('x', 'one'), entry('y', 'two'));
    await waitFor(async () => {
      const followers = (await server.command('CLIENT', 'LIST'))
        .split('\n')
        .filter((line) => line.includes('cmd=xread'));
      for (const line of followers)
        await server.command('CLIENT', 'KILL', 'ID', /id=(\d+)/.exec(line)?.[1] ?? '');
      return followers.length === 2;
    }, 'both followers to be dropped at once');
    await a.invalidateTags(['one']);
    await gone(b, 'x');
    expect(await read(b, 'y')).toEqual([true]);
  });

  it('counts for everything with a tag where the log was trimmed beyond what a replica knows', async () => {
    await fill(entry('x', 'one'), entry('y', 'two'), entry('z'));
    proxy.cut();
    await waitFor(() => !b.healthy(), 'the cut to be noticed');
    await a.invalidateTags(['one']);
    await a.invalidateTags(['three']);
    await server.command('XTRIM', LOG_KEY, 'MAXLEN', '1');
    proxy.mend();
    await gone(b, 'x');
    expect(await read(b, 'y', 'z')).toEqual([false, true]);
    const late = await open(server.port);
    expect(await read(late, 'x', 'y', 'z')).toEqual([false, false, true]);
    expect(await read(a, 'x', 'y')).toEqual([false, true]);
  });

  it('counts for everything with a tag where the log has lost records, as after a failover', async () => {
    await fill(entry('x', 'one'), entry('y', 'two'), entry('z'));
    await a.invalidateTags(['one']);
    await gone(b, 'x');
    const records = await server.command('XREVRANGE', LOG_KEY, '+', '-', 'COUNT', '1');
    const lost = /\d+-\d+/.exec(records)?.[0] ?? '';
    expect(await server.command('XDEL', LOG_KEY, lost)).toBe(':1\r\n');
    await gone(b, 'y');
    await gone(a, 'y');
    expect(await read(b, 'z')).toEqual([true]);
    const late = await open(server.port);
    expect(await read(late, 'x', 'y', 'z')).toEqual([false, false, true]);
  });

  it('goes on after the log was deleted or replaced by something else', async () => {
    await fill(entry('x', 'one'));
    await server.command('DEL', LOG_KEY);
    await gone(b, 'x');
    await gone(a, 'x');
    await fill(entry('x', 'one'));
    await server.command('SET', LOG_KEY, 'poison');
    expect(await read(a, 'x')).toEqual([true]);
    await a.invalidateTags(['one']);
    expect(await read(a, 'x')).toEqual([false]);
    expect(a.stats().pendingInvalidations).toBe(1);
    await server.command('DEL', LOG_KEY);
    await gone(b, 'x');
    await waitFor(() => a.stats().pendingInvalidations === 0, 'the record to be written');
  });

  it('made while Redis is dead: at once here, for the others when it is back', async () => {
    await fill(entry('x', 'one'), entry('y', 'two'), entry('z'));
    await server.kill('SIGKILL');
    await waitFor(() => !a.healthy() && !b.healthy(), 'the outage to be noticed');
    await a.invalidateTags(['one']);
    expect(await read(a, 'x', 'y', 'z')).toEqual([false, true, true]);
    expect(await read(b, 'x')).toEqual([true]);
    expect(a.stats().pendingInvalidations).toBe(1);
    await a.setMany([entry('x', 'one')]);
    expect(await read(a, 'x')).toEqual([false]);
    await server.restart();
    await gone(b, 'x');
    await waitFor(() => a.stats().pendingInvalidations === 0, 'the record to be written');
    await waitFor(async () => {
      await a.setMany([entry('x', 'one')]);
      return (await read(b, 'x'))[0] === true;
    }, 'new values to be kept');
  });

  it('made in great number while Redis is dead: merged into one of everything with a tag', async () => {
    await fill(entry('x', 'one'), entry('y', 'two'), entry('z'));
    await server.kill('SIGKILL');
    await waitFor(() => !a.healthy() && !b.healthy(), 'the outage to be noticed');
    await a.invalidateTags(Array.from({ length: 10_001 }, (_, i) => `many-${i}`));
    expect(a.stats().pendingInvalidations).toBe(1);
    expect(await read(a, 'x', 'y', 'z')).toEqual([false, false, true]);
    await server.restart();
    await waitFor(() => a.stats().pendingInvalidations === 0, 'the record to be written');
    await gone(b, 'y');
    await waitFor(async () => {
      await a.setMany([entry('x', 'many-1')]);
      return (await read(b, 'x'))[0] === true;
    }, 'new values to be kept');
  });

  it('made while Redis hangs: bounded, at once here, for the others when it goes on', async () => {
    await fill(entry('x', 'one'), entry('y', 'two'));
    await server.kill('SIGSTOP');
    const start = performance.now();
    await a.invalidateTags(['one']);
    expect(performance.now() - start).toBeLessThan(SLOWEST_ACCESS);
    expect(await read(a, 'y')).toEqual([true]);
    expect(await read(a, 'x')).toEqual([false]);
    await server.kill('SIGCONT');
    await gone(b, 'x');
    await waitFor(() => a.stats().pendingInvalidations === 0, 'the record to be written');
  });

  it('leaves an unreached replica no entry with tags for longer than the silence allowed', async () => {
    const cautious = await open(proxy.port, { maxSilenceMs: 3_000 });
    await a.setMany([entry('x', 'one'), entry('z')]);
    expect(await read(cautious, 'x', 'z')).toEqual([true, true]);
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    // As long as there is word from Redis, the age of an entry does not matter.
    expect(await read(cautious, 'x', 'z')).toEqual([true, true]);
    proxy.cut();
    await a.invalidateTags(['one']);
    expect(await read(cautious, 'x', 'z')).toEqual([true, true]);
    await gone(cautious, 'x');
    expect(cautious.stats().invalidations).toBe(0);
    expect(await read(cautious, 'z')).toEqual([true]);
    // What is fetched during the silence is used for as long.
    await cautious.setMany([entry('w', 'one')]);
    expect(await read(cautious, 'w')).toEqual([true]);
    proxy.mend();
    await gone(cautious, 'w');
  });

  it('refuses what another replica fetched before and stored after, also when it had not heard yet', async () => {
    await synced(b);
    const asOf = b.readToken();
    proxy.delayMs = 400;
    await a.invalidateTags(['one']);
    const { refused } = b.stats();
    await b.setMany([{ ...entry('x', 'one'), asOf }]);
    // It had not heard, so it stored: nobody who has heard may read that.
    expect(b.stats().refused).toBe(refused);
    expect(await server.command('EXISTS', 'p:x')).toBe(':1\r\n');
    expect(await read(a, 'x')).toEqual([false]);
    proxy.delayMs = 0;
    await gone(b, 'x');
    await b.setMany([{ ...entry('x', 'one'), asOf }]);
    expect(b.stats().refused).toBe(refused + 1);
    expect(await read(b, 'x')).toEqual([false]);
    expect(await server.command('EXISTS', 'p:x')).toBe(':0\r\n');
  });

  it('holds during the write lag in every replica', async () => {
    const [first, second] = [
      await open(server.port, { writeLagMs: 60_000 }),
      await open(proxy.port, { writeLagMs: 60_000 }),
    ];
    await first.invalidateTags(['one']);
    await waitFor(() => second.stats().invalidations === 1, 'the invalidation');
    for (const cache of [first, second]) {
      await cache.setMany([entry('x', 'one'), entry('y', 'two')]);
      expect(await read(cache, 'x', 'y')).toEqual([false, true]);
    }
  });

  it.each(['SIGKILL', 'SIGSTOP'] as const)(
    'under load with %s: no rejection, bounded time',
    async (signal) => {
      let running = true;
      let slowest = 0;
      let rounds = 0;
      const work = async (cache: TieredCache, worker: number) => {
        while (running) {
          const keys = Array.from({ length: 10 }, (_, i) => `w${worker}-${i}`);
          for (const action of [
            () => cache.setMany(keys.map((key, i) => entry(key, `tag-${i}`))),
            () => cache.getManyWithAge(keys),
            () => cache.invalidateTags([`tag-${rounds % 10}`]),
          ]) {
            const start = performance.now();
            await action();
            slowest = Math.max(slowest, performance.now() - start);
          }
          rounds += 1;
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      const workers = Promise.all([a, b, a, b].map((cache, worker) => work(cache, worker)));
      const more = async (count: number) => {
        const target = rounds + count;
        await waitFor(() => rounds > target, `${count} rounds`);
      };
      await more(100);
      await server.kill(signal);
      await waitFor(() => !a.healthy() && !b.healthy(), 'the outage to be noticed');
      await more(100);
      if (signal === 'SIGKILL') await server.restart();
      else await server.kill('SIGCONT');
      await waitFor(() => a.healthy() && b.healthy(), 'the recovery');
      await more(100);
      running = false;
      await workers;
      expect(slowest).toBeLessThan(SLOWEST_ACCESS);
      await waitFor(
        () => a.stats().pendingInvalidations === 0 && b.stats().pendingInvalidations === 0,
        'all records to be written',
      );
      await waitFor(async () => {
        await a.setMany([entry('end', 'tag-0')]);
        return (await read(b, 'end'))[0] === true;
      }, 'both to work together again');
    },
  );
});
