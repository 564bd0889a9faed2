/**
 * Aggregates over the intervals of a grid: asked of EnOS where it computes them (analog points normalized per minute,
 * energy points), else computed here from the stored records.
 */
import { createBatchLoader } from '../read/batch-loader.js';
import type { LoadContext } from '../load-context.js';
import { addRecord, emptyBucket, valueOf, type Bucket } from './intervals/accumulate.js';
import { readEnosAggregates, type EnosAggregate, callsOf } from './enos-aggregates.js';
import { aggregateChunkLength } from './chunks/chunk-plan.js';
import {
  normalizeInterval,
  rememberedGrids,
  type Grid,
  type Interval,
  type gridOf,
} from './intervals/grid.js';
import { readRecords, RECORD_OPERATIONS, type RecordsWanted } from './records/raw-records.js';
import { checkListId, type Denials } from './pairs/read-pairs.js';
import { aggregateSource, type AggregateSource } from './storage.js';
import { checkLimit, checkTimeRange, rangeLifetime, tooMany } from './times.js';
import type { AggregateFunction, PointKey, Sample, SampleSeries, SeriesLoaders } from './types.js';
import type { ChunkedSeries, LoadRange, Span, SpanAnswer } from './chunks/chunk-types.js';
import { createChunkLoader } from './chunks/chunks.js';

/** Records of one series that are aggregated here at most: as many as EnOS itself scans for durations in one call. */
const MAX_AGGREGATED_RECORDS = 640_000;

interface AggregateKey extends PointKey {
  grid: Grid;
  interval: Interval;
  timezone: string;
  aggregate: AggregateFunction;
  limit: number | null;
  source: AggregateSource;
}

/** `aggregate`. Requests of one tick share calls wherever their runs of intervals are the same, whatever the function. */
export function createAggregateLoader(context: LoadContext, denials: Denials): SeriesLoaders['aggregate'] {
  const { settings } = context;
  const { maxSamples } = settings;
  const loader = createBatchLoader<AggregateKey, SampleSeries>({
    context,
    kind: 'series.aggregate',
    operation: RECORD_OPERATIONS['ai-normalized'],
    keyOf: ({ assetId, pointId, grid, interval, timezone, aggregate, limit, source }) => [
      assetId,
      pointId,
      grid.from,
      grid.to,
      { ...interval },
      timezone,
      aggregate,
      limit,
      { ...source },
    ],
    label: ({ assetId, pointId, aggregate }) => `${assetId} ${aggregate}(${pointId})`,
    lifetime: (_series, { grid }) => rangeLifetime(grid.to, context.now(), settings.lifetimes),
    fetch: async (keys, call) => {
      const answers = new Map<AggregateKey, SampleSeries | Error>();
      const computed: EnosAggregate<AggregateKey>[] = [];
      const summedUp = new Map<RecordsWanted, { key: AggregateKey; collector: Collector }>();
      for (const key of keys) {
        const { source } = key;
        if (source.kind === 'enos') {
          computed.push({ ...key, operation: source.operation, key });
        } else {
          const collector = new Collector(key.grid, key.aggregate, key.limit);
          const wanted = {
            ...key,
            source: source.source,
            from: key.grid.from,
            to: key.grid.to,
            withQuality: false,
            most: MAX_AGGREGATED_RECORDS + 1,
            take: (sample: Sample) => collector.take(sample),
          };
          summedUp.set(wanted, { key, collector });
        }
      }
      const [samples, errors] = await Promise.all([
        readEnosAggregates(computed, call, denials),
        readRecords([...summedUp.keys()], call, denials),
      ]);
      for (const [key, found] of samples) {
        answers.set(key, found instanceof Error ? found : cut(found, key.limit, null));
      }
      for (const [wanted, { key, collector }] of summedUp) {
        answers.set(key, errors.get(wanted) ?? collector.result());
      }
      return answers;
    },
  });
  const gridFor = rememberedGrids();
  const chunked = createAggregateChunks(context, denials, gridFor, async (series, from, to) => {
    const { orgId, assetId, pointId, operation, interval, timezone, aggregate } = series;
    const grid = gridFor(from, to, interval, timezone);
    const source = { kind: 'enos' as const, operation };
    const key = { orgId, assetId, pointId, grid, interval, timezone, aggregate, limit: null, source };
    return (await loader.load(key)).samples;
  });
  return async (request) => {
    const { orgId, assetId, pointId, from, to, aggregate, limit, storage, timezone } = request;
    checkListId(assetId, 'assetId');
    checkListId(pointId, 'pointId');
    checkTimeRange(from, to);
    checkLimit(limit, maxSamples);
    const interval = normalizeInterval(request.interval);
    const source = aggregateSource(pointId, aggregate, storage, settings.edition);
    const grid = gridFor(from, to, interval, timezone);
    if (limit === undefined && grid.count > maxSamples) throw tooMany(maxSamples);
    const length = source.kind === 'enos' ? aggregateChunkLength(interval, grid.count) : null;
    if (source.kind === 'enos' && limit === undefined && length !== null) {
      const { operation } = source;
      const name = [operation, { ...interval }, timezone, aggregate];
      const alike = JSON.stringify([operation, interval]);
      const series = {
        orgId,
        assetId,
        pointId,
        name,
        length,
        alike,
        operation,
        interval,
        timezone,
        aggregate,
      };
      return cut(await chunked(series, grid.from, grid.to), null, null);
    }
    return loader.load({
      orgId,
      assetId,
      pointId,
      grid,
      interval,
      timezone,
      aggregate,
      limit: limit ?? null,
      source,
    });
  };
}

