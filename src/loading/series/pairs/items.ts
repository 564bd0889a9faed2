/** Reads data.items of the TSDB, in whichever shape and spelling they come. */
import type { OperationId } from '../../../enos/operation.js';
import { localError } from '../../enos-call.js';
import { PairMap } from './pair-map.js';
import type { Rectangle } from '../packing/rectangles.js';
import type { Sample } from '../types.js';

/** Names of itemFormat 0 that a point's own name could be taken for. */
const FIXED_KEYS: ReadonlySet<string> = new Set([
  'assetId',
  'timestamp',
  'localtime',
  'localTime',
  'quality',
  'dataQuality',
]);

/** Samples by asset and point; a pair without data is absent. */
export type SamplesByPair = PairMap<Sample[]>;

/** What one reply brought of a pair. */
export interface PairPage {
  /** In order of time, without repeats and without nulls. */
  samples: Sample[];
  /** Records that came, with those that `samples` leaves out: these fill a page like any other. */
  came: number;
  /** Unix milliseconds of the latest record that came; -Infinity where none says when it is from. */
  last: number;
}

/** A rectangle as reads of points name it. */
export function namedIn({ assets, points }: Rectangle): { assetIds: string; pointIds: string } {
  return { assetIds: assets.join(','), pointIds: points.join(',') };
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
  return readerOf(operation, data, rectangle).result();
}

/**
 * As `readItems`, with how much came of each pair; a pair of which nothing came is absent. `isClear`: false where a record
 * came without any point's name, so that it is counted for each point, although it can be of one only.
 * `newestFirst`: as the records were asked for.
 */
export function readPages(
  operation: OperationId,
  data: unknown,
  rectangle: Rectangle,
  newestFirst = false,
): { pages: PairMap<PairPage>; isClear: boolean } {
  const reader = readerOf(operation, data, rectangle);
  return { pages: reader.pages(newestFirst), isClear: reader.isClear };
}

function readerOf(operation: OperationId, data: unknown, rectangle: Rectangle): Reader {
  const reader = new Reader(rectangle);
  for (const item of listOf(operation, data)) if (isObject(item)) reader.read(item);
  return reader;
}

/** Items of a reply come by the ten thousand: no closure, copy or look-up per value that can be spared. */
class Reader {
  private readonly assets: ReadonlySet<string>;
  private readonly points: ReadonlySet<string>;
  private readonly found: SamplesByPair = new PairMap();
  /** Records that hold nothing; made for the first of them. */
  private empty: PairMap<{ count: number; last: number }> | undefined;
  /** The pair of the item before, which mostly is that of the next. */
  private assetId: string | null = null;
  private pointId: string | null = null;
  private samples: Sample[] = [];
  /** Whether each record says of which point it is. */
  isClear = true;

  constructor(rectangle: Rectangle) {
    this.assets = new Set(rectangle.assets);
    this.points = new Set(rectangle.points);
  }

  read(item: Record<string, unknown>): void {
    const { assetId, timestamp } = item;
    if (typeof assetId !== 'string') return;
    if (Array.isArray(timestamp)) {
      this.readColumns(assetId, item, timestamp);
      return;
    }
    const time = toNumber(timestamp);
    const quality = toNumber(item['quality'] ?? item['dataQuality']);
    let isNamed = false;
    for (const name in item) {
      if (FIXED_KEYS.has(name)) continue;
      const value = item[name];
      const isAsked =
        time === null || value === null || value === undefined
          ? this.addEmpty(assetId, name, time)
          : this.add(assetId, name, { time, value, quality });
      isNamed ||= isAsked;
    }
    if (isNamed) return;
    if (this.points.size > 1) this.isClear = false;
    for (const point of this.points) this.addEmpty(assetId, point, time);
  }

  result(): SamplesByPair {
    const { found } = this;
    found.forEach((samples, assetId, pointId) => {
      if (!isOrdered(samples)) found.set(assetId, pointId, sorted(samples));
    });
    return found;
  }

  pages(newestFirst: boolean): PairMap<PairPage> {
    const pages = new PairMap<PairPage>();
    this.found.forEach((all, assetId, pointId) => {
      const samples = isOrdered(all) ? all : sorted(newestFirst ? all.reverse() : all);
      pages.set(assetId, pointId, { samples, came: all.length, last: samples.at(-1)?.time ?? -Infinity });
    });
    this.empty?.forEach(({ count, last }, assetId, pointId) => {
      const page = pages.get(assetId, pointId);
      if (page === undefined) pages.set(assetId, pointId, { samples: [], came: count, last });
      else {
        page.came += count;
        page.last = Math.max(page.last, last);
      }
    });
    return pages;
  }

  private readColumns(assetId: string, item: Record<string, unknown>, times: readonly unknown[]): void {
    const { pointId, value: values } = item;
    if (typeof pointId !== 'string' || !Array.isArray(values)) return;
    const given: unknown = item['dataQuality'] ?? item['quality'];
    const qualities: readonly unknown[] = Array.isArray(given) ? given : [];
    if (!this.isAsked(assetId, pointId)) return;
    for (let index = 0; index < times.length; index += 1) {
      const time = toNumber(times[index]);
      const value: unknown = values[index];
      if (time === null || value === null || value === undefined) this.addEmpty(assetId, pointId, time);
      else this.add(assetId, pointId, { time, value, quality: toNumber(qualities[index]) });
    }
  }

  /** Whether the pair was asked for. */
  private add(assetId: string, pointId: string, sample: Sample): boolean {
    if (assetId === this.assetId && pointId === this.pointId) {
      this.samples.push(sample);
      return true;
    }
    if (!this.isAsked(assetId, pointId)) return false;
    const samples = this.found.get(assetId, pointId);
    this.assetId = assetId;
    this.pointId = pointId;
    // Mostly there is one: a list that begins with it is not made for more.
    if (samples === undefined) this.found.set(assetId, pointId, (this.samples = [sample]));
    else (this.samples = samples).push(sample);
    return true;
  }

  /** Whether the pair was asked for. */
  private addEmpty(assetId: string, pointId: string, time: number | null): boolean {
    if (!this.isAsked(assetId, pointId)) return false;
    const empty = (this.empty ??= new PairMap());
    const known = empty.get(assetId, pointId);
    if (known === undefined) empty.set(assetId, pointId, { count: 1, last: time ?? -Infinity });
    else {
      known.count += 1;
      known.last = Math.max(known.last, time ?? -Infinity);
    }
    return true;
  }

  private isAsked(assetId: string, pointId: string): boolean {
    return this.assets.has(assetId) && this.points.has(pointId);
  }
}

/** The plain objects among data.items. */
export function itemsOf(operation: OperationId, data: unknown): Record<string, unknown>[] {
  return listOf(operation, data).filter(isObject);
}

function listOf(operation: OperationId, data: unknown): readonly unknown[] {
  const items = isObject(data) ? data['items'] : undefined;
  if (!Array.isArray(items)) {
    throw localError(operation, 'invalid-response', 'EnOS sent no list of values');
  }
  return items;
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

/** Whether each is later than the one before. */
function isOrdered(samples: readonly Sample[]): boolean {
  let before = -Infinity;
  for (const { time } of samples) {
    if (time <= before) return false;
    before = time;
  }
  return true;
}

/** In order of time; of one instant the sample that comes last. */
function sorted(samples: readonly Sample[]): Sample[] {
  const byTime = new Map(samples.map((sample) => [sample.time, sample]));
  return [...byTime.values()].sort((a, b) => a.time - b.time);
}
