/** Numbers of series, integers among them exact at any size. */
import { toNumber } from './items.js';

/** A number; an integer beyond 2^53 is a `bigint`. Both compare exactly with one another. */
export type ExactNumber = number | bigint;

/** Longest text that is looked at: an integer of 64 bits has 20 characters. */
const LONGEST = 42;
/** Fewer digits fit a number exactly. */
const LONG_INTEGER = /^\s*[+-]?\d{16,40}\s*$/;

/** A number out of what EnOS sends for one, exact where it is an integer; null for what is none. */
export function toExactNumber(value: unknown): ExactNumber | null {
  if (typeof value === 'bigint') return shrink(value);
  if (typeof value === 'string' && value.length <= LONGEST && LONG_INTEGER.test(value))
    return shrink(BigInt(value.trim().replace(/^\+/, '')));
  return toNumber(value);
}

/** The number of an integer where that is exact, else the integer itself. */
export function shrink(value: bigint): ExactNumber {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The smaller one. */
export function lesser<T extends ExactNumber>(a: T, b: T): T {
  return b < a ? b : a;
}

/** The greater one. */
export function greater<T extends ExactNumber>(a: T, b: T): T {
  return b > a ? b : a;
}
