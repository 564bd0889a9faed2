import { Breaker } from './breaker.js';
import type { BreakerOptions } from './breaker.js';
import type { Cache, CacheEntry, CacheStats } from './cache.js';
import { openRedisLink } from './redis-link.js';
import type { Batch, RedisLink, RedisWrite } from './redis-link.js';
import { RedisLog } from './redis-log.js';
import type { CacheLogger } from './redis-log.js';
import type { RedisConnectionSettings } from './redis-options.js';
import { describeRedisTarget, redisSecrets } from './redis-url.js';
import type { RedisTarget } from './redis-url.js';
import { decodeValue, encodeValue } from './redis-value.js';
import { NoReplyError, settleWithin } from './settle.js';

/** Settings of the Redis cache. */
export interface RedisCacheOptions {
  target: RedisTarget;
  /** Put before every key. Default "enos-graphql:". */
  keyPrefix?: string;
  /** Bound of one access in milliseconds. Default 50. */
  commandTimeoutMs?: number;
  /** Values of more bytes (UTF-8) are not stored. Default 2 MiB. */
  maxValueBytes?: number;
  logger?: CacheLogger;
  connection?: RedisConnectionSettings;
  breaker?: Partial<BreakerOptions>;
}

const DEFAULT_KEY_PREFIX = 'enos-graphql:';
const DEFAULT_COMMAND_TIMEOUT = 50;
const DEFAULT_MAX_VALUE_BYTES = 2 * 1024 * 1024;
const DEFAULT_BREAKER: BreakerOptions = { failureThreshold: 5, retryDelay: 500, maxRetryDelay: 10_000 };
/** Redis refuses expiry times beyond its clock's range; no lifetime of ours comes near a year. */
const MAX_TTL = 365 * 24 * 3_600_000;
/** Bounds of what is written at once, so that the time-out of an access measures Redis and not our own volume. */
const ENTRIES_PER_WRITE = 256;
const UNITS_PER_WRITE = 1024 * 1024;

/**
 * Cache in Redis (one server, behind Sentinels, or a Cluster). Every access has a time limit, and every failure means
 * "go on without": reads miss, writes are forgotten. While Redis is not connected, or the breaker has found it silent,
 * an access costs nothing at all.
 */
export class RedisCache implements Cache {
  private readonly link: RedisLink;
  private readonly breaker: Breaker;
  private readonly log: RedisLog;
  private readonly keyPrefix: string;
  private readonly timeoutMs: number;
  private readonly maxValueBytes: number;
  private probeTimer: NodeJS.Timeout | undefined;
  private closed = false;
  private hits = 0;
  private misses = 0;
  private failures = 0;
  private skipped = 0;

  /** Connects in the background; until that has succeeded the cache is empty and takes nothing. */
  constructor(options: RedisCacheOptions) {
    this.keyPrefix = options.keyPrefix ?? DEFAULT_KEY_PREFIX;
    this.timeoutMs = options.commandTimeoutMs ?? DEFAULT_COMMAND_TIMEOUT;
    this.maxValueBytes = options.maxValueBytes ?? DEFAULT_MAX_VALUE_BYTES;
    this.breaker = new Breaker({ ...DEFAULT_BREAKER, ...options.breaker });
    const { target } = options;
    this.log = new RedisLog(options.logger, describeRedisTarget(target), redisSecrets(target));
    this.link = openRedisLink(target, options.connection ?? {}, {
      onReady: () => {
        this.breaker.reset();
        this.log.up();
      },
      onDown: (error) => this.log.down(error),
      onTrouble: (error) => this.log.refused(error),
    });
  }

  async getMany(keys: readonly string[]): Promise<(string | undefined)[]> {
    if (keys.length === 0) return [];
    const replies = await this.access((link) => link.read(keys.map((key) => this.keyPrefix + key)));
    return keys.map((_, index) => {
      const reply = replies?.[index];
      const value = typeof reply === 'string' ? decodeValue(reply) : undefined;
      if (value === undefined) this.misses += 1;
      else this.hits += 1;
      return value;
    });
  }

