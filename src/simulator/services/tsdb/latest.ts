/**
 * Reads of newest values: latest, latest/filter, last-changed, check-dead.
 */
import type { OperationHandler, OperationRequest, SimulatorContext } from '../../operation.js';
import type { WorldSample } from '../../world/world.js';
import type { ItemStyle, KeyedReadings } from './items.js';
import { itemsReply, itemStyle } from './items.js';
import type { Pair } from './request.js';
import {
  flag,
  hasHistory,
  idList,
  invalid,
  latestKey,
  limitPairs,
  MAX_PAIRS,
  optionalNumber,
  pairOf,
  pairsOf,
  readableAssets,
} from './request.js';
import { localTimeStyle } from './time.js';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** localtime comes only when asked for. */
function latestStyle(body: OperationRequest['body'], asText = false): ItemStyle {
  return itemStyle(body, { localTime: flag(body, 'ifWithLocalTime') ? localTimeStyle(body) : null, asText });
}

/**
 * The newest value that timeWindow lets through: none older than so many minutes; 0 asks for one in the future. A value
 * that was deleted stays away until a newer one comes.
 */
function newest(context: SimulatorContext, pair: Pair, window: number | undefined): WorldSample | null {
  const now = context.now();
  const { series, deletedLatest } = context.world;
  const { asset, pointId } = pair;
  const deleted = deletedLatest.get(latestKey(pair)) ?? -Infinity;
  if (window === undefined) return series.latest(asset.assetId, pointId, now, deleted);
  if (window < 0) throw invalid('timeWindow is below 0');
  if (window === 0) return series.latest(asset.assetId, pointId, Infinity, Math.max(now, deleted));
  return series.latest(asset.assetId, pointId, now, Math.max(now - window * MINUTE - 1, deleted));
}

function keyed({ asset, pointId }: Pair, sample: WorldSample | null): KeyedReadings {
  return { asset, key: pointId, readings: sample ? [sample] : [] };
}

/** getAssetLatestData: points under any storage policy. */
export const getAssetLatestData: OperationHandler = (request, context) => {
  const { pairs } = pairsOf(request, context, hasHistory);
  const window = optionalNumber(request.body, 'timeWindow');
  return itemsReply(
    pairs.map((pair) => keyed(pair, newest(context, pair, window))),
    latestStyle(request.body),
  );
};

/** deleteAssetLatestData: the latest values only, not the history. */
export const deleteAssetLatestData: OperationHandler = (request, context) => {
  const { series, deletedLatest } = context.world;
  for (const pair of pairsOf(request, context, hasHistory).pairs) {
    const sample = series.latest(pair.asset.assetId, pair.pointId, context.now());
    if (sample !== null) deletedLatest.set(latestKey(pair), sample.time);
  }
  return { data: null, beside: { submsg: '' } };
};

/** filterAssetLatestData: one point; assets that are not of the model (or an heir) give no item. */
export const filterAssetLatestData: OperationHandler = (request, context) => {
  const { body } = request;
  const assetIds = idList(body, 'assetIds');
  const pointIds = idList(body, 'pointId');
  const [pointId] = pointIds;
  if (pointId === undefined || pointIds.length > 1) throw invalid('pointId must name one point');
  limitPairs(assetIds.length, 1, MAX_PAIRS);
  const modelId = body['modelId'];
  if (typeof modelId !== 'string' || modelId === '') throw invalid('modelId');
  const meets = condition(body);
  const window = optionalNumber(body, 'timeWindow');
  const groups = readableAssets(context.world, assetIds).flatMap((asset) => {
    const path = context.world.models.get(asset.modelId)?.modelIdPath.split('/') ?? [];
    const pair = path.includes(modelId) ? pairOf(context, asset, pointId) : null;
    if (!pair || !hasHistory(pair.kinds)) return [];
    const sample = newest(context, pair, window);
    return [keyed(pair, sample && meets(sample.value) ? sample : null)];
  });
  return itemsReply(groups, latestStyle(body));
};

type Test = (value: WorldSample['value']) => boolean;

