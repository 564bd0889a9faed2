/** Aggregates that EnOS computes: `ai-normalized` for analog points, `electric-power` for energy. */
import { groupBy } from '../chunk.js';
import type { OperationId } from '../../enos/operation.js';
import { localError, type EnosCall } from '../enos-call.js';
import {
  addPart,
  emptyBucket,
  partFunctions,
  valueOf,
  type Bucket,
  toExactNumber,
  type ExactNumber,
} from './intervals/accumulate.js';
import type { Grid, IntervalRun } from './intervals/grid.js';
import { readPages, type PairPage } from './pairs/items.js';
import { PairMap, type ReadonlyPairMap } from './pairs/pair-map.js';
import { RECORD_OPERATIONS } from './records/raw-records.js';
import { MAX_PRODUCT, MAX_REPLY_RECORDS, readPairs, type Denials } from './pairs/read-pairs.js';
import { ReplySizes } from './records/reply-sizes.js';
import type { Pair } from './packing/rectangles.js';
import { utcText } from './times.js';
import type { AggregateFunction, PointKey, Sample } from './types.js';

const MINUTE = 60_000;
/** Intervals of one series in one call at most, so that the reply stays of reasonable size. */
const MAX_INTERVALS = 40_000;

/** One aggregated series. */
export interface EnosAggregate<Key> extends PointKey {
  /** What the answer is given under. */
  key: Key;
  operation: 'ai-normalized' | 'electric-power';
  grid: Grid;
  aggregate: AggregateFunction;
  /** Most values wanted; null for all. */
  limit: number | null;
}

/** Samples of one run by the function that EnOS was asked for. */
type SamplesByFunction = Map<AggregateFunction, Sample[]>;

/** One run of one series: what shares calls with others. */
interface Part<Key> {
  series: EnosAggregate<Key>;
  run: IntervalRun;
  functions: readonly AggregateFunction[];
  /** Values wanted of the run. */
  most: number;
}

/**
 * Values in order of time, each at the start of its interval; an interval without data has none. All series of an
 * organization with the same run share rectangles of assets and expressions such as `avg(p)`.
 */
export async function readEnosAggregates<Key>(
  wanted: readonly EnosAggregate<Key>[],
  call: EnosCall,
  denials: Denials,
): Promise<Map<Key, Sample[] | Error>> {
  const parts = wanted.flatMap((series) => series.grid.runs.flatMap((run) => partsOf(series, run)));
  const found = new Map<Part<Key>, SamplesByFunction | Error>();
  const runs = groupBy(parts, ({ series, run }) =>
    JSON.stringify([series.orgId, series.operation, run.start, run.minutes, run.count]),
  );
  await Promise.all(
    [...runs.values()].map(async (group) => {
      const answers = await readRun(group, call, denials);
      for (const part of group) found.set(part, answersFor(part, answers));
    }),
  );
  const byPart = groupBy(parts, ({ series }) => series);
  return new Map(wanted.map((series) => [series.key, assemble(series, byPart.get(series) ?? [], found)]));
}

/** Calls that one expression of each of `series` assets costs over a grid, at least. */
export function callsOf({ runs }: Grid, series: number): number {
  return runs.reduce((sum, { count }) => {
    const size = Math.min(count, MAX_INTERVALS);
    const together = Math.max(1, Math.min(MAX_PRODUCT, Math.floor(MAX_REPLY_RECORDS / size)));
    return sum + Math.ceil(count / MAX_INTERVALS) * Math.ceil(series / together);
  }, 0);
}

function partsOf<Key>(series: EnosAggregate<Key>, run: IntervalRun): Part<Key>[] {
  const { limit, aggregate } = series;
  const functions = run.cells ? partFunctions(aggregate) : [aggregate];
  // One value beyond the limit tells whether there are more.
  const most = Math.min(run.count, run.cells ? Infinity : (limit ?? Infinity) + 1);
  if (most <= MAX_INTERVALS) return [{ series, run, functions, most }];
  const parts: Part<Key>[] = [];
  for (let first = 0; first < run.count; first += MAX_INTERVALS) {
    const count = Math.min(MAX_INTERVALS, run.count - first);
    const start = run.start + first * run.minutes * MINUTE;
    const cells = run.cells?.slice(first, first + count) ?? null;
    parts.push({ series, run: { start, minutes: run.minutes, count, cells }, functions, most: count });
  }
  return parts;
}

