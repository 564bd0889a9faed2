/**
 * Per-minute values and aggregates over intervals.
 */
import type { OperationRequest } from '../../operation.js';
import type { SeriesSource, WorldSample } from '../../world/world.js';
import { idList, invalid, optionalNumber } from './request.js';
import type { Range } from './time.js';

const MINUTE = 60_000;
const MAX_INTERVAL = 1440;

export type AggregateFunction = 'count' | 'avg' | 'sum' | 'max' | 'min' | 'first' | 'last';
const FUNCTIONS: readonly string[] = ['count', 'avg', 'sum', 'max', 'min', 'first', 'last'];
const CALL = /^(\w+)\(([^(),]+)\)$/;

/** One entry of pointIdsWithLogic. */
export interface PointExpression {
  /** The expression as it was sent, which is also its key in the reply. */
  text: string;
  pointId: string;
  /** Null for a bare point. */
  apply: AggregateFunction | null;
}

/** The interval (milliseconds, 0 for none) and the expressions, whose functions must fit it. */
export function expressionsOf(body: OperationRequest['body']): {
  interval: number;
  expressions: PointExpression[];
} {
  const minutes = optionalNumber(body, 'interval');
  if (minutes === undefined || minutes < 0 || minutes > MAX_INTERVAL) {
    throw invalid(`interval is not between 0 and ${MAX_INTERVAL}`);
  }
  const expressions = idList(body, 'pointIdsWithLogic').map(parseExpression);
  for (const { text, apply } of expressions) {
    if (minutes === 0 && apply)
      throw invalid(`pointIdsWithLogic: ${text} has a function although interval is 0`);
    if (minutes > 0 && !apply)
      throw invalid(`pointIdsWithLogic: ${text} has no function although interval is above 0`);
  }
  return { interval: minutes * MINUTE, expressions };
}

function parseExpression(text: string): PointExpression {
  const call = CALL.exec(text);
  if (!call) {
    if (/[()]/.test(text)) throw invalid(`pointIdsWithLogic: ${text}`);
    return { text, pointId: text, apply: null };
  }
  const [, name = '', pointId = ''] = call;
  if (!FUNCTIONS.includes(name)) throw invalid(`pointIdsWithLogic: no function ${name}`);
  return { text, pointId: pointId.trim(), apply: name as AggregateFunction };
}

/**
 * The minute-normalized series: each minute that has numeric records gives their mean, stamped at its start. A minute
 * without records gives nothing, so a gap stays a gap.
 */
export function* normalized(
  source: SeriesSource,
  assetId: string,
  pointId: string,
  { from, to }: Range,
): Iterable<WorldSample> {
  const first = Math.ceil(from / MINUTE) * MINUTE;
  const end = Math.ceil(to / MINUTE) * MINUTE;
  let minute = Number.NaN;
  let sum = 0;
  let count = 0;
  let quality: number | null = null;
  for (const sample of source.read(assetId, pointId, first, end)) {
    if (typeof sample.value !== 'number') continue;
    const start = Math.floor(sample.time / MINUTE) * MINUTE;
    if (start !== minute) {
      if (count > 0) yield { time: minute, value: sum / count, quality };
      minute = start;
      sum = 0;
      count = 0;
    }
    sum += sample.value;
    count += 1;
    quality = sample.quality;
  }
  if (count > 0) yield { time: minute, value: sum / count, quality };
}

/**
 * Aggregates of numeric samples over intervals that are multiples from the range's start; each carries the start of
 * its interval. An interval without samples gives nothing; at most `size` results.
 */
export function aggregate(
  samples: Iterable<WorldSample>,
  range: Range,
  interval: number,
  apply: AggregateFunction,
  size: number,
): WorldSample[] {
  const results: WorldSample[] = [];
  let bucket = -1;
  let tally = newTally();
  const close = (): void => {
    if (tally.count === 0) return;
    results.push({ time: range.from + bucket * interval, value: tally[apply], quality: null });
  };
  for (const { time, value } of samples) {
    if (typeof value !== 'number') continue;
    const index = Math.floor((time - range.from) / interval);
    if (index !== bucket) {
      close();
      if (results.length >= size) return results;
      bucket = index;
      tally = newTally();
    }
    addTo(tally, value);
  }
  close();
  return results;
}

type Tally = Record<AggregateFunction, number>;

function newTally(): Tally {
  return { count: 0, avg: 0, sum: 0, max: -Infinity, min: Infinity, first: 0, last: 0 };
}

function addTo(tally: Tally, value: number): void {
  if (tally.count === 0) tally.first = value;
  tally.count += 1;
  tally.sum += value;
  tally.avg = tally.sum / tally.count;
  tally.max = Math.max(tally.max, value);
  tally.min = Math.min(tally.min, value);
  tally.last = value;
}
