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
import { MemoryStore, type MemoryStoreOptions } from './memory-store.js';
import { ReadCounter } from './read-results.js';
import { decoded, heldValue, keptShare, recordOf, systemClock, type Clock, type Jitter } from './record.js';
import { localPosition, TagTable, type TagTableOptions } from './tags/table.js';

/** Settings of the in-process cache; its clocks are by default those of the machine. */
export interface MemoryCacheOptions extends MemoryStoreOptions, Jitter, TagTableOptions, Partial<Clock> {}

/** Cache in this process: least recently used entries leave first when the bound in bytes is reached. */
export class MemoryCache implements Cache {
  private readonly clock: Clock;
  private readonly tags: TagTable;
  private readonly store: MemoryStore;
  private readonly reads: ReadCounter;
  private refused = 0;
  private order = 0;

  constructor(private readonly options: MemoryCacheOptions) {
    this.clock = { now: options.now ?? systemClock.now, wall: options.wall ?? systemClock.wall };
    this.tags = new TagTable(options, () => this.clock.now());
    this.store = new MemoryStore(options, this.tags);
    this.reads = new ReadCounter(this.clock);
  }

  peek(key: string): HeldValue | undefined {
    const now = this.clock.now();
    const held = this.store.get(key, now);
    if (held === undefined || held.value === undefined || held.freshUntil <= now) return undefined;
    this.reads.processHits += 1;
    return (held.seen ??= heldValue(held, now, this.clock));
  }

  async getValues(keys: readonly string[], codec: ValueCodec): Promise<(FoundValue | undefined)[]> {
    const now = this.clock.now();
    return keys.map((key) => {
      const record = this.store.get(key, now);
      return this.reads.found(record && decoded(record, codec), 'process', now);
    });
  }

  async getMany(keys: readonly string[]): Promise<(string | undefined)[]> {
    const now = this.clock.now();
    return keys.map((key) => this.reads.fresh(this.store.get(key, now), 'process', now));
  }

  async getManyWithAge(keys: readonly string[]): Promise<(AgedValue | undefined)[]> {
    const now = this.clock.now();
    return keys.map((key) => this.reads.aged(this.store.get(key, now), 'process', now));
  }

  async setMany(entries: readonly CacheEntry[]): Promise<void> {
    const present = this.readToken();
    const kept = keptShare(this.options);
    for (const entry of entries) {
      const asOf = entry.asOf ?? present;
      const record = recordOf(entry, asOf, present.at, kept);
      if (record !== undefined && this.tags.admitsFetched(record.tags, asOf)) {
        this.store.set(entry.key, record);
      } else {
        if (record !== undefined) this.refused += 1;
        this.store.delete(entry.key);
      }
    }
  }

  async deleteMany(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.store.delete(key);
  }

  async invalidateTags(tags: readonly string[]): Promise<void> {
    if (tags.length === 0) return;
    this.order += 1;
    const position = localPosition(this.order);
    this.tags.apply(tags, position);
    this.tags.advance(position);
  }

  readToken(): ReadToken {
    return this.tags.token();
  }

  isCurrent(tags: readonly string[], asOf: ReadToken): boolean {
    return this.tags.admitsFetched(tags, asOf);
  }

  showsAfter(tag: string): number {
    return this.tags.showsAfter(tag);
  }

  healthy(): boolean {
    return true;
  }

  stats(): CacheStats {
    return {
      ...this.reads.counts(),
      invalidations: this.tags.invalidations,
      refused: this.refused,
      evictions: this.store.evictions,
      failures: 0,
      entries: this.store.entries,
      bytes: this.store.bytes,
    };
  }

  async close(): Promise<void> {
    this.store.clear();
  }
}
