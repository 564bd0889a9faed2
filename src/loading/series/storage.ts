/** Which operation may read a point: decided by how the organization stores it. Never a source that would stay empty. */
import type { Edition } from '../../enos/editions.js';
import { InputError } from '../common.js';
import type { RecordSource } from './records/raw-records.js';
import type { AggregateFunction, PointStorage } from './types.js';

/** Where aggregates come from: EnOS computes them, or they are computed here from stored records. */
export type AggregateSource =
  { kind: 'enos'; operation: 'ai-normalized' | 'electric-power' } | { kind: 'records'; source: RecordSource };

const NUMERIC: ReadonlySet<string> = new Set(['INT', 'LONG', 'BIGINT', 'FLOAT', 'DOUBLE']);
/** Kinds that `raw` returns in every edition; later ones add AI_NORMALIZED and PI. */
const RAW_KINDS = ['AI_RAW', 'DI', 'GENERIC'];
const READABLE_KINDS = [...RAW_KINDS, 'AI_NORMALIZED', 'PI'];

/** The source of stored records. Refuses points of which EnOS keeps none that this edition can read. */
export function recordSource(pointId: string, storage: PointStorage, edition: Edition): RecordSource {
  const has = (kind: string): boolean => storage.kinds.includes(kind);
  if (RAW_KINDS.some(has)) return 'raw';
  if (has('AI_NORMALIZED')) return edition === '2.1' ? 'ai-normalized' : 'raw';
  if (has('PI')) return edition === '2.1' ? 'electric-power' : 'raw';
  if (storage.kinds.length > 0) {
    throw new InputError(
      `EnOS keeps no history of point ${pointId}: its storage (${storage.kinds.join(', ')}) is none of ` +
        READABLE_KINDS.join(', '),
      'pointId',
    );
  }
  if (edition === '2.1') {
    throw new InputError(
      `EnOS keeps no history of point ${pointId}: no storage policy of the organization covers it`,
      'pointId',
    );
  }
  return 'unformatted';
}

/** The source of aggregates. Refuses functions that the point's type does not allow. */
export function aggregateSource(
  pointId: string,
  aggregate: AggregateFunction,
  storage: PointStorage,
  edition: Edition,
): AggregateSource {
  const numeric = NUMERIC.has(storage.dataType.toUpperCase());
  if (!numeric && aggregate !== 'count' && aggregate !== 'first' && aggregate !== 'last') {
    throw new InputError(
      `aggregate ${aggregate} needs numbers, but point ${pointId} is of type ${storage.dataType}: ` +
        'use count, first or last',
      'aggregate',
    );
  }
  const has = (kind: string): boolean => storage.kinds.includes(kind);
  // What EnOS aggregates comes back as numbers: the first or last of another type is taken from the records.
  if (numeric || aggregate === 'count') {
    if (has('PI') && (storage.signalType === 'PI' || !has('AI_NORMALIZED'))) {
      return { kind: 'enos', operation: 'electric-power' };
    }
    if (has('AI_NORMALIZED')) return { kind: 'enos', operation: 'ai-normalized' };
  }
  return { kind: 'records', source: recordSource(pointId, storage, edition) };
}
