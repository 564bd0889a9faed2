import { readFileSync } from 'node:fs';
import type { Cache } from './cache.js';
import { MemoryCache } from './memory-cache.js';
import type { CacheLogger } from './redis/log.js';
import { parseRedisUrl } from './redis/url.js';
import { TieredCache } from './tiered-cache.js';

/** What decides which cache is made, and how. */
export interface CreateCacheOptions {
  /** Where Redis is (docs/redis.md has the forms); absent or empty: the cache lives in this process. */
  redisUrl?: string;
  /** Bound of what is held in this process, in approximate bytes. */
  maxBytes: number;
  /** Whether a part of what is in Redis is held in this process as well. Default true; without Redis of no effect. */
  processTier?: boolean;
  /** Bound of one access to Redis in milliseconds. Default 50. */
  commandTimeoutMs?: number;
  /** Put before every key in Redis. Default "enos-graphql:". */
  keyPrefix?: string;
  /** Largest share of a lifetime that is cut at random, from 0 to below 1. Default 0.1. */
  ttlJitter?: number;
  /** After an invalidation nothing with the tag is kept that was fetched within so many milliseconds. Default 2000. */
  writeLagMs?: number;
  /** How long entries with tags are used without word from Redis, in milliseconds. Default 10,000. */
  maxSilenceMs?: number;
  /** How long a key that another replica fetches is waited for, in milliseconds. Default 0: not at all. */
  sharedFlightMs?: number;
  /** Told of outages of Redis, without credentials. */
  logger?: CacheLogger;
  /** File with the certificate authority (PEM) for the TLS forms; absent: the system's authorities. */
  tlsCaFile?: string;
}

/**
 * Makes the cache that the settings ask for. Returns at once and works without Redis (within this process) until it is
 * there. Throws only for settings that cannot be right: RedisUrlError, or a certificate file that cannot be read.
 */
export function createCache(options: CreateCacheOptions): Cache {
  const { maxBytes, ttlJitter, writeLagMs } = options;
  if (options.redisUrl === undefined || options.redisUrl === '') {
    return new MemoryCache({ maxBytes, ttlJitter, writeLagMs });
  }
  const target = parseRedisUrl(options.redisUrl);
  return new TieredCache({
    target,
    process: options.processTier === false ? undefined : { maxBytes },
    keyPrefix: options.keyPrefix,
    commandTimeoutMs: options.commandTimeoutMs,
    ttlJitter,
    writeLagMs,
    maxSilenceMs: options.maxSilenceMs,
    sharedFlightMs: options.sharedFlightMs,
    logger: options.logger,
    connection: target.tls && options.tlsCaFile ? { tlsCa: readCa(options.tlsCaFile) } : {},
  });
}

function readCa(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`The certificate authority file for Redis cannot be read: ${path}`, { cause });
  }
}
