import { readFileSync } from 'node:fs';
import type { Cache } from './cache.js';
import { MemoryCache } from './memory-cache.js';
import { RedisCache } from './redis-cache.js';
import type { CacheLogger } from './redis-log.js';
import { parseRedisUrl } from './redis-url.js';

/** What decides which cache is made, and how. */
export interface CreateCacheOptions {
  /** Where Redis is (docs/redis.md has the forms); absent or empty: the cache lives in this process. */
  redisUrl?: string;
  /** Bound of what is held in this process, in approximate bytes. */
  maxBytes: number;
  /** Bound of one access to Redis in milliseconds. Default 50. */
  commandTimeoutMs?: number;
  /** Put before every key in Redis. Default "enos-graphql:". */
  keyPrefix?: string;
  /** Told of outages of Redis, without credentials. */
  logger?: CacheLogger;
  /** File with the certificate authority (PEM) for the TLS forms; absent: the system's authorities. */
  tlsCaFile?: string;
}

/**
 * Makes the cache that the settings ask for. Returns at once and works without Redis (as an empty cache) until it is
 * there. Throws only for settings that cannot be right: RedisUrlError, or a certificate file that cannot be read.
 */
export function createCache(options: CreateCacheOptions): Cache {
  if (options.redisUrl === undefined || options.redisUrl === '') {
    return new MemoryCache({ maxBytes: options.maxBytes });
  }
  const target = parseRedisUrl(options.redisUrl);
  return new RedisCache({
    target,
    keyPrefix: options.keyPrefix,
    commandTimeoutMs: options.commandTimeoutMs,
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
