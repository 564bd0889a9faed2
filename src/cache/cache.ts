/**
 * The one interface that everything cached goes through. Keys are opaque text made by src/loading. A value is text, or
 * anything else with a codec that makes text of it: memory holds it as it was given, so that a hit costs no parsing, and
 * text is made only for Redis. Values are shared by all who read them: none may be changed, before or after it is stored.
 * A cache never fails: what cannot be read is a miss, what cannot be written is forgotten (and counted).
 * An entry that cannot be kept (no lifetime, too large) empties its key, so that an older value never outlives it.
 */
export interface Cache {
  /**
   * A value that this process holds ready to use (not as text), if it is fresh. Counts as a hit when there is one, and as
   * nothing otherwise: who finds none asks `getValues`.
   */
  peek(key: string): HeldValue | undefined;
  /**
   * Values with their times in the order of `keys`, fresh or (where stored with `staleFor`) stale and marked so; what is
   * there as text goes through the codec, and text that the codec refuses counts as absent. `newest`: Redis is asked for
   * all of them, and what lives longest is taken; else only for what memory does not have fresh.
   */
  getValues(
    keys: readonly string[],
    codec: ValueCodec,
    newest?: boolean,
  ): Promise<(FoundValue | undefined)[]>;
  /**
   * Texts in the order of `keys`; undefined where absent, no longer fresh, invalidated, unreadable or the cache is out
   * of order.
   */
  getMany(keys: readonly string[]): Promise<(string | undefined)[]>;
  /** Texts with times, and with those past their lifetime that were stored with `staleFor`, marked as stale. */
  getManyWithAge(keys: readonly string[]): Promise<(AgedValue | undefined)[]>;
  /** Stores entries. Resolves once the stores have them; never rejects. */
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
  /** Marks this moment. To be taken before data is fetched, and given with the entries made of it. */
  readToken(): ReadToken;
  /**
   * Whether data that began to be fetched at `asOf` and carries these tags may still be used. For those who keep such
   * data elsewhere than in this cache, or hold it for a while.
   */
  isCurrent(tags: readonly string[], asOf: ReadToken): boolean;
  /** Milliseconds until EnOS shows what was written when the tag was last invalidated; 0 where it does. */
  showsAfter(tag: string): number;
  /** Leases on missing keys, by which replicas fetch once together; absent: the cache is of this process, or they are off. */
  readonly leases?: Leases | undefined;
  /** Whether the store answers at present; the in-process cache always does. */
  healthy(): boolean;
  /** Numbers for metrics, counted since start. */
  stats(): CacheStats;
  /** Closes connections. */
  close(): Promise<void>;
}

/** Leases on keys that are missing (redis/leases.ts). Hints, never locks: whatever becomes of them, no data is wrong. */
export interface Leases {
  /** Longest wait for keys that are leased elsewhere, in milliseconds. */
  readonly waitMs: number;
  /**
   * Leases what is not leased yet. Never rejects; where Redis is out of order nothing is leased, and nothing to be
   * waited for. `asOf` as in the entries that are to come.
   */
  take(keys: readonly LeasedKey[], asOf: ReadToken): Promise<Lease>;
}

/** A key with the tags of what is to come. */
export interface LeasedKey {
  readonly key: string;
  readonly tags: readonly string[];
}

/** Leases of one batch. */
export interface Lease {
  /** Keys that are being fetched by another replica. */
  readonly elsewhere: ReadonlySet<string>;
  /**
   * Resolves when those are fetched, given up, invalidated, or `ms` have passed; the cache then has them or not. Never
   * rejects.
   */
  settled(ms: number, signal: WaitSignal): Promise<void>;
  /** To be called once the other keys are stored, or will not be. Never rejects. */
  release(): Promise<void>;
}

/** Ends a wait; an AbortSignal is one. */
export interface WaitSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: { handleEvent(): void }): void;
  removeEventListener(type: 'abort', listener: { handleEvent(): void }): void;
}

/** Turns values into text and back. */
export interface ValueCodec {
  encode(value: unknown): string;
  /** Throws for text that it cannot read. Never returns undefined. */
  decode(text: string): unknown;
}

/** A value that may be used, with its times in Unix milliseconds by the clock of this process. */
export interface HeldValue {
  readonly value: unknown;
  /** When its fetch began (`asOf`), or else when it was stored. */
  readonly storedAt: number;
  /** End of its lifetime. */
  readonly freshUntil: number;
  /** What it was made of. */
  readonly tags: readonly string[];
}

/** A value that was looked up. */
export interface FoundValue extends HeldValue {
  /** Whether its lifetime is over. */
  readonly stale: boolean;
  /** Where it was, where a cache has found it. */
  readonly tier?: 'process' | 'redis';
}

/** One value with its lifetime. */
export type CacheEntry = EntryTerms &
  ({ value: string; codec?: undefined } | { value: unknown; codec: ValueCodec });

/** How an entry is kept. */
export interface EntryTerms {
  key: string;
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

/** A text with its times, in Unix milliseconds by the clock of this process. */
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
  /** Keys leased by this process before it fetched them; absent without leases. */
  leased?: number;
  /** Keys that another replica had leased; absent without leases. */
  leasedElsewhere?: number;
  /** Entries held in process. */
  entries: number;
  /** Approximate bytes held in process. */
  bytes: number;
}