/** operator and valueFilter as a test. Order needs numbers; equality compares texts too. */
function condition(body: OperationRequest['body']): Test {
  const operator = String(body['operator']);
  const values = idList(body, 'valueFilter');
  const expected = operator === 'in' ? null : operator === 'between' ? 2 : 1;
  if (expected !== null && values.length !== expected) {
    throw invalid(`valueFilter needs ${expected} value${expected > 1 ? 's' : ''} for ${operator}`);
  }
  const [first = '', second = ''] = values;
  const equals = (value: WorldSample['value'], text: string): boolean =>
    typeof value === 'number' ? value === Number(text) : String(value) === text;
  switch (operator) {
    case 'eq':
      return (value) => equals(value, first);
    case 'nq':
      return (value) => !equals(value, first);
    case 'in':
      return (value) => values.some((text) => equals(value, text));
    case 'gt':
      return ordered([first], (value, [limit = 0]) => value > limit);
    case 'ge':
      return ordered([first], (value, [limit = 0]) => value >= limit);
    case 'lt':
      return ordered([first], (value, [limit = 0]) => value < limit);
    case 'le':
      return ordered([first], (value, [limit = 0]) => value <= limit);
    case 'between':
      return ordered([first, second], (value, [low = 0, high = 0]) => value >= low && value <= high);
    default:
      throw invalid('operator');
  }
}

function ordered(
  texts: readonly string[],
  test: (value: number, limits: readonly number[]) => boolean,
): Test {
  const limits = texts.map(Number);
  if (limits.some(Number.isNaN)) throw invalid('valueFilter is not a number');
  return (value) => typeof value === 'number' && test(value, limits);
}

/** A walk back over equal values ends here at the latest. */
const MAX_STILL = 30 * DAY;

/** The record with which the newest value began, or null without any record. */
function lastChange(context: SimulatorContext, { asset, pointId }: Pair): WorldSample | null {
  const { series } = context.world;
  let begin = series.latest(asset.assetId, pointId, context.now());
  if (!begin) return null;
  const oldest = begin.time - MAX_STILL;
  for (;;) {
    const earlier: WorldSample | null = series.latest(asset.assetId, pointId, begin.time - 1, oldest);
    if (!earlier || earlier.value !== begin.value) return begin;
    begin = earlier;
  }
}

/** getLastChangedData: points under the Last Changed Record policy; values as text. */
export const getLastChangedData: OperationHandler = (request, context) => {
  const { pairs } = pairsOf(request, context, (kinds) => kinds.includes('LAST_CHANGED'));
  return itemsReply(
    pairs.map((pair) => keyed(pair, lastChange(context, pair))),
    latestStyle(request.body, true),
  );
};

interface DeadQuestion {
  assetId: string;
  pointId: string;
  interval: number;
}

/** checkDeadData: dead when the last change is more than `interval` milliseconds ago. */
export const checkDeadData: OperationHandler = ({ body }, context) => {
  const questions = deadQuestions(body['payload']);
  readableAssets(
    context.world,
    questions.map(({ assetId }) => assetId),
  );
  const items = questions.flatMap(({ assetId, pointId, interval }) => {
    const asset = context.world.assets.get(assetId);
    const pair = asset && pairOf(context, asset, pointId);
    const change = pair && hasHistory(pair.kinds) ? lastChange(context, pair) : null;
    if (!change) return [];
    const duration = context.now() - change.time;
    const lastChangedValue = String(change.value);
    const judgeResult = duration > interval;
    return [{ assetId, pointId, duration, judgeResult, lastChangedValue, lastChangedTimestamp: change.time }];
  });
  return { data: { items } };
};

function deadQuestions(payload: unknown): DeadQuestion[] {
  if (!Array.isArray(payload)) throw invalid('payload');
  return payload.map((one: unknown) => {
    const { assetId, pointId, interval } = (one ?? {}) as Record<string, unknown>;
    if (typeof assetId !== 'string' || typeof pointId !== 'string') throw invalid('payload');
    if (typeof interval !== 'number' || interval < 0) throw invalid('payload: interval');
    return { assetId, pointId, interval };
  });
}
