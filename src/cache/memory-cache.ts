import { LRUCache } from 'lru-cache';
import type { Cache, CacheEntry, CacheStats } from './cache.js';

/** Settings of the in-process cache. */
export interface MemoryCacheOptions {
  /** Bound of everything held, in approximate bytes. */
  maxBytes: number;
  /** The largest share of `maxBytes` that one entry may take, above 0 and up to 1. Default 1/8. */
  maxEntryShare?: number;
  /** Clock in milliseconds, above 0 and never going back. Default: performance.now. */
  now?: () => number;
}

/** A map slot, list links, size, expiry and two string headers: what an entry of no length costs, roughly. */
const ENTRY_OVERHEAD_BYTES = 200;
/** V8 keeps text in one or two bytes per UTF-16 unit; two never underrates. */
const BYTES_PER_UNIT = 2;

/** Approximate bytes that an entry occupies in process. */
export function entryBytes(key: string, value: string): number {
  return (key.length + value.length) * BYTES_PER_UNIT + ENTRY_OVERHEAD_BYTES;
}

/** Cache in this process: least recently used entries leave first when the bound in bytes is reached. */
export class MemoryCache implements Cache {
  private readonly entries: LRUCache<string, string>;
  private readonly maxEntryBytes: number;
  private hits = 0;
  private misses = 0;

  constructor(options: MemoryCacheOptions) {
    const maxBytes = Math.floor(options.maxBytes);
    if (!(maxBytes > 0)) throw new RangeError('The cache needs a bound of at least one byte.');
    this.maxEntryBytes = Math.max(1, Math.floor(maxBytes * (options.maxEntryShare ?? 1 / 8)));
    this.entries = new LRUCache<string, string>({
      maxSize: maxBytes,
      maxEntrySize: this.maxEntryBytes,
      sizeCalculation: (value, key) => entryBytes(key, value),
      // An injected clock must be read every time; the real one may be remembered for a millisecond.
      ...(options.now === undefined ? {} : { perf: { now: options.now }, ttlResolution: 0 }),
    });
  }

  async getMany(keys: readonly string[]): Promise<(string | undefined)[]> {
    return keys.map((key) => {
      const value = this.entries.get(key);
      if (value === undefined) this.misses += 1;
      else this.hits += 1;
      return value;
    });
  }

  async setMany(entries: readonly CacheEntry[]): Promise<void> {
    for (const { key, value, ttl } of entries) {
      if (ttl > 0 && entryBytes(key, value) <= this.maxEntryBytes) {
        // The LRU takes whole milliseconds only, and reads 0 as "for ever".
        this.entries.set(key, value, { ttl: Math.min(Math.ceil(ttl), Number.MAX_SAFE_INTEGER) });
      } else {
        this.entries.delete(key);
      }
    }
  }

  async deleteMany(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.entries.delete(key);
  }

  healthy(): boolean {
    return true;
  }

  stats(): CacheStats {
    return {
      hits: this.hits,
      misses: this.misses,
      failures: 0,
      entries: this.entries.size,
      bytes: this.entries.calculatedSize,
    };
  }

  async close(): Promise<void> {
    this.entries.clear();
  }
}
