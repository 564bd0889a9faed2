/** How far a series of stored records has been read, page by page. */
import { lowerBound } from '../chunks/columns.js';
import { type PairPage, itemFormatFor, readPages } from '../pairs/items.js';
import type { Sample } from '../types.js';
import type { OpenPair } from './plan.js';
import type { EnosCall } from '../../enos-call.js';
import type { PairMap } from '../pairs/pair-map.js';
import type { Rectangle } from '../packing/rectangles.js';
import { utcText } from '../times.js';

/** What more is expected of a pair than it has brought in the same time so far. */
const MARGIN = 1.1;
/** How much earlier than it was asked for a record may be, milliseconds: a start may be taken to the second. */
const EARLY = 1_000;

/** The records that one series wants. */
export interface RecordsWanted {
  orgId: string;
  assetId: string;
  pointId: string;
  source: RecordSource;
  /** Unix milliseconds, inclusive. */
  from: number;
  /** Unix milliseconds, exclusive. */
  to: number;
  withQuality: boolean;
  /**
   * How many records are wanted at most; decides the page size. The last of so many tells that there are more: of an
   * instant with several records, its value need not be the one that counts.
   */
  most: number;
  /** Takes the records in order of time; false when it wants no more. */
  take(sample: Sample): boolean;
}

/** A page, and what was asked for. */
export interface AskedRecords extends PairPage {
  /** Most records that were asked for. */
  size: number;
  /** Whether no larger page is to be had, by the contract or by what a reply can hold. */
  isLargest: boolean;
}

/**
 * How far one series has been read. The last instant of a full page may have further records behind the page's end, so
 * its value is held back until the next page, which starts there again.
 */
export class Progress implements OpenPair {
  readonly assetId: string;
  readonly pointId: string;
  next: number;
  density = Infinity;
  /** Whether there may be more, and more is wanted. */
  more = true;
  private taken = 0;
  /** The value at `next` so far. */
  private held: Sample | undefined;
  /** Fewest records that the next page is worth asking for. */
  private least = 1;
  /** Records without which the next page brings nothing new, where one of its instants fills a page. */
  needed = 1;

  constructor(readonly wanted: RecordsWanted) {
    this.assetId = wanted.assetId;
    this.pointId = wanted.pointId;
    this.next = wanted.from;
  }

  /** Records that the next page is to hold at most. */
  get left(): number {
    const { most, from } = this.wanted;
    return Math.max(this.least, most - this.taken + (this.next > from ? 1 : 0));
  }

  get expected(): number {
    return Math.min(this.left, Math.ceil(MARGIN * this.density * (this.wanted.to - this.next)) + 2);
  }

  /**
   * Takes the page of a call from `start` on; undefined where nothing came. False where it cannot be what was asked for: it
   * ends before the start, or most of it lies there.
   */
  takePage(page: AskedRecords | undefined, start: number): boolean {
    const { to } = this.wanted;
    if (page === undefined || page.came < page.size || page.last >= to) {
      this.takeUntil(to, page?.samples ?? []);
      this.more = false;
      return true;
    }
    const { samples, last, came, size } = page;
    if (last < start || 2 * countBefore(samples, start - EARLY) > came) return false;
    // It stands further on than others of its call, and their page ended before anything new came.
    if (last < this.next) return true;
    if (last > start) this.density = came / (last - start);
    if (last > this.next) {
      const before = this.taken;
      this.needed = 1;
      this.takeUntil(last, samples);
      this.next = last;
      this.held = at(samples, last);
      // Where little of a page was of use, a larger one spares calls.
      this.least = 2 * (this.taken - before + 1) < size ? 2 * size : 2;
    } else {
      this.held = at(samples, last) ?? this.held;
      this.needed = this.least = 2 * size;
      if (page.isLargest) {
        // One instant fills the largest page: what lies behind it counts for more than which of its values is the last.
        this.takeUntil(last + 1, []);
        this.next = last + 1;
        this.needed = 1;
        if (this.next >= to) this.more = false;
      }
    }
    if (this.held && this.taken + 1 >= this.wanted.most) this.takeUntil(last + 1, []);
    return true;
  }

