/** A series from its arguments: stored values, or aggregates over intervals. */
import type { AggregateFunction } from '../../loading/series/types.js';
import type { GraphContext } from '../context.js';
import type { DurationValue } from '../duration.js';
import { badUserInput } from '../errors/raise.js';
import type { Measurepoint } from '../model/features.js';
import { isNumeric, numberOf } from '../value/coerce.js';
import type { ValueType } from '../value/data-definition.js';
import { downsample } from './downsample.js';
import { checkAtLeast, checkRange, toInterval } from './interval.js';
import { assetOf, keyOf, kindsOf, definitionOf, storageOf } from './point.js';
import { statisticsOf } from './statistics.js';
import { PointValue, Series } from './types.js';
import type { AssetPoint } from './types.js';

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
