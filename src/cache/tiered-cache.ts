import type {
  AgedValue,
  Cache,
  CacheEntry,
  CacheStats,
  FoundValue,
  HeldValue,
  ReadToken,
  ValueCodec,
} from './cache.js';
import { RedisLeases } from './redis/leases.js';
import { DEFAULT_KEY_PREFIX } from './key-prefix.js';
import { MemoryStore } from './memory-store.js';
import type { MemoryStoreOptions } from './memory-store.js';
import { ReadCounter } from './read-results.js';
import type { Tier } from './read-results.js';
import { decoded, heldValue, keptShare, recordOf, systemClock } from './record.js';
import type { CacheRecord, Clock, Jitter } from './record.js';
import { RedisLog } from './redis/log.js';
import type { CacheLogger } from './redis/log.js';
import { RedisStore } from './redis/store.js';
import type { RedisStoreOptions } from './redis/store.js';
import { describeRedisTarget, redisSecrets } from './redis/url.js';
import { TagLog } from './tags/log.js';
import { TagTable } from './tags/table.js';
import type { TagTableOptions } from './tags/table.js';

/** Settings of the cache in two tiers. */
export interface TieredCacheOptions extends RedisStoreOptions, Jitter, TagTableOptions {
  /** Bounds of the process tier; absent: there is none, and every read goes to Redis. */
  process?: MemoryStoreOptions;
  /**
   * How long entries with tags may be used without word from Redis that there were no invalidations, in milliseconds.
   * Default 10,000.
   */
  maxSilenceMs?: number;
  /** How long a key that another replica fetches is waited for, in milliseconds. Default 0: not at all. */
  sharedFlightMs?: number;
  /** Told of outages of Redis, without credentials. */
  logger?: CacheLogger;
  /** Default: the clocks of the machine. */
  clock?: Clock;
}

interface Found {
  record: CacheRecord | undefined;
  tier: Tier;
}

const DEFAULT_MAX_SILENCE = 10_000;

/**
 * Cache in Redis, shared by all replicas, with a tier in this process before it. Reads take what memory has and ask
 * Redis for the rest at once; what comes from there is kept in memory for the rest of its life. Writes and deletions go
 * to both. docs/redis.md says what is promised about invalidations.
 */
export class TieredCache implements Cache {
  readonly leases: RedisLeases | undefined;
  private readonly clock: Clock;
  private readonly tags: TagTable;
  private readonly tagLog: TagLog;
  private readonly memory: MemoryStore | undefined;
  private readonly redis: RedisStore;
  private readonly reads: ReadCounter;
  private readonly maxSilenceMs: number;
  /** Keys that are being read from Redis to be kept in memory, each with the read that may do so. */
  private readonly filling = new Map<string, object>();
  private refused = 0;
  private closed = false;

  /** Connects in the background; until that has succeeded only the process tier works. */
  constructor(private readonly options: TieredCacheOptions) {
    const { target, logger } = options;
    this.clock = options.clock ?? systemClock;
    const now = () => this.clock.now();
    this.tags = new TagTable(options, now);
    this.memory = options.process === undefined ? undefined : new MemoryStore(options.process, this.tags);
    this.reads = new ReadCounter(this.clock);
    this.maxSilenceMs = options.maxSilenceMs ?? DEFAULT_MAX_SILENCE;
    const log = new RedisLog(logger, describeRedisTarget(target), redisSecrets(target));
    this.redis = new RedisStore(options, this.clock, log);
    const waitMs = options.sharedFlightMs ?? 0;
    if (waitMs > 0) this.leases = new RedisLeases(this.redis, (data) => this.tags.admits(data), waitMs);
    this.tagLog = new TagLog({
      target,
      connection: options.connection ?? {},
      keyPrefix: options.keyPrefix ?? DEFAULT_KEY_PREFIX,
      table: this.tags,
      now,
      log,
      append: (record) => this.redis.append(record),
    });
  }

  peek(key: string): HeldValue | undefined {
    const now = this.clock.now();
    const held = this.memory?.get(key, now);
    if (held === undefined || held.value === undefined || held.freshUntil <= now) return undefined;
    if (!this.usable(held, now)) return undefined;
    this.reads.processHits += 1;
    return (held.seen ??= heldValue(held, now, this.clock));
  }

  async getValues(
    keys: readonly string[],
    codec: ValueCodec,
    newest = false,
  ): Promise<(FoundValue | undefined)[]> {
    const found = await this.find(keys, codec, newest);
    const now = this.clock.now();
    return found.map(({ record, tier }) => this.reads.found(record && decoded(record, codec), tier, now));
  }

  async getMany(keys: readonly string[]): Promise<(string | undefined)[]> {
    const found = await this.find(keys);
    const now = this.clock.now();
    return found.map(({ record, tier }) => this.reads.fresh(record, tier, now));
  }

  async getManyWithAge(keys: readonly string[]): Promise<(AgedValue | undefined)[]> {
    const found = await this.find(keys);
    const now = this.clock.now();
    return found.map(({ record, tier }) => this.reads.aged(record, tier, now));
  }