  /** Takes what lies at or behind `next` and before `end`; the value held back only where the page does not bring it again. */
  private takeUntil(end: number, samples: readonly Sample[]): void {
    const { held } = this;
    this.held = undefined;
    const known = held === undefined || at(samples, held.time) !== undefined ? [] : [held];
    for (const sample of known.length > 0 ? [...known, ...samples] : samples) {
      if (!this.more) return;
      if (sample.time >= this.next && sample.time < end) this.take(sample);
    }
  }

  private take(sample: Sample): void {
    const { wanted } = this;
    this.taken += 1;
    const isWhole = wanted.withQuality || sample.quality === null;
    if (!wanted.take(isWhole ? sample : { ...sample, quality: null })) this.more = false;
  }
}

/** The sample of an instant, among samples in order of time. */
function at(samples: readonly Sample[], time: number): Sample | undefined {
  const index = countBefore(samples, time);
  return samples[index]?.time === time ? samples[index] : undefined;
}

/** Samples before an instant, of samples in order of time. */
function countBefore(samples: readonly Sample[], time: number): number {
  return lowerBound(samples.length, (index) => samples[index]!.time, time);
}

/** One page of stored records of a rectangle, by whichever operation has them. */

/** Operations that return stored records. */
export type RecordSource = 'raw' | 'unformatted' | 'ai-normalized' | 'electric-power';

/** Id of the operation behind a source. */
export const RECORD_OPERATIONS = {
  raw: 'tsdb-data.getAssetRawDataByTimeRange',
  unformatted: 'tsdb-data.getAssetUnformattedData',
  'ai-normalized': 'tsdb-data.getAssetAiDataWithAggregationLogic',
  'electric-power': 'tsdb-data.getAssetElectricPowerData',
} as const;

/** What one call asks for. */
export interface RecordPageRequest {
  orgId: string;
  source: RecordSource;
  rectangle: Rectangle;
  /** Unix milliseconds, inclusive and exclusive. */
  start: number;
  to: number;
  /** Most records of each pair. */
  pageSize: number;
  withQuality: boolean;
}

/** What one call brought. */
export interface FetchedPage {
  /** The first records of each pair; a pair without any is absent. */
  pages: PairMap<PairPage>;
  /** Whether it is certain how much came of which point, as in `readPages`. */
  isClear: boolean;
  /** Size of the reply, where the client says. */
  bytes: number | undefined;
}

/** Asks for a page. Rejects with `EnosError`. */
export async function fetchPage(call: EnosCall, page: RecordPageRequest): Promise<FetchedPage> {
  const { data, bytes } = await send(call, page);
  return { ...readPages(RECORD_OPERATIONS[page.source], data, page.rectangle), bytes };
}

function send(call: EnosCall, page: RecordPageRequest): Promise<{ data: unknown; bytes?: number }> {
  const { rectangle, source, pageSize } = page;
  const query = { orgId: page.orgId };
  const points = rectangle.points.join(',');
  const common = {
    assetIds: rectangle.assets.join(','),
    startTime: utcText(page.start),
    endTime: utcText(page.to),
    pageSize,
    itemFormat: itemFormatFor(rectangle),
  };
  const quality = page.withQuality ? { withQuality: true } : {};
  switch (source) {
    case 'raw':
      return call(RECORD_OPERATIONS.raw, { query, body: { ...common, pointIds: points, ...quality } });
    case 'unformatted':
      return call(RECORD_OPERATIONS.unformatted, { query, body: { ...common, pointIds: points } });
    case 'ai-normalized':
    case 'electric-power':
      return call(RECORD_OPERATIONS[source], {
        query,
        body: { ...common, pointIdsWithLogic: points, interval: 0 },
      });
  }
}
