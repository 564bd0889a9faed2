/** Points of assets: definition, latest value, series, states, energy. */
import { GraphQLID, GraphQLInt } from 'graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { AssetRecord } from '../../loading/entities/asset.js';
import { isPromise, then, type MaybePromise } from '../../loading/maybe.js';
import type { AggregateFunction, Sample } from '../../loading/series/types.js';
import { Asset } from '../entities/asset.js';
import type { GraphContext } from '../context.js';
import {
  Arg,
  Ctx,
  Extensions,
  FieldResolver,
  Info,
  Resolver,
  Root,
  registerEnumType,
} from '../decorators.js';
import type { DurationValue } from '../scalars/duration.js';
import { SHORT_LIST } from '../lists/limits.js';
import { StorageKind, toStorageKinds } from '../model/enums.js';
import { Measurepoint } from '../model/features.js';
import { GLOBAL_ID, toGlobalId } from '../nodes/node.js';
import { DateTime, Duration } from '../scalars/scalars.js';
import { oncePerField, selects, selectsAny, type SelectionInfo } from '../selection.js';
import { changesLength, seriesCost, seriesLength } from './cost.js';
import { checkRange, toMinutes, readSeries } from './read.js';
import { assetOf, definitionOf, isReadable, keyOf, kindsOf, typeOf, UNTYPED } from './point.js';
import { AssetPoint, PointValue, Series, StateDuration, TypeToCome, type TypeOfValue } from './types.js';

const FROM = { description: 'Start of the stretch; a value of this instant belongs to it.' };
const TO = { description: 'End of the stretch; a value of this instant no longer belongs to it.' };

@Resolver(() => AssetPoint)
class AssetPointResolver {
  @FieldResolver(() => GraphQLID, GLOBAL_ID)
  id(@Root() { orgId, assetId, pointId }: AssetPoint): string {
    return toGlobalId('AssetPoint', orgId, assetId, pointId);
  }

  @FieldResolver(() => Asset, { nullable: true, description: 'The asset that it belongs to.' })
  asset(@Root() point: AssetPoint, @Ctx() context: GraphContext): MaybePromise<AssetRecord> {
    return assetOf(point, context);
  }

  @FieldResolver(() => Measurepoint, {
    nullable: true,
    description:
      'What the thing model says of it (searchThingModel); null where the model declares no such point, which `extensions.warnings` tell.',
  })
  definition(@Root() point: AssetPoint, @Ctx() context: GraphContext): MaybePromise<Measurepoint | null> {
    return definitionOf(point, context);
  }

  @FieldResolver(() => [StorageKind], {
    nullable: true,
    description:
      "How the organization's storage policy keeps its values (getMeasurementPointTsdbMetadata). Empty without a policy.",
  })
  async storage(
    @Root() point: AssetPoint,
    @Ctx() context: GraphContext,
  ): Promise<(keyof typeof StorageKind)[] | null> {
    const definition = await definitionOf(point, context);
    if (!definition) return null;
    return toStorageKinds((await context.loaders.models.storage(definition.owner))[point.pointId]);
  }