/** One expression of one asset, and how far its intervals have been read. */
interface Reading extends Pair {
  /** Values wanted. */
  most: number;
  /** Index of the interval to go on with, and how many are worth asking for. */
  next: number;
  pageSize: number;
  samples: Sample[];
  error?: Error;
  more: boolean;
}

/**
 * The intervals of a run. Mostly one page holds them; where a limit is given, an interval that came without a value is none
 * of those that are wanted, and the page that it filled is followed by another.
 */
async function readRun<Key>(
  group: readonly Part<Key>[],
  call: EnosCall,
  denials: Denials,
): Promise<ReadonlyPairMap<Sample[] | Error>> {
  const [first] = group;
  if (!first) return new PairMap();
  const { run } = first;
  const most = group.reduce((size, part) => Math.max(size, part.most), 1);
  const readings = new PairMap<Reading>();
  for (const { series, functions } of group) {
    for (const name of functions) {
      const pair = { assetId: series.assetId, pointId: `${name}(${series.pointId})` };
      const reading = { ...pair, most, next: 0, pageSize: most, samples: [], more: true };
      readings.set(pair.assetId, pair.pointId, reading);
    }
  }
  const all: Reading[] = [];
  readings.forEach((reading) => all.push(reading));
  for (let open = all; open.length > 0; open = open.filter(({ more }) => more)) {
    const alike = groupBy(open, ({ next, pageSize }) => `${next} ${pageSize}`);
    await Promise.all([...alike.values()].map((pairs) => readPage(pairs, first.series, run, call, denials)));
  }
  const found = new PairMap<Sample[] | Error>();
  for (const { assetId, pointId, samples, error } of all) found.set(assetId, pointId, error ?? samples);
  return found;
}

/** One page of readings that go on at the same interval. */
async function readPage(
  pairs: readonly Reading[],
  { orgId, operation }: Pick<EnosAggregate<unknown>, 'orgId' | 'operation'>,
  run: IntervalRun,
  call: EnosCall,
  denials: Denials,
): Promise<void> {
  const [{ next, pageSize } = { next: 0, pageSize: 1 }] = pairs;
  const id = RECORD_OPERATIONS[operation];
  const pages = await readPairs<PairPage>({
    orgId,
    pairs,
    limits: { maxProduct: Math.min(MAX_PRODUCT, Math.floor(replyRecords(pairs, call) / pageSize)) },
    denials,
    operation: RECORD_OPERATIONS[operation],
    fetch: async (rectangle) => {
      const reply = await call(id, {
        query: { orgId },
        body: {
          assetIds: rectangle.assets.join(','),
          pointIdsWithLogic: rectangle.points.join(','),
          interval: run.minutes,
          startTime: utcText(run.start + next * run.minutes * MINUTE),
          endTime: utcText(run.start + run.count * run.minutes * MINUTE),
          pageSize,
          itemFormat: 0,
        },
      });
      return readPages(id, reply.data, rectangle).pages;
    },
  });
  for (const pair of pairs) takePage(pair, pages.get(pair.assetId, pair.pointId), run, id);
}

