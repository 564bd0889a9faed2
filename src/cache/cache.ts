/**
 * The one interface that everything cached goes through. Keys are opaque text made by src/loading; values are JSON
 * text, so that the in-process cache and Redis hold the same thing and nobody can change a cached value by accident.
 * A cache never fails: what cannot be read is a miss, what cannot be written is forgotten (and counted).
 * An entry that cannot be kept (no lifetime, too large) empties its key, so that an older value never outlives it.
 */
export interface Cache {
  /**
   * Values in the order of `keys`; undefined where absent, no longer fresh, invalidated, unreadable or the cache is out
   * of order.
   */
  getMany(keys: readonly string[]): Promise<(string | undefined)[]>;
  /** The same with times, and with values past their lifetime that were stored with `staleFor`, marked as stale. */
  getManyWithAge(keys: readonly string[]): Promise<(AgedValue | undefined)[]>;
  /** Stores entries. Resolves when handed over; never rejects. */
  setMany(entries: readonly CacheEntry[]): Promise<void>;
  /**
   * Forgets keys, here and in Redis. Never rejects. The process tiers of other replicas are reached by
   * `invalidateTags` alone.
   */
  deleteMany(keys: readonly string[]): Promise<void>;
  /**
   * Makes every entry that carries one of the tags unreadable: in this process at once, in the others as
   * docs/redis.md says. Resolves when it is on record for the others, or when the time of an access is over and the
   * cache will go on trying; never rejects.
   */
  invalidateTags(tags: readonly string[]): Promise<void>;
  /** Marks this moment. To be taken before data is fetched, and handed over with the entries made of it. */
  readToken(): ReadToken;
  /**
   * Whether data that began to be fetched at `asOf` and carries these tags may still be used. For those who keep such
   * data elsewhere than in this cache, or hold it for a while.
   */
  isCurrent(tags: readonly string[], asOf: ReadToken): boolean;
  /** Whether the store answers at present; the in-process cache always does. */
  healthy(): boolean;
  /** Numbers for metrics, counted since start. */
  stats(): CacheStats;
  /** Closes connections. */
  close(): Promise<void>;
}

/** One value with its lifetime. */
export interface CacheEntry {
  key: string;
  /** JSON text. */
  value: string;
  /** Lifetime in milliseconds, of which the cache may cut a random tenth; entries of 0 or less are not stored. */
  ttl: number;
  /** Milliseconds beyond `ttl` during which `getManyWithAge` may hand the value out as stale. Default 0. */
  staleFor?: number;
  /** What the value was made of; `invalidateTags` takes the same words. */
  tags?: readonly string[];
  /**
   * When the fetch of the value began. An entry with a tag that was invalidated after that, or so shortly before that
   * EnOS may not have shown the write yet, is not kept. Absent: now, which cannot tell a fetch that an invalidation
   * overtook; entries with tags should have it.
   */
  asOf?: ReadToken;
}

/** A moment in the order of invalidations. Opaque; of use in this process only. */
export interface ReadToken {
  /** The last invalidation known at that moment. */
  readonly position: string;
  /** The moment by the clock of this process. */
  readonly at: number;
}

/** A value with its times, in Unix milliseconds by the clock of this process. */
export interface AgedValue {
  value: string;
  /** When its fetch began (`asOf`), or else when it was stored. */
  storedAt: number;
  /** End of its lifetime. */
  freshUntil: number;
  /** Whether that is over. */
  stale: boolean;
}

/** Counters since start and present sizes. */
export interface CacheStats {
  /** Keys answered with a fresh value. */
  hits: number;
  /** Keys answered with nothing. */
  misses: number;
  /** Of the hits, those from memory. */
  processHits: number;
  /** Of the hits, those from Redis. */
  redisHits: number;
  /** Keys that `getManyWithAge` answered with a stale value; neither hits nor misses. */
  staleServes: number;
  /** Tags invalidated, by this process or another. */
  invalidations: number;
  /** Entries not kept because a tag of theirs had been invalidated since their fetch began, or shortly before. */
  refused: number;
  /** Entries that left the process to make room. */
  evictions: number;
  /** Reads, writes and deletions (calls, not keys) that failed in whole or in part, or ran out of time. */
  failures: number;
  /** Calls that were not tried because the store was known to be out of order; absent where that cannot happen. */
  skipped?: number;
  /** Invalidations of this process that the others cannot know of yet, in tags; absent without Redis. */
  pendingInvalidations?: number;
  /** Milliseconds since this process last knew all invalidations; absent without Redis, and before the first time. */
  syncAgeMs?: number;
  /** Entries held in process. */
  entries: number;
  /** Approximate bytes held in process. */
  bytes: number;
}
