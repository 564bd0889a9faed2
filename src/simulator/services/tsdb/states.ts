/**
 * Reads of discrete points: changes of state, and the time spent in each.
 */
import type { OperationHandler, SimulatorContext } from '../../operation.js';
import type { WorldSample } from '../../world/world.js';
import type { Reading } from './items.js';
import { itemsReply, itemStyle } from './items.js';
import type { Pair } from './request.js';
import { flag, invalid, MAX_DI_PAIRS, optionalText, pairsOf } from './request.js';
import type { Range } from './time.js';
import { rangeOf } from './time.js';

/** How far back a state at the start of the range is looked for. */
const LOOK_BACK = 30 * 86_400_000;
const MAX_SCANNED = 640_000;

const isDi = (kinds: readonly string[]): boolean => kinds.includes('DI');

/** States travel as integers: a boolean point as 0 and 1. */
function stateOf(sample: WorldSample): number {
  return Number(sample.value);
}

function stateBefore(context: SimulatorContext, { asset, pointId }: Pair, from: number): WorldSample | null {
  return context.world.series.latest(asset.assetId, pointId, from, from - LOOK_BACK - 1);
}

/** getAssetDiData: of consecutive equal states the first; with autoInterpolate also the state at startTime. */
export const getAssetDiData: OperationHandler = (request, context) => {
  const { pairs } = pairsOf(request, context, isDi, MAX_DI_PAIRS);
  const range = rangeOf(request.body);
  const fillStart = flag(request.body, 'autoInterpolate');
  const groups = pairs.map((pair) => ({
    asset: pair.asset,
    key: pair.pointId,
    readings: changes(context, pair, range(pair.asset), fillStart),
  }));
  return itemsReply(groups, itemStyle(request.body));
};

function changes(context: SimulatorContext, pair: Pair, { from, to }: Range, fillStart: boolean): Reading[] {
  const readings: Reading[] = [];
  const before = fillStart && to > from ? stateBefore(context, pair, from) : null;
  if (before) readings.push({ time: from, value: stateOf(before), quality: before.quality });
  for (const sample of context.world.series.read(pair.asset.assetId, pair.pointId, from, to)) {
    const value = stateOf(sample);
    if (readings.at(-1)?.value !== value)
      readings.push({ time: sample.time, value, quality: sample.quality });
  }
  return readings;
}

/** getAssetDiDataDuration: milliseconds per state up to scanEndTimestamp. */
export const getAssetDiDataDuration: OperationHandler = (request, context) => {
  const { body } = request;
  const { pairs } = pairsOf(request, context, isDi, MAX_DI_PAIRS);
  const range = rangeOf(body);
  const wanted = statusFilter(optionalText(body, 'status'));
  // A filter drops the unknown time, but ifWithUnknown said explicitly is stronger.
  const withUnknown = flag(body, 'ifWithUnknown', wanted === null);
  const items = pairs.flatMap((pair) => {
    const scan = durations(context, pair, range(pair.asset));
    if (!scan) return [];
    const known = [...scan.byState.entries()]
      .filter(([status, duration]) => duration > 0 && (wanted?.has(status) ?? true))
      .sort(([a], [b]) => a - b)
      .map(([status, duration]): { status: number | 'Unknown'; duration: number } => ({ status, duration }));
    if (withUnknown && scan.unknown > 0) known.push({ status: 'Unknown', duration: scan.unknown });
    const { assetId } = pair.asset;
    return [{ scanEndTimestamp: scan.end, pointId: pair.pointId, assetId, durations: known }];
  });
  return { data: { items } };
};

function statusFilter(text: string | undefined): Set<number> | null {
  if (text === undefined) return null;
  const states = text.split(',').map((one) => Number(one.trim() || Number.NaN));
  if (states.some((state) => !Number.isInteger(state))) throw invalid('status');
  return new Set(states);
}

interface Scan {
  byState: Map<number, number>;
  unknown: number;
  end: number;
}

function durations(context: SimulatorContext, pair: Pair, { from, to }: Range): Scan | null {
  const scan: Scan = { byState: new Map(), unknown: 0, end: to };
  const before = stateBefore(context, pair, from);
  let state = before && stateOf(before);
  let since = from;
  let scanned = 0;
  const spend = (until: number): void => {
    if (state === null) scan.unknown += until - since;
    else scan.byState.set(state, (scan.byState.get(state) ?? 0) + until - since);
    since = until;
  };
  for (const sample of context.world.series.read(pair.asset.assetId, pair.pointId, from, to)) {
    spend(sample.time);
    if (scanned === MAX_SCANNED) {
      scan.end = sample.time;
      return scan;
    }
    scanned += 1;
    state = stateOf(sample);
  }
  if (state === null) return null;
  // Nothing is known of the future.
  spend(Math.max(since, Math.min(to, context.now())));
  state = null;
  spend(to);
  return scan;
}
