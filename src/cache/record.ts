import type { AgedValue, CacheEntry, FoundValue, HeldValue, ReadToken, ValueCodec } from './cache.js';

/** An entry as the tiers hold it. Times are in milliseconds of the clock of this process. */
export interface CacheRecord {
  /** The value as text; undefined where it is there as itself. */
  text: string | undefined;
  /** The value itself; undefined where only its text is there. */
  value: unknown;
  /** Of a value that is there as itself. */
  codec: ValueCodec | undefined;
  tags: readonly string[];
  /** The last invalidation known when the fetch of the value began. */
  position: string;
  /** When that fetch began. */
  readAt: number;
  freshUntil: number;
  /** End of its use; equal to `freshUntil` where it was stored without `staleFor`. */
  staleUntil: number;
}

/** The two clocks of a cache, in milliseconds. */
export interface Clock {
  /** Never goes back; what everything in this process is measured by. */
  now: () => number;
  /** Unix time; what replicas have in common. */
  wall: () => number;
}

/** The clocks of the machine. Times are told from one to the other by their difference. */
export const systemClock: Clock = { now: () => performance.now(), wall: () => Date.now() };

/**
 * Cuts lifetimes at random, so that replicas and batches which began together do not end together. What is stored together
 * is cut alike: it was fetched by one call, and by one call it should be fetched again.
 */
export interface Jitter {
  /** Largest share of a lifetime that is cut, from 0 to below 1. Default 0.1. */
  ttlJitter?: number;
  /** Number from 0 (included) to 1. Default: Math.random. */
  random?: () => number;
}

const DEFAULT_TTL_JITTER = 0.1;
/** Redis refuses expiry times beyond its clock's range; no lifetime of ours comes near a year. */
const MAX_LIFETIME = 365 * 24 * 3_600_000;
const NO_TAGS: readonly string[] = [];

/** The share of their lifetimes that entries keep which are stored together. */
export function keptShare({ ttlJitter = DEFAULT_TTL_JITTER, random = Math.random }: Jitter): number {
  return 1 - ttlJitter * random();
}

/** The record of an entry whose lifetime begins at `now`; undefined for one without a lifetime. */
export function recordOf(
  entry: CacheEntry,
  asOf: ReadToken,
  now: number,
  kept: number,
): CacheRecord | undefined {
  if (!(entry.ttl > 0)) return undefined;
  const freshUntil = now + Math.min(entry.ttl, MAX_LIFETIME) * kept;
  const staleFor = entry.staleFor !== undefined && entry.staleFor > 0 ? entry.staleFor : 0;
  // Members one by one here and below: V8 takes several times the time and the memory to spread an object into another.
  return {
    text: entry.codec === undefined ? entry.value : undefined,
    value: entry.codec === undefined ? undefined : entry.value,
    codec: entry.codec,
    tags: entry.tags === undefined || entry.tags.length === 0 ? NO_TAGS : entry.tags,
    position: asOf.position,
    readAt: Math.min(asOf.at, now),
    freshUntil,
    staleUntil: freshUntil + Math.min(staleFor, MAX_LIFETIME),
  };
}

/** The text of a record. */
export function recordText({ text, value, codec }: CacheRecord): string {
  return text ?? codec?.encode(value) ?? '';
}

/** The record with its value as itself; undefined where its text cannot be read. */
export function decoded(record: CacheRecord, codec: ValueCodec): CacheRecord | undefined {
  const { text, tags, position, readAt, freshUntil, staleUntil } = record;
  if (text === undefined) return record;
  let value: unknown;
  try {
    value = codec.decode(text);
  } catch {
    return undefined;
  }
  return { text: undefined, value, codec, tags, position, readAt, freshUntil, staleUntil };
}

/** What callers see of a value that is there as itself. */
export function heldValue(record: CacheRecord, now: number, clock: Clock): HeldValue {
  const offset = clock.wall() - now;
  return {
    value: record.value,
    storedAt: record.readAt + offset,
    freshUntil: record.freshUntil + offset,
    tags: record.tags,
  };
}

/** The same, looked up. */
export function foundValue(
  record: CacheRecord,
  now: number,
  clock: Clock,
  tier: FoundValue['tier'],
): FoundValue {
  const offset = clock.wall() - now;
  const { value, tags, readAt, freshUntil } = record;
  return {
    value,
    storedAt: readAt + offset,
    freshUntil: freshUntil + offset,
    tags,
    stale: freshUntil <= now,
    tier,
  };
}

/** What callers see of a text. */
export function agedValue(record: CacheRecord, now: number, clock: Clock): AgedValue {
  const offset = clock.wall() - now;
  return {
    value: recordText(record),
    storedAt: record.readAt + offset,
    freshUntil: record.freshUntil + offset,
    stale: record.freshUntil <= now,
  };
}