/** Sums up stored records by interval, as far as the limit wants. */
class Collector {
  private readonly buckets = new Map<number, Bucket>();
  private records = 0;

  constructor(
    private readonly grid: Grid,
    private readonly aggregate: AggregateFunction,
    private readonly limit: number | null,
  ) {}

  take(sample: Sample): boolean {
    const cell = this.grid.cellAt(sample.time);
    if (cell === null) return true;
    this.records += 1;
    if (this.records > MAX_AGGREGATED_RECORDS) return false;
    const bucket = this.buckets.get(cell) ?? emptyBucket();
    if (addRecord(bucket, sample, this.aggregate)) this.buckets.set(cell, bucket);
    // Records come in order: the first one beyond the last wanted interval ends the reading.
    return this.limit === null || this.buckets.size <= this.limit;
  }

  result(): SampleSeries | Error {
    if (this.records > MAX_AGGREGATED_RECORDS) return tooMany(MAX_AGGREGATED_RECORDS);
    const samples: Sample[] = [];
    for (const [time, bucket] of this.buckets) {
      const value = valueOf(bucket, this.aggregate);
      if (value !== undefined) samples.push({ time, value, quality: null });
    }
    const series = cut(samples, this.limit, null);
    const kept = new Set(series.samples.map(({ time }) => time));
    const rawCount = [...this.buckets].reduce(
      (sum, [time, { count }]) => sum + (kept.has(time) ? count : 0),
      0,
    );
    return { ...series, rawCount };
  }
}

function cut(samples: readonly Sample[], limit: number | null, rawCount: number | null): SampleSeries {
  const truncated = limit !== null && samples.length > limit;
  return { samples: truncated ? samples.slice(0, limit) : [...samples], truncated, rawCount };
}

/** Aggregates that EnOS computes, in chunks: an interval belongs to the chunk in which it starts. */

/** A series of aggregates. */
export interface AggregateSeries extends ChunkedSeries {
  operation: 'ai-normalized' | 'electric-power';
  interval: Interval;
  timezone: string;
  aggregate: AggregateFunction;
}

/** Ranges of aggregates, in chunks. `direct` reads one past them. */
export function createAggregateChunks(
  context: LoadContext,
  denials: Denials,
  gridFor: typeof gridOf,
  direct: LoadRange<AggregateSeries>,
): LoadRange<AggregateSeries> {
  return createChunkLoader<AggregateSeries>(
    context,
    {
      kind: 'series.intervals',
      operation: RECORD_OPERATIONS['ai-normalized'],
      border: ({ interval, timezone }, time) => {
        const grid = gridFor(time, time + 1, interval, timezone);
        return grid.from === time ? time : grid.to;
      },
      calls: ({ interval, timezone }, from, to, together) =>
        callsOf(gridFor(from, to, interval, timezone), together),
      read: async (spans, call) => {
        const wanted = spans.map((span): EnosAggregate<Span<AggregateSeries>> => {
          const { series, from, to } = span;
          return {
            ...series,
            key: span,
            grid: gridFor(from, to, series.interval, series.timezone),
            limit: null,
          };
        });
        const found = await readEnosAggregates(wanted, call, denials);
        const answers = new Map<Span<AggregateSeries>, SpanAnswer | Error>();
        for (const [span, samples] of found) {
          answers.set(span, samples instanceof Error ? samples : { samples });
        }
        return answers;
      },
    },
    direct,
  );
}
