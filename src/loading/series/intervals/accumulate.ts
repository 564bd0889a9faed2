/** Makes one value of many: of the records of an interval, or of the aggregates of its parts. Pure. */
import type { AggregateFunction, Sample } from '../types.js';
import { toNumber } from '../pairs/items.js';

/** What is known of one interval so far. */
export interface Bucket {
  count: number;
  /** Sum of what is not in `whole`. */
  sum: number;
  /** Exact sum of integers that `sum` has no room for; null while there are none. */
  whole: bigint | null;
  /** Rounding error of `sum` that is still to be taken off (Kahan), so that the order of records hardly matters. */
  error: number;
  max: ExactNumber;
  min: ExactNumber;
  first: unknown;
  firstTime: number;
  last: unknown;
  lastTime: number;
}

/** A bucket without records. */
export function emptyBucket(): Bucket {
  return {
    count: 0,
    sum: 0,
    whole: null,
    error: 0,
    max: -Infinity,
    min: Infinity,
    first: undefined,
    firstTime: Infinity,
    last: undefined,
    lastTime: -Infinity,
  };
}

/** Adds to the sum: exactly, as long as all that is added are integers. */
export function addToSum(bucket: Bucket, number: ExactNumber): void {
  if (typeof number === 'bigint') {
    bucket.whole = (bucket.whole ?? 0n) + number;
    return;
  }
  if (
    Number.isSafeInteger(number) &&
    Number.isSafeInteger(bucket.sum) &&
    !Number.isSafeInteger(bucket.sum + number)
  ) {
    bucket.whole = (bucket.whole ?? 0n) + BigInt(bucket.sum);
    bucket.sum = number;
    return;
  }
  const corrected = number - bucket.error;
  const sum = bucket.sum + corrected;
  bucket.error = sum - bucket.sum - corrected;
  bucket.sum = sum;
}

/** Adds a stored record; one that is no number counts only for functions that need none. */
export function addRecord(bucket: Bucket, sample: Sample, aggregate: AggregateFunction): boolean {
  if (aggregate === 'count' || aggregate === 'first' || aggregate === 'last') {
    bucket.count += 1;
    addEnds(bucket, sample.time, sample.value);
    return true;
  }
  const number = toExactNumber(sample.value);
  if (number === null) return false;
  bucket.count += 1;
  addToSum(bucket, number);
  bucket.max = greater(bucket.max, number);
  bucket.min = lesser(bucket.min, number);
  return true;
}

/** Functions that the parts of an interval are asked for, so that `aggregate` of the whole follows from them. */
export function partFunctions(aggregate: AggregateFunction): readonly AggregateFunction[] {
  return aggregate === 'avg' ? ['sum', 'count'] : [aggregate];
}

/** Adds what EnOS computed for one part of an interval. */
export function addPart(
  bucket: Bucket,
  time: number,
  values: Partial<Record<AggregateFunction, ExactNumber>>,
): void {
  if (values.sum !== undefined) addToSum(bucket, values.sum);
  bucket.count += Number(values.count ?? 0);
  bucket.max = greater(bucket.max, values.max ?? -Infinity);
  bucket.min = lesser(bucket.min, values.min ?? Infinity);
  if (values.first !== undefined && time < bucket.firstTime) {
    bucket.first = values.first;
    bucket.firstTime = time;
  }
  if (values.last !== undefined && time > bucket.lastTime) {
    bucket.last = values.last;
    bucket.lastTime = time;
  }
}

/** The value of the interval; undefined where nothing went in. */
export function valueOf(bucket: Bucket, aggregate: AggregateFunction): unknown {
  switch (aggregate) {
    case 'avg':
      return bucket.count > 0 ? finite(Number(sumOf(bucket)) / bucket.count) : undefined;
    case 'sum':
      return finite(sumOf(bucket));
    case 'count':
      return bucket.count;
    case 'max':
      return finite(bucket.max);
    case 'min':
      return finite(bucket.min);
    case 'first':
      return bucket.first;
    case 'last':
      return bucket.last;
  }
}

function addEnds(bucket: Bucket, time: number, value: unknown): void {
  if (time < bucket.firstTime) {
    bucket.first = value;
    bucket.firstTime = time;
  }
  if (time > bucket.lastTime) {
    bucket.last = value;
    bucket.lastTime = time;
  }
}

/** An integer where all parts are integers; else rounded once, at the end. */
function sumOf({ sum, whole }: Bucket): ExactNumber {
  if (whole === null) return sum;
  return Number.isSafeInteger(sum) ? shrink(whole + BigInt(sum)) : Number(whole) + sum;
}

function finite(number: ExactNumber): ExactNumber | undefined {
  return typeof number === 'bigint' || Number.isFinite(number) ? number : undefined;
}

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
