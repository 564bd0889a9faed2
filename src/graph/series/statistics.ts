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
  let min = Infinity;
  let max = -Infinity;
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
    if (number < min) min = number;
    if (number > max) max = number;
  }
  const isNumeric = numbers > 0 && numbers === count;
  const total = sum + lost;
  return {
    count,
    rawCount,
    min: isNumeric ? min : null,
    max: isNumeric ? max : null,
    mean: isNumeric ? total / numbers : null,
    sum: isNumeric ? total : null,
    first,
    last,
    truncated,
  };
}
