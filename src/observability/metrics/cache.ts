/** What is counted of the cache. */
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Cache, CacheStats } from '../../cache/cache.js';

/** Registers the metrics of the cache, once per registry. They are read from it at each scrape. */
export function measureCache(cache: Cache, registry: Registry): void {
  const counter = (name: string, help: string, valueOf: (stats: CacheStats) => number | undefined): void => {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(valueOf(cache.stats()) ?? 0);
      },
    });
  };
  const gauge = (name: string, help: string, valueOf: (stats: CacheStats) => number | undefined): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        const value = valueOf(cache.stats());
        if (value === undefined) this.reset();
        else this.set(value);
      },
    });
  };
  new Counter({
    name: 'cache_hits_total',
    help: 'Keys answered from the cache, by tier: process, redis, or stale (past its lifetime, from either).',
    labelNames: ['tier'] as const,
    registers: [registry],
    collect() {
      const { processHits, redisHits, staleServes } = cache.stats();
      this.reset();
      this.inc({ tier: 'process' }, processHits);
      this.inc({ tier: 'redis' }, redisHits);
      this.inc({ tier: 'stale' }, staleServes);
    },
  });
  counter('cache_misses_total', 'Keys that the cache had nothing for.', (stats) => stats.misses);
  counter('cache_evictions_total', 'Entries that left the process to make room.', (stats) => stats.evictions);
  counter(
    'cache_invalidations_total',
    'Tags invalidated, here or elsewhere.',
    (stats) => stats.invalidations,
  );
  counter(
    'cache_failures_total',
    'Accesses to Redis that failed or took too long.',
    (stats) => stats.failures,
  );
  counter(
    'cache_skipped_total',
    'Accesses to Redis not tried while it was out of order.',
    (stats) => stats.skipped,
  );
  counter('cache_claimed_total', 'Missing keys that this process leased to fetch.', (stats) => stats.leased);
  counter(
    'cache_claimed_elsewhere_total',
    'Missing keys that another replica had leased, so that they were waited for.',
    (stats) => stats.leasedElsewhere,
  );
  gauge('cache_entries', 'Entries held in this process.', (stats) => stats.entries);
  gauge('cache_bytes', 'Approximate bytes held in this process.', (stats) => stats.bytes);
  gauge(
    'cache_pending_invalidations',
    'Tags that other replicas cannot know of yet.',
    (stats) => stats.pendingInvalidations ?? 0,
  );
  gauge('cache_sync_age_seconds', 'Time since this process last knew all invalidations.', ({ syncAgeMs }) =>
    syncAgeMs === undefined ? undefined : syncAgeMs / 1_000,
  );
  new Gauge({
    name: 'cache_healthy',
    help: 'Whether the store of the cache answers: 1 or 0. In process it always does.',
    registers: [registry],
    collect() {
      this.set(cache.healthy() ? 1 : 0);
    },
  });
}
