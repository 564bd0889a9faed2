/** When what is cached is fetched again: shortly before its end, and not at once after a failure. */
import { LRUCache } from 'lru-cache';
import type { HeldValue } from '../../cache/cache.js';

type Times = Pick<HeldValue, 'storedAt' | 'freshUntil'>;

/** The last part of a lifetime, in which the first read has the value fetched again. */
const DUE_PART = 0.1;
/** The part in which it goes along with another one that is due: what is asked for together is then fetched by one call. */
const NEAR_PART = 0.2;

/** Unix milliseconds from which on a read has the value fetched again. */
export function dueAt({ storedAt, freshUntil }: Times): number {
  return freshUntil - (freshUntil - storedAt) * DUE_PART;
}

/** Whether a value is so near its end that it is fetched again along with one that is due; true after its end. */
export function isNearEnd({ storedAt, freshUntil }: Times, now: number): boolean {
  return freshUntil - now <= (freshUntil - storedAt) * NEAR_PART;
}

/** What is remembered of a key whose refresh failed. */
interface Failure {
  error: Error;
  failures: number;
  /** Unix milliseconds. */
  until: number;
}

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;
const MAX_KEYS = 10_000;

/**
 * Keys whose refresh failed lately: while EnOS is down, not every request tries again what has just failed, as long as
 * there is a stale value to serve. The wait doubles with each failure, at random between half and all of it.
 */
export class BackOff {
  private readonly keys = new LRUCache<string, Failure>({ max: MAX_KEYS });

  /** What the last try failed with, if it is too early for another one. */
  failure(key: string, now: number): Error | undefined {
    const known = this.keys.get(key);
    return known !== undefined && now < known.until ? known.error : undefined;
  }

  /** A try has failed. */
  failed(key: string, error: Error, now: number, random = Math.random()): void {
    const failures = (this.keys.get(key)?.failures ?? 0) + 1;
    const longest = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** Math.min(failures - 1, 10));
    this.keys.set(key, { error, failures, until: now + longest * (0.5 + 0.5 * random) });
  }

  /** A try has succeeded. */
  succeeded(key: string): void {
    if (this.keys.size > 0) this.keys.delete(key);
  }
}
