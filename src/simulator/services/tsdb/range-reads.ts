/**
 * Reads of a time range: ai, ai-normalized, electric-power, current-day, generic, raw, unformatted, unified-raw.
 */
import type { OperationHandler, SimulatorContext } from '../../operation.js';
import { localMidnight, zoneOf } from '../../world/zone.js';
import { aggregate, expressionsOf, normalized } from './aggregation.js';
import type { Boundary } from './history.js';
import { boundaryOf, INSIDE, isDescending, page } from './history.js';
import type { KeyedReadings } from './items.js';
import { itemsReply, itemStyle } from './items.js';
import type { Pair } from './request.js';
import {
  flag,
  hasHistory,
  idList,
  invalid,
  limitPairs,
  MAX_PAIRS,
  pageSizeOf,
  pairOf,
  pairsOf,
  readableAssets,
} from './request.js';
import { rangeOf } from './time.js';

interface RawRead {
  readonly answers: (kinds: readonly string[]) => boolean;
  /** Whether the operation takes boundaryType and orderBy. */
  boundary: boolean;
  ordered: boolean;
}

/** History as stored, of the points that `answers` names by their kinds of storage. */
function rawRead({ answers, boundary, ordered }: RawRead): OperationHandler {
  return (request, context) => {
    const { body } = request;
    const { pairs, asked } = pairsOf(request, context, answers);
    const range = rangeOf(body);
    const size = pageSizeOf(body, asked);
    const descending = ordered && isDescending(body);
    const edges = boundary ? boundaryOf(body) : INSIDE;
    const groups = pairs.map((pair) => {
      // Boundaries act on points under a policy only.
      const own: Boundary = hasHistory(pair.kinds) ? edges : INSIDE;
      const readings = page(context, pair, range(pair.asset), size, descending, own);
      return { asset: pair.asset, key: pair.pointId, readings };
    });
    return itemsReply(groups, itemStyle(body, { withQuality: flag(body, 'withQuality'), descending }));
  };
}

/** getAssetAiRawData: points stored as AI_RAW. */
export const getAssetAiRawData = rawRead({
  answers: (kinds) => kinds.includes('AI_RAW'),
  boundary: true,
  ordered: false,
});

/** getAssetGenericData: points stored as GENERIC. */
export const getAssetGenericData = rawRead({
  answers: (kinds) => kinds.includes('GENERIC'),
  boundary: false,
  ordered: false,
});

/** getAssetRawDataByTimeRange: points under any storage policy. */
export const getAssetRawDataByTimeRange = rawRead({ answers: hasHistory, boundary: true, ordered: true });

/** getAssetUnifiedRawData: points under a policy or under none. */
export const getAssetUnifiedRawData = rawRead({ answers: () => true, boundary: true, ordered: true });

/** getAssetUnformattedData: one point under no policy; values as text. */
export const getAssetUnformattedData: OperationHandler = (request, context) => {
  const { body } = request;
  const assetIds = idList(body, 'assetIds');
  const pointIds = idList(body, 'pointIds');
  const [pointId] = pointIds;
  if (pointId === undefined || pointIds.length > 1) throw invalid('pointIds must name one point');
  const range = rangeOf(body);
  const size = pageSizeOf(body, 1);
  const descending = isDescending(body);
  const groups = readableAssets(context.world, assetIds).flatMap((asset) => {
    const pair = pairOf(context, asset, pointId);
    if (!pair || hasHistory(pair.kinds)) return [];
    return [{ asset, key: pointId, readings: page(context, pair, range(asset), size, descending, INSIDE) }];
  });
  return itemsReply(groups, itemStyle(body, { asText: true, descending }));
};

/** Aggregates (or with interval 0 the single values) of points stored as `kind`. */
function aggregatedRead(kind: 'AI_NORMALIZED' | 'PI'): OperationHandler {
  return (request, context) => {
    const { body } = request;
    const assetIds = idList(body, 'assetIds');
    const { interval, expressions } = expressionsOf(body);
    limitPairs(assetIds.length, expressions.length, MAX_PAIRS);
    const assets = readableAssets(context.world, assetIds);
    const range = rangeOf(body);
    const size = pageSizeOf(body, assetIds.length * expressions.length);
    const { series } = context.world;
    const groups: KeyedReadings[] = [];
    for (const asset of assets) {
      const own = range(asset);
      for (const { text, pointId, apply } of expressions) {
        const pair = pairOf(context, asset, pointId);
        if (!pair?.kinds.includes(kind)) continue;
        const samples =
          kind === 'PI'
            ? series.read(asset.assetId, pointId, own.from, own.to)
            : normalized(series, asset.assetId, pointId, own);
        const readings = apply ? aggregate(samples, own, interval, apply, size) : firstOf(samples, size);
        groups.push({ asset, key: text, readings });
      }
    }
    return itemsReply(groups, itemStyle(body));
  };
}

function firstOf<T>(values: Iterable<T>, size: number): T[] {
  const taken: T[] = [];
  for (const value of values) {
    if (taken.length >= size) break;
    taken.push(value);
  }
  return taken;
}

/** getAssetAiDataWithAggregationLogic: from the minute-normalized data. */
export const getAssetAiDataWithAggregationLogic = aggregatedRead('AI_NORMALIZED');

/** getAssetElectricPowerData: from the energies per step of PI points. */
export const getAssetElectricPowerData = aggregatedRead('PI');

/** getAssetCurrentDayElectricPower: the sum since local midnight, stamped with it. */
export const getAssetCurrentDayElectricPower: OperationHandler = (request, context) => {
  const { pairs } = pairsOf(request, context, (kinds) => kinds.includes('PI'));
  const groups = pairs.map((pair) => ({
    asset: pair.asset,
    key: `sum(${pair.pointId})`,
    readings: energyToday(context, pair),
  }));
  // Whatever style is asked for, EnOS's sample shows the plain one.
  return itemsReply(
    groups,
    itemStyle(request.body, { localTime: { withOffset: false, withMilliseconds: false } }),
  );
};

function energyToday(context: SimulatorContext, { asset, pointId }: Pair): KeyedReadings['readings'] {
  const now = context.now();
  const from = localMidnight(now, zoneOf(asset.timezone));
  const samples = context.world.series.read(asset.assetId, pointId, from, now + 1);
  const range = { from, to: now + 1 };
  return aggregate(samples, range, now + 1 - from, 'sum', 1);
}