function takePage(
  reading: Reading,
  page: PairPage | Error | undefined,
  run: IntervalRun,
  id: OperationId,
): void {
  const { next, pageSize } = reading;
  reading.more = false;
  if (page instanceof Error) {
    reading.error = page;
    return;
  }
  if (page === undefined) return;
  if (next === 0) reading.samples = page.samples;
  else {
    const goesOnAt = run.start + next * run.minutes * MINUTE;
    reading.samples = reading.samples.filter(({ time }) => time < goesOnAt);
    for (const sample of page.samples) if (sample.time >= goesOnAt) reading.samples.push(sample);
  }
  const last = Math.floor((page.last - run.start) / (run.minutes * MINUTE));
  if (page.came < pageSize || last >= run.count - 1) return;
  const known = values(run, reading.samples).size;
  if (known >= reading.most) return;
  if (last < next) {
    const message = 'EnOS sent the same intervals again when asked for later ones';
    reading.error = localError(id, 'invalid-response', message);
    return;
  }
  // The last interval may have come before all that EnOS has of it.
  reading.next = last > next ? last : next + 1;
  reading.pageSize = Math.min(run.count - reading.next, Math.max(reading.most - known + 1, 2 * pageSize));
  reading.more = true;
}

/** Values that one reply may bring of pairs with such ids. */
function replyRecords(pairs: readonly Pair[], { maxReplyBytes }: EnosCall): number {
  const longest = (a: string, b: string): string => (b.length > a.length ? b : a);
  const assetId = pairs.reduce((id, pair) => longest(id, pair.assetId), '');
  const pointId = pairs.reduce((id, pair) => longest(id, pair.pointId), '');
  const sizes = new ReplySizes(maxReplyBytes);
  return Math.min(MAX_REPLY_RECORDS, sizes.pageSize({ assets: [assetId], points: [pointId] }));
}

function answersFor<Key>(
  { series, functions }: Part<Key>,
  answers: ReadonlyPairMap<Sample[] | Error>,
): SamplesByFunction | Error {
  const found: SamplesByFunction = new Map();
  for (const name of functions) {
    const samples = answers.get(series.assetId, `${name}(${series.pointId})`);
    if (samples instanceof Error) return samples;
    found.set(name, samples ?? []);
  }
  return found;
}

function assemble<Key>(
  { aggregate }: EnosAggregate<Key>,
  parts: readonly Part<Key>[],
  found: ReadonlyMap<Part<Key>, SamplesByFunction | Error>,
): Sample[] | Error {
  const samples: Sample[] = [];
  const buckets = new Map<number, Bucket>();
  for (const part of parts) {
    const answers = found.get(part) ?? new Map<AggregateFunction, Sample[]>();
    if (answers instanceof Error) return answers;
    const { run } = part;
    if (run.cells) {
      addParts(buckets, part.functions, run, answers);
    } else {
      for (const [index, value] of values(run, answers.get(aggregate) ?? [])) {
        samples.push({ time: run.start + index * run.minutes * MINUTE, value, quality: null });
      }
    }
  }
  for (const [time, bucket] of buckets) {
    const value = valueOf(bucket, aggregate);
    if (value !== undefined) samples.push({ time, value, quality: null });
  }
  return samples.sort((a, b) => a.time - b.time);
}

/** Adds the parts of intervals that EnOS could not be asked for whole. */
function addParts(
  buckets: Map<number, Bucket>,
  functions: readonly AggregateFunction[],
  run: IntervalRun,
  answers: SamplesByFunction,
): void {
  const byPart = new Map<number, Partial<Record<AggregateFunction, ExactNumber>>>();
  for (const name of functions) {
    for (const [index, value] of values(run, answers.get(name) ?? [])) {
      byPart.set(index, { ...byPart.get(index), [name]: value });
    }
  }
  for (const [index, part] of byPart) {
    const cell = run.cells?.[index];
    // A mean needs both of its parts.
    if (cell === undefined || functions.some((name) => part[name] === undefined)) continue;
    const bucket = buckets.get(cell) ?? emptyBucket();
    addPart(bucket, run.start + index * run.minutes * MINUTE, part);
    buckets.set(cell, bucket);
  }
}

/** Numbers by the index of their interval in the run; what is no number or outside is dropped. */
function values(run: IntervalRun, samples: readonly Sample[]): Map<number, ExactNumber> {
  const found = new Map<number, ExactNumber>();
  for (const { time, value } of samples) {
    const index = Math.floor((time - run.start) / (run.minutes * MINUTE));
    const number = toExactNumber(value);
    if (number !== null && index >= 0 && index < run.count) found.set(index, number);
  }
  return found;
}
