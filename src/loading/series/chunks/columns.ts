/**
 * Samples in columns. As objects, each of which holds two boxed numbers, they take five times the memory and the collector of
 * garbage has to visit each: what is cached of series would soon be most of what there is.
 */
import type { Sample } from '../types.js';

/** Samples in order of time. */
export interface SampleColumns {
  /** Unix milliseconds, ascending. */
  readonly times: Float64Array;
  /** As EnOS sent them. */
  readonly values: Float64Array | readonly unknown[];
  /** Absent where no value has a quality. */
  readonly qualities: readonly (number | null)[] | undefined;
}

/** Columns of the samples at `start` and behind, but for those at `end` and behind. */
export function columnsOf(samples: readonly Sample[], start = 0, end = samples.length): SampleColumns {
  const times = new Float64Array(end - start);
  const values: unknown[] = [];
  let qualities: (number | null)[] | undefined;
  for (let index = start; index < end; index += 1) {
    const { time, value, quality } = samples[index]!;
    times[index - start] = time;
    values.push(value);
    if (quality !== null) qualities ??= new Array<number | null>(index - start).fill(null);
    qualities?.push(quality);
  }
  return { times, values: compactValues(values), qualities };
}

/** Values that are all numbers in half the space. */
export function compactValues(values: readonly unknown[]): Float64Array | readonly unknown[] {
  return values.every(isNumber) ? Float64Array.from(values) : values;
}

/** Adds the samples from `from` to before `to` (Unix milliseconds) to a list. */
export function addSamples(into: Sample[], columns: SampleColumns, from: number, to: number): void {
  const { times, values, qualities } = columns;
  const end = lowerBound(times.length, (index) => times[index]!, to);
  for (let index = lowerBound(end, (at) => times[at]!, from); index < end; index += 1) {
    into.push({ time: times[index]!, value: values[index], quality: qualities?.[index] ?? null });
  }
}

/** The first of so many ascending times that is not before `time`; their number where all are. */
export function lowerBound(length: number, timeAt: (index: number) => number, time: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timeAt(middle) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
