/** Makes one value of many: of the records of an interval, or of the aggregates of its parts. Pure. */
import { toNumber } from './items.js';
import type { AggregateFunction, Sample } from './types.js';

/** What is known of one interval so far. */
export interface Bucket {
  count: number;
  sum: number;
  /** Rounding error of `sum` that is still to be taken off (Kahan), so that the order of records hardly matters. */
  error: number;
  max: number;
  min: number;
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
    error: 0,
    max: -Infinity,
    min: Infinity,
    first: undefined,
    firstTime: Infinity,
    last: undefined,
    lastTime: -Infinity,
  };
}

/** Adds to the sum. */
export function addToSum(bucket: Bucket, number: number): void {
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
  const number = toNumber(sample.value);
  if (number === null) return false;
  bucket.count += 1;
  addToSum(bucket, number);
  bucket.max = Math.max(bucket.max, number);
  bucket.min = Math.min(bucket.min, number);
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
  values: Partial<Record<AggregateFunction, number>>,
): void {
  if (values.sum !== undefined) addToSum(bucket, values.sum);
  bucket.count += values.count ?? 0;
  bucket.max = Math.max(bucket.max, values.max ?? -Infinity);
  bucket.min = Math.min(bucket.min, values.min ?? Infinity);
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
      return bucket.count > 0 ? finite(bucket.sum / bucket.count) : undefined;
    case 'sum':
      return finite(bucket.sum);
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

function finite(number: number): number | undefined {
  return Number.isFinite(number) ? number : undefined;
}