  async setMany(entries: readonly CacheEntry[]): Promise<void> {
    if (this.closed || entries.length === 0) return;
    const present = this.readToken();
    const kept = keptShare(this.options);
    const records = entries.map((entry) => {
      const asOf = entry.asOf ?? present;
      let record = recordOf(entry, asOf, present.at, kept);
      if (record !== undefined && !this.tags.admitsFetched(record.tags, asOf)) {
        this.refused += 1;
        record = undefined;
      }
      this.filling.delete(entry.key);
      if (record === undefined) this.memory?.delete(entry.key);
      else this.memory?.set(entry.key, record);
      return [entry.key, record] as const;
    });
    await this.redis.write(records);
  }

  async deleteMany(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      this.filling.delete(key);
      this.memory?.delete(key);
    }
    await this.redis.remove(keys);
  }

  async invalidateTags(tags: readonly string[]): Promise<void> {
    if (!this.closed && tags.length > 0) await this.tagLog.invalidate(tags);
  }

  readToken(): ReadToken {
    return this.tags.token();
  }

  isCurrent(tags: readonly string[], asOf: ReadToken): boolean {
    return (
      tags.length === 0 || (this.tags.admitsFetched(tags, asOf) && this.confirmed(asOf.at, this.clock.now()))
    );
  }

  showsAfter(tag: string): number {
    return this.tags.showsAfter(tag);
  }

  healthy(): boolean {
    return this.redis.healthy();
  }

  stats(): CacheStats {
    const { confirmedAt, pendingTags } = this.tagLog;
    return {
      ...this.reads.counts(),
      invalidations: this.tags.invalidations,
      refused: this.refused,
      evictions: this.memory?.evictions ?? 0,
      failures: this.redis.failures,
      skipped: this.redis.skipped,
      pendingInvalidations: pendingTags,
      leased: this.leases?.counts.taken,
      leasedElsewhere: this.leases?.counts.elsewhere,
      ...(Number.isFinite(confirmedAt) ? { syncAgeMs: this.clock.now() - confirmedAt } : {}),
      entries: this.memory?.entries ?? 0,
      bytes: this.memory?.bytes ?? 0,
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    this.memory?.clear();
    this.filling.clear();
    await Promise.all([this.tagLog.close(), this.redis.close()]);
  }

  /** What the tiers have, fresh or stale, in the order of the keys. */
  private async find(keys: readonly string[], codec?: ValueCodec, newest = false): Promise<Found[]> {
    const now = this.clock.now();
    const found: Found[] = keys.map((key) => ({ record: this.inMemory(key, now), tier: 'process' }));
    // What is stale here may be fresh in Redis: another replica has fetched it again.
    const rest = new Set(keys.filter((_, index) => newest || !isFresh(found[index]?.record, now)));
    if (rest.size === 0) return found;
    const fetched = await this.inRedis([...rest], codec);
    return found.map((mine, index) => {
      const key = keys[index] ?? '';
      const theirs = rest.has(key) ? fetched.get(key) : undefined;
      const newer = theirs !== undefined && theirs.freshUntil > (mine.record?.freshUntil ?? 0);
      return newer ? { record: theirs, tier: 'redis' } : mine;
    });
  }

  private inMemory(key: string, now: number): CacheRecord | undefined {
    const record = this.memory?.get(key, now);
    return record !== undefined && this.usable(record, now) ? record : undefined;
  }

  /** Reads from Redis what memory does not have, and keeps it there, unless it was written or deleted meanwhile. */
  private async inRedis(
    keys: readonly string[],
    codec: ValueCodec | undefined,
  ): Promise<Map<string, CacheRecord>> {
    const read = {};
    if (this.memory !== undefined) for (const key of keys) this.filling.set(key, read);
    const records = await this.redis.read(keys);
    const now = this.clock.now();
    const result = new Map<string, CacheRecord>();
    keys.forEach((key, index) => {
      const record = records[index];
      const mayFill = this.filling.get(key) === read;
      if (mayFill) this.filling.delete(key);
      if (record === undefined || !this.tags.admits(record) || !this.usable(record, now)) return;
      // Read once, here: memory then holds the value itself.
      const readable = codec === undefined ? record : decoded(record, codec);
      if (readable === undefined) return;
      result.set(key, readable);
      const mine = mayFill ? this.inMemory(key, now) : undefined;
      if (mayFill && !(mine !== undefined && mine.freshUntil >= readable.freshUntil))
        this.memory?.set(key, readable);
    });
    return result;
  }

  /** Whether this process can know that the record was not invalidated. */
  private usable(record: CacheRecord, now: number): boolean {
    return record.tags.length === 0 || this.confirmed(record.readAt, now);
  }

  /** Whether data of the given age can be told from invalidated data. */
  private confirmed(readAt: number, now: number): boolean {
    return Math.max(this.tagLog.confirmedAt, readAt) + this.maxSilenceMs >= now;
  }
}

function isFresh(record: CacheRecord | undefined, now: number): boolean {
  return record !== undefined && record.freshUntil > now;
}
