/** Reads data.items of the TSDB, in whichever shape and spelling they come. */
import type { OperationId } from '../../enos/operation.js';
import { localError } from '../enos-call.js';
import type { Rectangle } from './rectangles.js';
import type { Sample } from './types.js';

/** Names of itemFormat 0 that a point's own name could be taken for. */
const FIXED_KEYS: ReadonlySet<string> = new Set([
  'assetId',
  'timestamp',
  'localtime',
  'localTime',
  'quality',
  'dataQuality',
]);

/** Samples by `pairKey`; a pair without data is absent. */
export type SamplesByPair = Map<string, Sample[]>;

/** Name of a pair. Ids hold no comma (checkListId), so two pairs never share a name. */
export function pairKey(assetId: string, pointId: string): string {
  return `${assetId},${pointId}`;
}

/** itemFormat for a rectangle: 0, or 2 where a point is named as one of the fixed keys of format 0. */
export function itemFormatFor(rectangle: Rectangle): 0 | 2 {
  return rectangle.points.some((point) => FIXED_KEYS.has(point)) ? 2 : 0;
}

/**
 * Samples of a reply, each pair's in order of time, without repeats and without nulls. `points` may be expressions.
 * Rejects a reply without items with `EnosError` (invalid-response).
 */
export function readItems(operation: OperationId, data: unknown, rectangle: Rectangle): SamplesByPair {
  const assets = new Set(rectangle.assets);
  const points = new Set(rectangle.points);
  const found: SamplesByPair = new Map();
  const add = (assetId: string, pointId: string, sample: Sample | null): void => {
    if (sample === null || !assets.has(assetId) || !points.has(pointId)) return;
    const key = pairKey(assetId, pointId);
    const samples = found.get(key);
    if (samples) samples.push(sample);
    else found.set(key, [sample]);
  };
  for (const item of itemsOf(operation, data)) {
    const assetId = item['assetId'];
    if (typeof assetId !== 'string') continue;
    const { timestamp, value } = item;
    if (Array.isArray(timestamp)) {
      const pointId = item['pointId'];
      if (typeof pointId !== 'string' || !Array.isArray(value)) continue;
      const qualities: unknown = item['dataQuality'] ?? item['quality'];
      timestamp.forEach((time: unknown, index) => {
        const quality: unknown = Array.isArray(qualities) ? qualities[index] : null;
        add(assetId, pointId, sampleOf(time, value[index], quality));
      });
    } else {
      const quality = item['quality'] ?? item['dataQuality'];
      for (const [key, entry] of Object.entries(item)) {
        if (!FIXED_KEYS.has(key)) add(assetId, key, sampleOf(timestamp, entry, quality));
      }
    }
  }
  for (const [key, samples] of found) found.set(key, ordered(samples));
  return found;
}

/** The plain objects among data.items. */
export function itemsOf(operation: OperationId, data: unknown): Record<string, unknown>[] {
  const items = isObject(data) ? data['items'] : undefined;
  if (!Array.isArray(items)) {
    throw localError(operation, 'invalid-response', 'EnOS sent no list of values');
  }
  return items.filter(isObject);
}

/** A number out of what EnOS sends for one; null for what is none. */
export function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || value.trim() === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sampleOf(timestamp: unknown, value: unknown, quality: unknown): Sample | null {
  const time = toNumber(timestamp);
  if (time === null || value === null || value === undefined) return null;
  return { time, value, quality: toNumber(quality) };
}

function ordered(samples: Sample[]): Sample[] {
  const rising = samples.every(
    (sample, index) => index === 0 || (samples[index - 1]?.time ?? 0) < sample.time,
  );
  if (rising) return samples;
  const byTime = new Map(samples.map((sample) => [sample.time, sample]));
  return [...byTime.values()].sort((a, b) => a.time - b.time);
}
