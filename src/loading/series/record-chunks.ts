/** Stored records in chunks. */
import type { LoadContext } from '../load-context.js';
import type { ChunkedSeries, LoadRange, Span, SpanAnswer } from './chunk-types.js';
import { createChunkLoader } from './chunks.js';
import {
  pagesOf,
  readRecords,
  RECORD_OPERATIONS,
  type RecordSource,
  type RecordsWanted,
} from './raw-records.js';
import type { Denials } from './read-pairs.js';
import { checkStretch, tooMany } from './times.js';
import type { Sample } from './types.js';

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
        checkStretch(time, time + 1);
        return time;
      },
      calls: (_series, from, to, together) => pagesOf((to - from) / USUAL_STEP, together),
      read: async (spans, call) => {
        const read = new Map<RecordsWanted, { span: Span<RecordSeries>; samples: Sample[]; most: number }>();
        for (const span of spans) {
          const { series, from, to } = span;
          const samples: Sample[] = [];
          // Each load may have so many; the two chunks at the ends may hold as many again that nobody wants.
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
