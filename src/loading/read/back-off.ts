import { LRUCache } from 'lru-cache';

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
