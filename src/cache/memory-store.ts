import { LRUCache } from 'lru-cache';
import type { HeldValue } from './cache.js';
import type { CacheRecord } from './record.js';

/** Bounds of what is held in process. */
export interface MemoryStoreOptions {
  /** Bound of everything held, in approximate bytes. */
  maxBytes: number;
  /** The largest share of `maxBytes` that one entry may take, above 0 and up to 1. Default 1/8. */
  maxEntryShare?: number;
}

/** A record as it is held. */
export interface Held extends CacheRecord {
  /** The version of the table of invalidations that it was last compared with. */
  checked: number;
  /** What callers see of it, made when the first one does. */
  seen: HeldValue | undefined;
  /** Approximate bytes that it occupies. */
  size: number;
}

/** What the store asks about records with tags. */
export interface TagCheck {
  /** Unchanged as long as no record became unreadable by an invalidation. */
  readonly version: number;
  admits(record: CacheRecord): boolean;
}

/** A map slot, list links, size, times and string headers: what an entry of no length costs, roughly. */
const ENTRY_OVERHEAD_BYTES = 280;
const TAG_OVERHEAD_BYTES = 40;
/** V8 keeps text in one or two bytes per UTF-16 unit; two never underrates. */
const BYTES_PER_UNIT = 2;

/** Approximate bytes that an entry occupies in process: of a text by its length, of a value by a walk through it. */
export function entryBytes(
  key: string,
  { text, value, tags }: Pick<CacheRecord, 'text' | 'value' | 'tags'>,
): number {
  const content = text === undefined ? approximateBytes(value) : text.length * BYTES_PER_UNIT;
  let bytes = key.length * BYTES_PER_UNIT + content + ENTRY_OVERHEAD_BYTES;
  for (const tag of tags) bytes += tag.length * BYTES_PER_UNIT + TAG_OVERHEAD_BYTES;
  return bytes;
}

/** Records in this process: the least recently used leave first when the bound in bytes is reached. */
export class MemoryStore {
  private readonly records: LRUCache<string, Held>;
  private readonly maxEntryBytes: number;
  private evicted = 0;

  constructor(
    options: MemoryStoreOptions,
    private readonly tags: TagCheck,
  ) {
    const maxBytes = Math.floor(options.maxBytes);
    if (!(maxBytes > 0)) throw new RangeError('The cache needs a bound of at least one byte.');
    this.maxEntryBytes = Math.max(1, Math.floor(maxBytes * (options.maxEntryShare ?? 1 / 8)));
    this.records = new LRUCache<string, Held>({
      maxSize: maxBytes,
      maxEntrySize: this.maxEntryBytes,
      sizeCalculation: (record) => record.size,
      dispose: (_record, _key, reason) => {
        if (reason === 'evict') this.evicted += 1;
      },
    });
  }

  /** The record of a key, fresh or stale; undefined where absent, at its end, or invalidated. */
  get(key: string, now: number): Held | undefined {
    const record = this.records.get(key);
    if (record === undefined) return undefined;
    if (record.staleUntil <= now || !this.current(record)) {
      this.records.delete(key);
      return undefined;
    }
    return record;
  }

  /** Keeps a record; one that is too large empties its key. */
  set(key: string, record: CacheRecord): void {
    const size = entryBytes(key, record);
    if (size <= this.maxEntryBytes) {
      this.records.set(key, heldOf(record, this.tags.version, size));
    } else {
      this.records.delete(key);
    }
  }

  delete(key: string): void {
    this.records.delete(key);
  }

  clear(): void {
    this.records.clear();
  }

  /** Entries that left to make room. */
  get evictions(): number {
    return this.evicted;
  }

  get entries(): number {
    return this.records.size;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.records.calculatedSize;
  }

  /** Compares with the invalidations only after one has happened: most reads find nothing new. */
  private current(record: Held): boolean {
    const { version } = this.tags;
    if (record.checked === version) return true;
    if (!this.tags.admits(record)) return false;
    record.checked = version;
    return true;
  }
}

/** A record to be held. Member by member: to spread it would cost more than all else that is done for an entry. */
function heldOf(record: CacheRecord, checked: number, size: number): Held {
  return {
    text: record.text,
    value: record.value,
    codec: record.codec,
    tags: record.tags,
    position: record.position,
    readAt: record.readAt,
    freshUntil: record.freshUntil,
    staleUntil: record.staleUntil,
    checked,
    seen: undefined,
    size,
  };
}

const OBJECT_BYTES = 56;
const PROPERTY_BYTES = 16;
const ELEMENT_BYTES = 8;
const STRING_BYTES = 24;
const NUMBER_BYTES = 16;
/** Binary data is three objects and a piece of memory outside the heap. */
const BUFFER_BYTES = 200;
/** An error has a text and a stack. */
const ERROR_BYTES = 2_000;
/** What is nested deeper counts flat: no data of ours is. */
const DEEPEST = 64;

/**
 * Approximate bytes of plain data, maps, sets and binary data, never less than about what V8 takes. A part that occurs
 * twice counts twice.
 */
export function approximateBytes(value: unknown, depth = 0): number {
  if (typeof value === 'string') return STRING_BYTES + value.length * BYTES_PER_UNIT;
  if (typeof value === 'number') return NUMBER_BYTES;
  if (typeof value === 'bigint') return NUMBER_BYTES + value.toString(16).length;
  if (typeof value !== 'object' || value === null) return ELEMENT_BYTES;
  if (ArrayBuffer.isView(value)) return BUFFER_BYTES + value.byteLength;
  if (depth >= DEEPEST) return ERROR_BYTES;
  if (Array.isArray(value)) {
    let bytes = OBJECT_BYTES;
    for (const item of value) bytes += ELEMENT_BYTES + approximateBytes(item, depth + 1);
    return bytes;
  }
  if (value instanceof Error) return ERROR_BYTES + value.message.length * BYTES_PER_UNIT;
  if (value instanceof Map || value instanceof Set) {
    let bytes = OBJECT_BYTES;
    for (const item of value) bytes += PROPERTY_BYTES + approximateBytes(item, depth + 1);
    return bytes;
  }
  let bytes = OBJECT_BYTES;
  for (const name in value) {
    // Names are shared among objects of one shape; in dictionaries each is a text of its own.
    bytes +=
      PROPERTY_BYTES + name.length + approximateBytes((value as Record<string, unknown>)[name], depth + 1);
  }
  return bytes;
}
