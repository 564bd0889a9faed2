import type { AgedValue, CacheEntry, ReadToken } from './cache.js';

/** An entry as the tiers hold it. Times are in milliseconds of the clock of this process. */
export interface CacheRecord {
  value: string;
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

/** The clocks of the machine. */
export const systemClock: Clock = { now: () => performance.now(), wall: () => Date.now() };

/** Cuts lifetimes at random, so that what was stored together does not end together. */
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

/** The record of an entry whose lifetime begins at `now`; undefined for one without a lifetime. */
export function recordOf(
  entry: CacheEntry,
  asOf: ReadToken,
  now: number,
  jitter: Jitter,
): CacheRecord | undefined {
  if (!(entry.ttl > 0)) return undefined;
  const kept = 1 - (jitter.ttlJitter ?? DEFAULT_TTL_JITTER) * (jitter.random ?? Math.random)();
  const freshUntil = now + Math.min(entry.ttl, MAX_LIFETIME) * kept;
  const staleFor = entry.staleFor !== undefined && entry.staleFor > 0 ? entry.staleFor : 0;
  return {
    value: entry.value,
    tags: entry.tags === undefined || entry.tags.length === 0 ? NO_TAGS : entry.tags,
    position: asOf.position,
    readAt: Math.min(asOf.at, now),
    freshUntil,
    staleUntil: freshUntil + Math.min(staleFor, MAX_LIFETIME),
  };
}

/** What callers see of a record. */
export function agedValue(record: CacheRecord, now: number, clock: Clock): AgedValue {
  const offset = clock.wall() - now;
  return {
    value: record.value,
    storedAt: record.readAt + offset,
    freshUntil: record.freshUntil + offset,
    stale: record.freshUntil <= now,
  };
}
