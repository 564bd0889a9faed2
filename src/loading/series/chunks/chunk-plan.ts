/** Which ranges are asked for missing chunks. Pure. */
import { groupBy } from '../../chunk.js';
import { InputError } from '../../common.js';
import type { ChunkedSeries, ChunkKey, ChunkSource, Span } from './chunk-types.js';
import type { Interval } from '../intervals/grid.js';

/** Chunks next to one another of one series, and the part of their time that is wanted. */
interface Run<Series> {
  keys: [ChunkKey<Series>, ...ChunkKey<Series>[]];
  from: number;
  to: number;
}

/**
 * Spans with the chunks that each is to bring.
 *
 * - Chunks next to one another are one span, so that the first read of a range is one range.
 * - A span is widened to whole chunks, which can be cached, unless that could need more calls.
 * - Series of which different chunks are missing are asked for the same range wherever that needs fewer calls.
 */
export function planSpans<Series extends ChunkedSeries>(
  keys: readonly ChunkKey<Series>[],
  source: Pick<ChunkSource<Series>, 'border' | 'calls'>,
): Map<Span<Series>, readonly ChunkKey<Series>[]> {
  const bySeries = groupBy(keys, ({ series: { orgId, assetId, pointId, name, length } }) =>
    JSON.stringify([orgId, assetId, pointId, name, length]),
  );
  const runs = [...bySeries.values()].flatMap(runsOf);
  const classes = groupBy(runs, ({ keys: [{ series }] }) =>
    JSON.stringify([series.orgId, series.alike, series.length]),
  );
  const spans = new Map<Span<Series>, readonly ChunkKey<Series>[]>();
  for (const members of classes.values()) {
    for (const [span, ofSpan] of planClass(members, source)) spans.set(span, ofSpan);
  }
  return spans;
}

function planClass<Series extends ChunkedSeries>(
  runs: readonly Run<Series>[],
  source: Pick<ChunkSource<Series>, 'border' | 'calls'>,
): [Span<Series>, readonly ChunkKey<Series>[]][] {
  const spans: [Span<Series>, readonly ChunkKey<Series>[]][] = [];
  const ranges = [...groupBy(runs, ({ from, to }) => `${from} ${to}`).values()];
  let apart = 0;
  let areWhole = true;
  for (const group of ranges) {
    const costs = group.map((run) => planRun(run, source, group.length));
    apart += Math.max(...costs.map(({ calls }) => calls));
    for (const { span, keys } of costs) {
      spans.push([span, keys]);
      areWhole &&= span.whole;
    }
  }
  if (ranges.length < 2 || !areWhole) return spans;
  const together = joined(spans);
  const [first] = together;
  if (!first) return spans;
  const { series, from, to } = first[0];
  return callsOr(Infinity, () => source.calls(series, from, to, together.length)) < apart ? together : spans;
}

function planRun<Series extends ChunkedSeries>(
  { keys, from, to }: Run<Series>,
  source: Pick<ChunkSource<Series>, 'border' | 'calls'>,
  together: number,
): { span: Span<Series>; keys: readonly ChunkKey<Series>[]; calls: number } {
  const [{ series, index }] = keys;
  const loads = keys.reduce((most, key) => Math.max(most, key.loads), 1);
  const exact = source.calls(series, from, to, together);
  // Beyond the calendar, or across a change of clocks that cannot be asked for, there may be no whole chunk.
  const whole = callsOr(null, () => ({
    from: source.border(series, index * series.length),
    to: source.border(series, (index + keys.length) * series.length),
  }));
  if (whole && callsOr(Infinity, () => source.calls(series, whole.from, whole.to, together)) <= exact) {
    return { span: { series, ...whole, whole: true, loads }, keys, calls: exact };
  }
  return { span: { series, from, to, whole: false, loads }, keys, calls: exact };
}

/** One span for each series, all from the earliest start to the latest end. */
function joined<Series extends ChunkedSeries>(
  spans: readonly [Span<Series>, readonly ChunkKey<Series>[]][],
): [Span<Series>, readonly ChunkKey<Series>[]][] {
  const from = spans.reduce((least, [span]) => Math.min(least, span.from), Infinity);
  const to = spans.reduce((most, [span]) => Math.max(most, span.to), -Infinity);
  const bySeries = groupBy(spans, ([{ series }]) =>
    JSON.stringify([series.assetId, series.pointId, series.name]),
  );
  return [...bySeries.values()].flatMap((ofSeries) => {
    const [first] = ofSeries;
    if (!first) return [];
    const loads = ofSeries.reduce((sum, [span]) => sum + span.loads, 0);
    return [
      [{ series: first[0].series, from, to, whole: true, loads }, ofSeries.flatMap(([, keys]) => keys)],
    ];
  });
}

function runsOf<Series>(keys: readonly ChunkKey<Series>[]): Run<Series>[] {
  const runs: Run<Series>[] = [];
  for (const key of [...keys].sort((a, b) => a.index - b.index)) {
    const last = runs.at(-1);
    if (last && last.keys[0].index + last.keys.length === key.index) {
      last.keys.push(key);
      last.to = key.to;
    } else {
      runs.push({ keys: [key], from: key.from, to: key.to });
    }
  }
  return runs;
}

function callsOr<T>(otherwise: T, count: () => T): T {
  try {
    return count();
  } catch (error) {
    if (error instanceof InputError) return otherwise;
    throw error;
  }
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Fewest intervals of a chunk of aggregates, unless they are the longest there are. */
const FEWEST_INTERVALS = 24;
/** Every length is a multiple of the one before, so that chunks of different lengths share their borders. */
const LENGTHS = [
  HOUR / 2,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  4 * DAY,
  8 * DAY,
  32 * DAY,
  384 * DAY,
];

/**
 * Length of the chunks of a time range of stored records, in milliseconds; null for a short one, which is cached as a whole.
 * How densely records lie is not known before; at one a minute a chunk holds 30 to 1,440, and a time range has 6 to 32.
 */
export function recordChunkLength(range: number): number | null {
  if (range < 3 * HOUR) return null;
  if (range <= 12 * HOUR) return HOUR / 2;
  if (range <= 4 * DAY) return 4 * HOUR;
  return range <= 32 * DAY ? DAY : 8 * DAY;
}

/** Length of the chunks of aggregates: what holds 24 intervals; null where so few are wanted that chunks would not pay. */
export function aggregateChunkLength(interval: Interval, count: number): number | null {
  const one = 'days' in interval ? interval.days * DAY : interval.minutes * MINUTE;
  const length = LENGTHS.find((candidate) => candidate >= FEWEST_INTERVALS * one);
  return length === undefined || count < (2 * length) / one ? null : length;
}