  async setMany(entries: readonly CacheEntry[]): Promise<void> {
    for (const writes of writeChunks(entries.map((entry) => this.toWrite(entry)))) {
      const replies = await this.access((link) => link.write(writes));
      // A Redis that has not taken these entries would only make the caller wait for the rest.
      if (replies === undefined || !replies.some(isAnswer)) return;
    }
  }

  async deleteMany(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.access((link) => link.remove(keys.map((key) => this.keyPrefix + key)));
  }

  healthy(): boolean {
    return !this.closed && this.link.isReady() && this.breaker.state === 'closed';
  }

  stats(): CacheStats {
    const { hits, misses, failures, skipped } = this;
    return { hits, misses, failures, skipped, entries: 0, bytes: 0 };
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.probeTimer);
    await this.link.close();
  }

  /** Sends one access and returns a reply or an Error per key; undefined when it was not tried. Never rejects. */
  private async access(send: (link: RedisLink) => Batch[]): Promise<unknown[] | undefined> {
    const permit = !this.closed && this.link.isReady() ? this.breaker.acquire() : undefined;
    if (permit === undefined) {
      this.skipped += 1;
      return undefined;
    }
    const replies = await this.repliesOf(send);
    const errors = replies.filter((reply) => reply instanceof Error);
    const refusal = errors.find(isReplyError);
    if (errors.length > 0) this.failures += 1;
    if (refusal !== undefined) this.log.refused(refusal);
    if (replies.some(isAnswer)) {
      permit.succeeded();
      if (this.breaker.state === 'closed') this.log.up();
    } else {
      permit.failed();
      if (this.breaker.state !== 'closed') {
        this.log.down(errors[0] ?? new NoReplyError(this.timeoutMs));
        this.scheduleProbe();
      }
    }
    return replies;
  }

  private async repliesOf(send: (link: RedisLink) => Batch[]): Promise<unknown[]> {
    let batches: Batch[];
    try {
      batches = send(this.link);
    } catch (error) {
      return [error instanceof Error ? error : new Error('the command could not be sent')];
    }
    const results = await settleWithin(
      batches.map((batch) => batch.replies),
      this.timeoutMs,
    );
    return results.flatMap((result, index) =>
      result instanceof Error ? new Array<Error>(batches[index]?.size ?? 1).fill(result) : result,
    );
  }

  /** Asks Redis itself once the breaker's wait is over, so that recovery is noticed without a request that pays for it. */
  private scheduleProbe(): void {
    clearTimeout(this.probeTimer);
    if (this.closed) return;
    this.probeTimer = setTimeout(() => {
      // Timers may be early by a fraction of a millisecond.
      if (this.breaker.state === 'open') this.scheduleProbe();
      // Not connected: the next connection resets the breaker.
      else if (this.link.isReady()) void this.access((link) => link.ping());
    }, this.breaker.waitMs + 1).unref();
  }

  private toWrite({ key, value, ttl }: CacheEntry): RedisWrite {
    const storable = ttl > 0 && this.fits(value);
    return {
      key: this.keyPrefix + key,
      value: storable ? encodeValue(value) : undefined,
      ttlMs: Math.ceil(Math.min(ttl, MAX_TTL)),
    };
  }

  private fits(value: string): boolean {
    return value.length <= this.maxValueBytes && Buffer.byteLength(value) <= this.maxValueBytes;
  }
}

/** Whether Redis said this, if only to refuse: an error reply is a failure of the request, not of the connection. */
function isAnswer(reply: unknown): boolean {
  return !(reply instanceof Error) || isReplyError(reply);
}

function isReplyError(error: Error): boolean {
  return error.name === 'ReplyError';
}

function writeChunks(writes: readonly RedisWrite[]): RedisWrite[][] {
  const result: RedisWrite[][] = [];
  let chunk: RedisWrite[] = [];
  let units = 0;
  for (const write of writes) {
    if (chunk.length >= ENTRIES_PER_WRITE || (chunk.length > 0 && units > UNITS_PER_WRITE)) {
      result.push(chunk);
      chunk = [];
      units = 0;
    }
    chunk.push(write);
    units += write.value?.length ?? 0;
  }
  if (chunk.length > 0) result.push(chunk);
  return result;
}
