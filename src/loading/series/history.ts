/** Stored records of a time range: in chunks, or as one where it is short or a limit is given. */
import { createBatchLoader } from '../read/batch-loader.js';
import type { LoadContext } from '../load-context.js';
import { recordChunkLength } from './chunks/chunk-plan.js';
import {
  readRecords,
  RECORD_OPERATIONS,
  type RecordSource,
  type RecordsWanted,
  pagesOf,
} from './records/raw-records.js';
import { checkListId, type Denials } from './pairs/read-pairs.js';
import { recordSource } from './storage.js';
import { checkLimit, checkTimeRange, rangeLifetime, tooMany } from './times.js';
import type { PointKey, Sample, SampleSeries, SeriesLoaders } from './types.js';
import type { ChunkedSeries, LoadRange, Span, SpanAnswer } from './chunks/chunk-types.js';
import { createChunkLoader } from './chunks/chunks.js';

interface HistoryKey extends PointKey {
  from: number;
  to: number;
  limit: number | null;
  withQuality: boolean;
  source: RecordSource;
}

/**
 * `history`: points under any storage policy by `raw`, which mixes kinds, so that all pairs of a tick with the same
 * time range share rectangles; points without a policy by `unformatted`, one point a call.
 */
export function createHistoryLoader(context: LoadContext, denials: Denials): SeriesLoaders['history'] {
  const { settings } = context;
  const { maxSamples } = settings;
  const loader = createBatchLoader<HistoryKey, SampleSeries>({
    context,
    kind: 'series.history',
    operation: RECORD_OPERATIONS.raw,
    keyOf: ({ assetId, pointId, from, to, limit, withQuality, source }) => [
      assetId,
      pointId,
      from,
      to,
      limit,
      withQuality,
      source,
    ],
    label: ({ assetId, pointId }) => `${assetId} ${pointId}`,
    lifetime: (_series, { to }) => rangeLifetime(to, context.now(), settings.lifetimes),
    fetch: async (keys, call) => {
      const collected = new Map<RecordsWanted, { key: HistoryKey; samples: Sample[]; most: number }>();
      for (const key of keys) {
        const samples: Sample[] = [];
        // One more than may be handed out tells whether there are more.
        const most = (key.limit ?? maxSamples) + 1;
        const take = (sample: Sample): boolean => samples.push(sample) < most;
        collected.set({ ...key, most, take }, { key, samples, most });
      }
      const errors = await readRecords([...collected.keys()], call, denials);
      const answers = new Map<HistoryKey, SampleSeries | Error>();
      for (const [wanted, { key, samples, most }] of collected) {
        const error = errors.get(wanted);
        const truncated = samples.length >= most;
        if (error) answers.set(key, error);
        else if (truncated && key.limit === null) answers.set(key, tooMany(maxSamples));
        else {
          const kept = truncated ? samples.slice(0, most - 1) : samples;
          answers.set(key, { samples: kept, truncated, rawCount: kept.length });
        }
      }
      return answers;
    },
  });
  const chunked = createRecordChunks(
    context,
    denials,
    async ({ orgId, assetId, pointId, source, withQuality }, from, to) => {
      const key = { orgId, assetId, pointId, from, to, limit: null, withQuality, source };
      return (await loader.load(key)).samples;
    },
  );
  return async ({ orgId, assetId, pointId, from, to, limit, storage, withQuality }) => {
    checkListId(assetId, 'assetId');
    checkListId(pointId, 'pointId');
    checkTimeRange(from, to);
    checkLimit(limit, maxSamples);
    const source = recordSource(pointId, storage, settings.edition);
    const length = recordChunkLength(to - from);
    // A few records are not worth a whole chunk.
    if (limit !== undefined || length === null) {
      return loader.load({ orgId, assetId, pointId, from, to, limit: limit ?? null, withQuality, source });
    }
    const name = [source, withQuality];
    const samples = await chunked(
      { orgId, assetId, pointId, name, length, alike: source, source, withQuality },
      from,
      to,
    );
    if (samples.length > maxSamples) throw tooMany(maxSamples);
    return { samples, truncated: false, rawCount: samples.length };
  };
}

/** Density that is expected of records where none is known: one a minute, to which EnOS normalizes. */
const USUAL_STEP = 60_000;

/** A series of stored records. */
export interface RecordSeries extends ChunkedSeries {
  source: RecordSource;
  withQuality: boolean;
}

/** Ranges of stored records, in chunks. `direct` reads one past them. */
export function createRecordChunks(
  context: LoadContext,
  denials: Denials,
  direct: LoadRange<RecordSeries>,
): LoadRange<RecordSeries> {
  const { maxSamples } = context.settings;
  return createChunkLoader<RecordSeries>(
    context,
    {
      kind: 'series.records',
      operation: RECORD_OPERATIONS.raw,
      border: (_series, time) => {
        checkTimeRange(time, time + 1);
        return time;
      },
      calls: (_series, from, to, together) => pagesOf((to - from) / USUAL_STEP, together),
      read: async (spans, call) => {
        const read = new Map<RecordsWanted, { span: Span<RecordSeries>; samples: Sample[]; most: number }>();
        for (const span of spans) {
          const { series, from, to } = span;
          const samples: Sample[] = [];
          // Each load may have so many; the two chunks at the ends may hold as many again that are not wanted.
          const most = 2 * span.loads * (maxSamples + 1);
          const take = (sample: Sample): boolean => samples.push(sample) < most;
          read.set({ ...series, from, to, most, take }, { span, samples, most });
        }
        const errors = await readRecords([...read.keys()], call, denials);
        const answers = new Map<Span<RecordSeries>, SpanAnswer | Error>();
        for (const [wanted, { span, samples, most }] of read) {
          const error = errors.get(wanted);
          const end = samples.length >= most ? samples.at(-1) : undefined;
          const stopped = end && { time: end.time, error: tooMany(maxSamples) };
          answers.set(span, error ?? { samples, ...(stopped ? { stopped } : {}) });
        }
        return answers;
      },
    },
    direct,
  );
}
