/** Series that change: what was uploaded and what was deleted, over what the world's files give. */
import type { SeriesSource, WorldSample, WritableSeries } from '../world/world.js';

/** A record that was uploaded. */
export interface WrittenSample extends WorldSample {
  /** Came by the offline path: part of the history, never a latest value. */
  isOffline?: boolean;
}

interface Point {
  /** Uploaded records, ascending by time, one for each time. */
  samples: readonly WrittenSample[];
  /** Ranges `from <= time < to` of the source that were deleted. */
  erased: readonly { from: number; to: number }[];
}

const UNTOUCHED: Point = { samples: [], erased: [] };

/** A source with what was written over it. */
export class WrittenSeries implements WritableSeries {
  private points = new Map<string, Point>();
  private undo: (() => void)[] | null = null;

  constructor(private readonly source: SeriesSource) {}

  /** Notes from now on what undoes each change; null notes nothing. */
  begin(undo: (() => void)[] | null): void {
    this.undo = undo;
  }

  /** Adds a record; one of the same time gives way. */
  write(assetId: string, pointId: string, sample: WrittenSample): void {
    const { samples, erased } = this.point(assetId, pointId);
    const index = firstFrom(samples, sample.time);
    const after = samples[index]?.time === sample.time ? index + 1 : index;
    this.change(assetId, pointId, {
      samples: [...samples.slice(0, index), sample, ...samples.slice(after)],
      erased,
    });
  }

  /** Deletes the records with `from <= time < to`. */
  erase(assetId: string, pointId: string, from: number, to: number): void {
    const { samples, erased } = this.point(assetId, pointId);
    this.change(assetId, pointId, {
      samples: samples.filter(({ time }) => time < from || time >= to),
      erased: [...erased, { from, to }],
    });
  }

  /** Forgets everything that was written. */
  clear(): void {
    this.points = new Map();
  }

  read(assetId: string, pointId: string, from: number, to: number): Iterable<WorldSample> {
    const point = this.point(assetId, pointId);
    const records = this.source.read(assetId, pointId, from, to);
    return point === UNTOUCHED ? records : merge(records, point, from, to);
  }

  latest(assetId: string, pointId: string, at: number, after = -Infinity): WorldSample | null {
    const { samples, erased } = this.point(assetId, pointId);
    let found = this.source.latest(assetId, pointId, at, after);
    while (found !== null) {
      const { time } = found;
      const gap = erased.find(({ from, to }) => from <= time && time < to);
      if (gap === undefined) break;
      found = gap.from - 1 > after ? this.source.latest(assetId, pointId, gap.from - 1, after) : null;
    }
    const own = samples.findLast(({ time, isOffline }) => time <= at && time > after && isOffline !== true);
    return own !== undefined && own.time >= (found?.time ?? -Infinity) ? own : found;
  }

  private point(assetId: string, pointId: string): Point {
    return this.points.get(`${assetId} ${pointId}`) ?? UNTOUCHED;
  }

  private change(assetId: string, pointId: string, point: Point): void {
    const key = `${assetId} ${pointId}`;
    const before = this.points.get(key);
    this.undo?.push(() => {
      if (before === undefined) this.points.delete(key);
      else this.points.set(key, before);
    });
    this.points.set(key, point);
  }
}

function* merge(
  records: Iterable<WorldSample>,
  { samples, erased }: Point,
  from: number,
  to: number,
): Iterable<WorldSample> {
  let next = firstFrom(samples, from);
  for (const sample of records) {
    for (let own = samples[next]; own !== undefined && own.time < sample.time; own = samples[++next])
      yield own;
    if (samples[next]?.time !== sample.time && !isErased(erased, sample.time)) yield sample;
  }
  for (let own = samples[next]; own !== undefined && own.time < to; own = samples[++next]) yield own;
}

function firstFrom(samples: readonly WrittenSample[], time: number): number {
  const index = samples.findIndex((sample) => sample.time >= time);
  return index < 0 ? samples.length : index;
}

function isErased(erased: Point['erased'], time: number): boolean {
  return erased.some(({ from, to }) => from <= time && time < to);
}
