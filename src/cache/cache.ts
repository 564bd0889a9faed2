/**
 * The one interface that everything cached goes through. Keys are opaque text made by src/loading; values are JSON
 * text, so that the in-process cache and Redis hold the same thing and nobody can change a cached value by accident.
 * A cache never fails: what cannot be read is a miss, what cannot be written is forgotten (and counted).
 * An entry that cannot be kept (no lifetime, too large) empties its key, so that an older value never outlives it.
 */
export interface Cache {
  /** Values in the order of `keys`; undefined where absent, expired, unreadable or the cache is out of order. */
  getMany(keys: readonly string[]): Promise<(string | undefined)[]>;
  /** Stores entries. Resolves when handed over; never rejects. */
  setMany(entries: readonly CacheEntry[]): Promise<void>;
  /** Forgets keys. Never rejects. */
  deleteMany(keys: readonly string[]): Promise<void>;
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
  /** Lifetime in milliseconds; entries of 0 or less are not stored. */
  ttl: number;
}

/** Counters since start and present sizes. */
export interface CacheStats {
  hits: number;
  misses: number;
  /** Reads, writes and deletions (calls, not keys) that failed in whole or in part, or ran out of time. */
  failures: number;
  /** Calls that were not tried because the store was known to be out of order; absent where that cannot happen. */
  skipped?: number;
  /** Entries held in process; 0 for Redis, which is not asked. */
  entries: number;
  /** Approximate bytes held in process. */
  bytes: number;
}
