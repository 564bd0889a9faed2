/** Replicas of the loading over one real Redis: memory, reads under way and calls to EnOS of their own. */
import { randomUUID } from 'node:crypto';
import { parseRedisUrl } from '../../src/cache/redis/url.js';
import { TieredCache, type TieredCacheOptions } from '../../src/cache/tiered-cache.js';
import type { LoadContext } from '../../src/loading/load-context.js';
import { createLoadingRuntime } from '../../src/loading/runtime.js';
import { SourceLog } from '../../src/loading/request/sources.js';
import { gatedEnos, type GatedEnos, type OpenCall } from './gated-enos.js';
import { recordedLoading } from './recorded-loading.js';
import { RedisServer, waitFor } from './redis.js';
import { orgId } from './things.js';

/** Longer than any test: whoever waits so long hangs. */
const FOREVER = 60_000;

/** A process of the server: memory, reads under way and calls of its own. */
export interface Replica {
  cache: TieredCache;
  enos: GatedEnos;
  context(more?: Partial<LoadContext>): LoadContext & { sources: SourceLog };
  counts(): { shared: number; fetched: number; redis: number };
}

/**
 * Opens replicas over a Redis of the suite that calls it; those of one test share what begins with one prefix, and are closed
 * after it.
 */
export function replicasOfSuite(): {
  open: (options?: Partial<TieredCacheOptions>) => Promise<Replica>;
  keyPrefix(): string;
  redis(): RedisServer;
} {
  let redis: RedisServer;
  let keyPrefix = `${randomUUID()}:`;
  const opened: TieredCache[] = [];
  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterEach(async () => {
    keyPrefix = `${randomUUID()}:`;
    await Promise.all(opened.splice(0).map((cache) => cache.close()));
  });
  afterAll(() => redis.stop());
  return {
    keyPrefix: () => keyPrefix,
    redis: () => redis,
    open: async (options = {}) => {
      const cache = new TieredCache({
        target: parseRedisUrl(redis.url),
        keyPrefix,
        commandTimeoutMs: 5_000,
        process: { maxBytes: 1e6 },
        sharedFlightMs: FOREVER,
        ttlJitter: 0,
        ...options,
      });
      opened.push(cache);
      await waitFor(() => cache.healthy() && cache.stats().syncAgeMs !== undefined, 'the cache to connect');
      const enos = gatedEnos();
      const runtime = createLoadingRuntime();
      const loading = recordedLoading(enos, { orgId, now: Date.now });
      return {
        cache,
        enos,
        context: (more = {}) => ({
          ...loading.request(),
          cache,
          runtime,
          sources: new SourceLog(cache.readToken()),
          ...more,
        }),
        counts: () => ({ ...runtime.reads.of('thing') }),
      };
    },
  };
}

/** The call of the given index, once it was made. */
export const called = async ({ enos }: Replica, index = 0): Promise<OpenCall> => {
  await waitFor(() => enos.calls.length > index, `call ${index}`);
  return enos.called(index);
};
/** Until a replica has found so many keys leased by another. */
export const waiting = ({ cache }: Replica, keys = 1): Promise<void> =>
  waitFor(() => (cache.stats().leasedElsewhere ?? 0) >= keys, 'the other to wait');
