/** Stored records of a stretch. */
import { createBatchLoader } from '../batch-loader.js';
import { InputError } from '../common.js';
import type { LoadContext } from '../load-context.js';
import { readRecords, RECORD_OPERATIONS, type RecordSource, type RecordsWanted } from './raw-records.js';
import { checkListId, type Denials } from './read-pairs.js';
import { recordSource } from './storage.js';
import { checkLimit, checkStretch, stretchLifetime } from './times.js';
import type { PointKey, Sample, SampleSeries, SeriesLoaders } from './types.js';

interface HistoryKey extends PointKey {
  from: number;
  to: number;
  limit: number | null;
  withQuality: boolean;
  source: RecordSource;
}

/**
 * `history`: points under any storage policy by `raw`, which mixes kinds, so that all pairs of a tick with the same
 * stretch share rectangles; points without a policy by `unformatted`, one point a call.
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
    lifetime: (_series, { to }) => stretchLifetime(to, context.now(), settings.lifetimes),
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
  return async ({ orgId, assetId, pointId, from, to, limit, storage, withQuality }) => {
    checkListId(assetId, 'assetId');
    checkListId(pointId, 'pointId');
    checkStretch(from, to);
    checkLimit(limit, maxSamples);
    const source = recordSource(pointId, storage, settings.edition);
    return loader.load({ orgId, assetId, pointId, from, to, limit: limit ?? null, withQuality, source });
  };
}

/** The refusal of a series that is too long for one answer. */
export function tooMany(maxSamples: number): InputError {
  return new InputError(
    `The stretch holds more than ${maxSamples} values of one series: narrow from and to, or give limit, interval ` +
      'or maxPoints',
    'from',
  );
}
