/** Statistics of the values of a series. */
import type { SampleSeries } from '../../loading/series/types.js';
import { numberOf } from '../value/coerce.js';
import type { PointValue, SeriesStatistics } from './types.js';

/** Computed over all values, before any are left out. Sums and means where every value that is there is a number. */
export function statisticsOf(
  values: readonly PointValue[],
  { rawCount, truncated }: SampleSeries,
): SeriesStatistics {
  let count = 0;
  let numbers = 0;
  let sum = 0;
  let lowest: PointValue | null = null;
  let highest: PointValue | null = null;
  // Compared as they are: integers beyond 2^53 are bigints, which differ where their numbers do not.
  let min: number | bigint = Infinity;
  let max: number | bigint = -Infinity;
  let first: PointValue | null = null;
  let last: PointValue | null = null;
  // Compensated: a year of small values is not to be rounded away beside its sum.
  let lost = 0;
  for (const item of values) {
    const { value } = item;
    if (value === null) continue;
    count++;
    first ??= item;
    last = item;
    const number = numberOf(value);
    if (number === null) continue;
    numbers++;
    const next = sum + number;
    lost += Math.abs(sum) >= Math.abs(number) ? sum - next + number : number - next + sum;
    sum = next;
    const exact = value as number | bigint;
    if (exact < min) {
      min = exact;
      lowest = item;
    }
    if (exact > max) {
      max = exact;
      highest = item;
    }
  }
  const isNumeric = numbers > 0 && numbers === count;
  const total = sum + lost;
  return {
    count,
    rawCount,
    min: isNumeric ? Number(min) : null,
    max: isNumeric ? Number(max) : null,
    lowest: isNumeric ? lowest : null,
    highest: isNumeric ? highest : null,
    mean: isNumeric ? total / numbers : null,
    sum: isNumeric ? total : null,
    first,
    last,
    truncated,
  };
}