  @Extensions({ cost: 2 })
  @FieldResolver(() => PointValue, {
    nullable: true,
    description: 'Newest value (getAssetLatestData); null where there is none.',
  })
  latest(
    @Root() point: AssetPoint,
    @Arg('within', () => Duration, {
      nullable: true,
      description: 'Only a value that is not older, e.g. `PT15M`; rounded up to whole minutes.',
    })
    within: DurationValue | null | undefined,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<PointValue | null> {
    const sample = context.loaders.series.latest(point, within ? toMinutes(within) : undefined);
    const type = typeIfSelected(point, context, info);
    return valueOf(sample, type);
  }

  @Extensions({ cost: seriesCost, listSize: seriesLength })
  @FieldResolver(() => Series, {
    nullable: true,
    description:
      'Values over a stretch of time. Without `interval` as they are stored (getAssetRawDataByTimeRange); with it, one value per interval.',
  })
  series(
    @Root() point: AssetPoint,
    @Arg('from', () => DateTime, FROM) from: number,
    @Arg('to', () => DateTime, TO) to: number,
    @Arg('interval', () => Duration, {
      nullable: true,
      description:
        "Length of an interval: whole minutes, or whole days of the asset's calendar. Intervals lie on a grid that starts at midnight there.",
    })
    interval: DurationValue | null | undefined,
    @Arg('aggregate', () => Aggregate, {
      nullable: true,
      description:
        'How the values of an interval become one. AVG for analog points, SUM for counters, LAST for others where absent. Only with `interval`.',
    })
    aggregate: AggregateFunction | null | undefined,
    @Arg('limit', () => GraphQLInt, {
      nullable: true,
      description: 'Most values read, the earliest ones; `statistics.truncated` tells.',
    })
    limit: number | null | undefined,
    @Arg('maxPoints', () => GraphQLInt, {
      nullable: true,
      description:
        'Most values returned, at least 2: what a chart has room for. Keeps first, last, and the extremes between. Numbers only.',
    })
    maxPoints: number | null | undefined,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Series | null> {
    const withQuality = [
      'values',
      'statistics.first',
      'statistics.last',
      'statistics.lowest',
      'statistics.highest',
    ].some((path) => selects(info, ...path.split('.'), 'quality'));
    return readSeries(point, { from, to, interval, aggregate, limit, maxPoints, withQuality }, context);
  }

  @Extensions({ cost: 10, listSize: changesLength })
  @FieldResolver(() => [PointValue], {
    nullable: true,
    description:
      'Changes of a discrete point (getAssetDiData; of many points getAssetRawDataByTimeRange), with the state at the start where EnOS knows one from the 30 days before.',
  })
  async stateChanges(
    @Root() point: AssetPoint,
    @Arg('from', () => DateTime, FROM) from: number,
    @Arg('to', () => DateTime, TO) to: number,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PointValue[] | null> {
    checkRange(from, to);
    if (!(await isReadable('stateChanges', point, context))) return null;
    const type = typeIfSelected(point, context, info);
    const kinds = (): ReturnType<typeof kindsOf> => kindsOf(point, context);
    const samples = await context.loaders.series.stateChanges(keyOf(point), from, to, kinds);
    return samples.map((sample: Sample) => new PointValue(sample, type));
  }

  @Extensions({ cost: 10, listSize: SHORT_LIST })
  @FieldResolver(() => [StateDuration], {
    nullable: true,
    description: 'Time that a discrete point spent in each state (getAssetDiDataDuration).',
  })
  async stateDurations(
    @Root() point: AssetPoint,
    @Arg('from', () => DateTime, FROM) from: number,
    @Arg('to', () => DateTime, TO) to: number,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<StateDuration[] | null> {
    checkRange(from, to);
    if (!(await isReadable('stateDurations', point, context))) return null;
    const type = typeIfSelected(point, context, info);
    const durations = await context.loaders.series.stateDurations(keyOf(point), from, to);
    return durations.map(({ state, duration }) => new StateDuration(state, duration, type));
  }

  @Extensions({ cost: 5 })
  @FieldResolver(() => PointValue, {
    nullable: true,
    description:
      "Energy of a counter since midnight in the asset's time zone (getAssetCurrentDayElectricPower); null where there is none.",
  })
  energyToday(
    @Root() point: AssetPoint,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<PointValue | null> {
    return then(isReadable('energyToday', point, context), (isReadable) => {
      if (!isReadable) return null;
      return valueOf(context.loaders.series.energyToday(point), typeIfSelected(point, context, info));
    });
  }
}

/** The type is fetched only where something is read in it. */
function typeIfSelected(point: AssetPoint, context: GraphContext, info: SelectionInfo): TypeOfValue {
  return oncePerField(info, typeIfSelected, isTyped, undefined) ? typeOf(point, context) : UNTYPED;
}

function isTyped(info: SelectionInfo): boolean {
  return selectsAny(info, [], ['value', 'typed']);
}

/** A value in its type. Where there is none, the type is waited for all the same: it tells whether the model has the point. */
function valueOf(sample: MaybePromise<Sample | null>, type: TypeOfValue): MaybePromise<PointValue | null> {
  if (isPromise(sample)) return valueToCome(sample, type);
  if (sample) return new PointValue(sample, type);
  return type instanceof TypeToCome ? type.read(() => null) : null;
}

/** The same once it is there; apart, so that one which is there costs no closure. */
async function valueToCome(sample: Promise<Sample | null>, type: TypeOfValue): Promise<PointValue | null> {
  return valueOf(await sample, type);
}

/** Resolvers of points and their series. */
export const seriesResolvers = [AssetPointResolver];

/** How the values of an interval become one; values are the names that the loaders take. */
export const Aggregate = {
  AVG: 'avg',
  SUM: 'sum',
  MAX: 'max',
  MIN: 'min',
  FIRST: 'first',
  LAST: 'last',
  COUNT: 'count',
} as const satisfies Record<string, AggregateFunction>;

registerEnumType(Aggregate, {
  name: 'Aggregate',
  description: 'How the values of an interval become one.',
  valuesConfig: {
    AVG: { description: 'Mean of the values. Numeric points only.' },
    SUM: { description: 'Sum of the values. Numeric points only.' },
    MAX: { description: 'Greatest value. Numeric points only.' },
    MIN: { description: 'Smallest value. Numeric points only.' },
    FIRST: { description: 'Earliest value.' },
    LAST: { description: 'Latest value.' },
    COUNT: { description: 'Number of values.' },
  },
});
