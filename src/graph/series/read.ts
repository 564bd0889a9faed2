/** A series from its arguments: stored values, or aggregates over intervals. */
import type { AggregateFunction, SampleSeries, AggregateRequest } from '../../loading/series/types.js';
import type { GraphContext } from '../context.js';
import type { DurationValue } from '../scalars/duration.js';
import { badUserInput } from '../errors/raise.js';
import type { Measurepoint } from '../model/features.js';
import { isNumeric, numberOf } from '../value/coerce.js';
import type { ValueType } from '../value/data-definition.js';
import { assetOf, keyOf, kindsOf, definitionOf, storageOf } from './point.js';
import { PointValue, Series, type AssetPoint, type SeriesStatistics } from './types.js';
import { formatDateTime } from '../scalars/date-time.js';

/** Arguments of `AssetPoint.series`, instants in Unix milliseconds. */
export interface SeriesArguments {
  from: number;
  to: number;
  interval: DurationValue | null | undefined;
  aggregate: AggregateFunction | null | undefined;
  limit: number | null | undefined;
  maxPoints: number | null | undefined;
  withQuality: boolean;
}

/** Reads a series. Throws BAD_USER_INPUT for arguments that make no sense, and gives null for a point that the model lacks. */
export async function readSeries(
  point: AssetPoint,
  args: SeriesArguments,
  context: GraphContext,
): Promise<Series | null> {
  const interval = check(args);
  // Model, storage and asset do not wait for one another.
  const [definition, kinds, asset] = await Promise.all([
    definitionOf(point, context),
    kindsOf(point, context),
    interval ? assetOf(point, context) : null,
  ]);
  if (!definition) return null;
  if (args.maxPoints != null && args.aggregate !== 'count' && !isNumeric(definition.dataType)) {
    throw badUserInput(
      `Argument "maxPoints": values of "${point.pointId}" are no numbers (${definition.dataType ?? 'unknown type'}). Use "limit".`,
      'maxPoints',
    );
  }
  const aggregate = interval ? (args.aggregate ?? defaultAggregate(definition)) : null;
  const request = {
    ...keyOf(point),
    from: args.from,
    to: args.to,
    ...(args.limit != null ? { limit: args.limit } : {}),
    storage: storageOf(definition, kinds),
  };
  const { series } = context.loaders;
  const samples =
    interval && aggregate && asset
      ? await series.aggregate({ ...request, interval, aggregate, timezone: asset.timezone })
      : await series.history({
          ...request,
          withQuality: args.withQuality && request.storage.hasQuality,
        });
  const known = { type: typeOfValues(definition, aggregate) };
  const values = samples.samples.map((sample) => new PointValue(sample, known));
  const shown =
    args.maxPoints == null ? values : downsample(values, args.maxPoints, ({ value }) => numberOf(value));
  const unit = aggregate === 'count' ? null : definition.unit;
  return new Series(unit, shown, () => statisticsOf(values, samples));
}

function check(args: SeriesArguments): ReturnType<typeof toInterval> | null {
  checkRange(args.from, args.to);
  checkAtLeast(args.limit, 1, 'limit');
  checkAtLeast(args.maxPoints, 2, 'maxPoints');
  if (args.interval) return toInterval(args.interval);
  if (args.aggregate == null) return null;
  throw badUserInput(
    'Argument "aggregate" needs "interval": the length of time that becomes one value, e.g. PT10M.',
    'aggregate',
  );
}

/** What one expects of a kind of point: a mean power, a sum of energy, the state at the end. */
function defaultAggregate({ signalType, dataType }: Measurepoint): AggregateFunction {
  if (!isNumeric(dataType)) return 'last';
  if (signalType === 'AI') return 'avg';
  return signalType === 'PI' ? 'sum' : 'last';
}

/** A mean of integers is no integer, and a number of values has not the type of the values. */
function typeOfValues({ valueType }: Measurepoint, aggregate: AggregateFunction | null): ValueType {
  if (aggregate === 'count') return { dataType: 'INT', definition: null };
  if (aggregate === 'avg') return { dataType: 'DOUBLE', definition: null };
  return valueType;
}

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
  // Compensated: a year of small values is not to be rounded away besides its sum.
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

/**
 * Fewer values for the same picture. The time range is cut into buckets of equally many values, and each gives its smallest and
 * its greatest: a peak of a minute survives a year's chart, which averages and strides would lose. First and last value stay.
 */

/** Values in order, read through `numberAt`; null for one that is no number. */
export function downsample<T>(
  items: readonly T[],
  most: number,
  numberOf: (item: T) => number | null,
): readonly T[] {
  const [first] = items;
  const last = items.at(-1);
  if (items.length <= most || first === undefined || last === undefined) return items;
  if (most <= 1) return [last];
  if (most === 2) return [first, last];
  const inner = items.length - 2;
  // A bucket gives two values; with an odd number left, the last bucket gives one.
  const buckets = Math.ceil((most - 2) / 2);
  const result: T[] = [first];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const start = 1 + Math.floor((bucket * inner) / buckets);
    const end = 1 + Math.floor(((bucket + 1) * inner) / buckets);
    const room = Math.min(2, most - 1 - result.length);
    result.push(...extremes(items.slice(start, end), room, numberOf));
  }
  result.push(last);
  return result;
}

/** Smallest and greatest of a bucket in their order; of a bucket without numbers its first item, so that the gap shows. */
function extremes<T>(items: readonly T[], room: number, numberOf: (item: T) => number | null): T[] {
  let low = -1;
  let high = -1;
  let lowest = Infinity;
  let highest = -Infinity;
  items.forEach((item, index) => {
    const value = numberOf(item);
    if (value === null) return;
    if (value < lowest) [low, lowest] = [index, value];
    if (value > highest) [high, highest] = [index, value];
  });
  const chosen = low < 0 ? [0] : [...new Set([low, high])];
  // Room for one: the greatest, which is what alarms are about.
  const kept = room < 2 ? chosen.slice(-1) : chosen;
  return items.filter((_item, index) => kept.includes(index));
}

/** Length of an interval as the loaders take it: whole days of the calendar, or whole minutes. */
export function toInterval({ days, seconds }: DurationValue): AggregateRequest['interval'] {
  if (days > 0 && seconds > 0) {
    throw badUserInput(
      'Argument "interval" mixes days, which follow the calendar, with hours, minutes or seconds. Use either, e.g. P1D or PT36H.',
      'interval',
    );
  }
  if (days > 0) return { days };
  if (seconds < 60 || seconds % 60 !== 0) {
    throw badUserInput(
      `Argument "interval": ${seconds} s is not a whole number of minutes. Expected whole minutes, hours or days, e.g. PT1M, PT10M, PT1H, P1D.`,
      'interval',
    );
  }
  return { minutes: seconds / 60 };
}

/** Minutes, rounded up, that a latest value may be old. */
export function toMinutes({ days, seconds }: DurationValue): number {
  return days * 1440 + Math.ceil(seconds / 60);
}

/** Throws unless the time range has a length. */
export function checkRange(from: number, to: number): void {
  if (from < to) return;
  throw badUserInput(
    `Argument "to": ${formatDateTime(to)} must be later than "from", ${formatDateTime(from)}.`,
    'to',
  );
}

/** Throws unless a number of values is at least `least`. */
export function checkAtLeast(value: number | null | undefined, least: number, argument: string): void {
  if (value != null && value < least) {
    throw badUserInput(`Argument "${argument}": ${value} is less than ${least}.`, argument);
  }
}
