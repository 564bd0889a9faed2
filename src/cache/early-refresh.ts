import type { AgedValue } from './cache.js';

/** What a refresh costs when nobody has measured it: this share of the lifetime. */
const DEFAULT_COST_SHARE = 0.02;

/**
 * Whether a fresh value should be fetched again already, so that not everybody finds it missing at its end: the nearer
 * the end, the likelier, and with the dearer fetches the earlier (optimal probabilistic cache stampede prevention,
 * Vattani, Chierichetti and Lowenstein, 2015). True for a stale value.
 * @param entry a value of the cache
 * @param now Unix milliseconds
 * @param random a number from 0 (included) to 1, drawn anew for every call
 * @param costMs how long the fetch takes, in milliseconds. Default: a fiftieth of the lifetime
 */
export function shouldRefreshEarly(
  entry: Pick<AgedValue, 'storedAt' | 'freshUntil'>,
  now: number,
  random: number,
  costMs = Math.max(0, entry.freshUntil - entry.storedAt) * DEFAULT_COST_SHARE,
): boolean {
  // 1 - random is above 0, so the logarithm is finite.
  return now - costMs * Math.log(1 - random) >= entry.freshUntil;
}
