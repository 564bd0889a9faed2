import type { ReadToken } from '../cache.js';

/** Settings of the table of invalidations. */
export interface TagTableOptions {
  /** Tags held; beyond, the oldest invalidations are merged into one that counts for every tag. Default 50,000. */
  maxTags?: number;
  /** After an invalidation nothing with the tag is kept that was fetched within so many milliseconds. Default 2000. */
  writeLagMs?: number;
}

interface Invalidation {
  /** Its place in the order. */
  position: string;
  /** When it was heard of, by the clock of this process. */
  at: number;
}

/** What an invalidation is compared with. */
export interface Dated {
  readonly tags: readonly string[];
  readonly position: string;
}

const DEFAULT_MAX_TAGS = 50_000;
const DEFAULT_WRITE_LAG = 2_000;

/** A token as it is made here. */
interface Token extends ReadToken {
  /** What of its time was admitted, and after which change: data of many tags is asked about again and again. */
  admitted?: { tags: readonly string[]; changes: number };
}

/**
 * The invalidations that this process knows of: for each tag the last one, and a floor that counts for all tags. Data
 * is told from invalidated data by the order of invalidations alone, never by clocks: it carries the last one that was
 * known when its fetch began.
 */
export class TagTable {
  private readonly last = new Map<string, Invalidation>();
  /** Invalidations begun here whose place in the order is not known yet, by tag: how many. */
  private readonly pending = new Map<string, number>();
  private pendingFloors = 0;
  private floor = NOWHERE;
  private known = NOWHERE;
  private changes = 0;
  private count = 0;
  /** When the last invalidation was heard of. */
  private latest = -Infinity;
  private readonly maxTags: number;
  private readonly writeLagMs: number;

  constructor(
    options: TagTableOptions,
    private readonly now: () => number,
  ) {
    this.maxTags = options.maxTags ?? DEFAULT_MAX_TAGS;
    this.writeLagMs = options.writeLagMs ?? DEFAULT_WRITE_LAG;
  }

  /** Rises with each change after which something readable may have become unreadable. */
  get version(): number {
    return this.changes;
  }

  /** All invalidations up to this place are in the table. */
  get position(): string {
    return this.known;
  }

  /** Tags invalidated since start. */
  get invalidations(): number {
    return this.count;
  }

  token(): ReadToken {
    return { position: this.known, at: this.now() } satisfies Token;
  }

  /** Whether data with these tags is of a time after the last invalidation of each. */
  admits({ tags, position }: Dated): boolean {
    if (tags.length === 0) return true;
    if (position < this.floor || this.pendingFloors > 0) return false;
    for (const tag of tags) {
      if (this.pending.size > 0 && this.pending.has(tag)) return false;
      const invalidation = this.last.get(tag);
      if (invalidation !== undefined && invalidation.position > position) return false;
    }
    return true;
  }

  /** The same for data that is to be kept: EnOS may show the old state for a while after a write. */
  admitsFetched(tags: readonly string[], asOf: ReadToken): boolean {
    const before = (asOf as Token).admitted;
    if (before?.tags === tags && before.changes === this.changes) return true;
    if (!this.admits({ tags, position: asOf.position })) return false;
    for (const tag of tags) {
      const invalidation = this.last.get(tag);
      if (invalidation !== undefined && asOf.at < invalidation.at + this.writeLagMs) return false;
    }
    (asOf as Token).admitted = { tags, changes: this.changes };
    return true;
  }

  /** Milliseconds until EnOS shows what was written when the tag was last invalidated; 0 where it does. */
  showsAfter(tag: string): number {
    const now = this.now();
    if (this.latest + this.writeLagMs <= now) return 0;
    const at = this.last.get(tag)?.at;
    return at === undefined ? 0 : Math.max(0, at + this.writeLagMs - now);
  }

  /** An invalidation begins: it counts at once, against everything. To be followed by `settle`. */
  begin(tags: readonly string[]): void {
    for (const tag of tags) this.pending.set(tag, (this.pending.get(tag) ?? 0) + 1);
    this.changes += 1;
  }

  /** The invalidation that began at `at` has its place in the order. */
  settle(tags: readonly string[], position: string, at: number): void {
    this.abandon(tags);
    this.apply(tags, position, at);
  }

  /** The invalidation is counted by other means (a floor) from now on. */
  abandon(tags: readonly string[]): void {
    for (const tag of tags) {
      const others = (this.pending.get(tag) ?? 0) - 1;
      if (others > 0) this.pending.set(tag, others);
      else this.pending.delete(tag);
    }
  }

  /** An invalidation of everything that carries a tag begins. To be followed by `settleFloor`. */
  beginFloor(): void {
    this.pendingFloors += 1;
    this.changes += 1;
  }

  settleFloor(position: string): void {
    this.pendingFloors -= 1;
    this.raiseFloor(position);
  }

  /** Enters an invalidation. `at` is when it was heard of; default now. */
  apply(tags: readonly string[], position: string, at = this.now()): void {
    this.latest = Math.max(this.latest, at);
    for (const tag of tags) {
      const before = this.last.get(tag);
      // Heard of twice (by its writer: when it was written, and in the order) it is still one.
      if (before?.position === position) continue;
      this.last.delete(tag);
      const later = before !== undefined && before.position > position ? before.position : position;
      this.last.set(tag, { position: later, at: before === undefined ? at : Math.max(before.at, at) });
      this.count += 1;
    }
    this.changes += 1;
    for (const [tag, { position: oldest }] of this.last) {
      if (this.last.size <= this.maxTags) break;
      this.last.delete(tag);
      this.raiseFloor(oldest);
    }
  }

  /** Everything with a tag that was fetched before this place counts as invalidated. */
  raiseFloor(position: string): void {
    if (position <= this.floor) return;
    this.floor = position;
    this.changes += 1;
  }

  /** All invalidations up to this place have been entered. */
  advance(position: string): void {
    if (position > this.known) this.known = position;
  }
}

/**
 * Places in the order of invalidations, as text that compares in that order: the id of a record in a Redis stream
 * (milliseconds and a number), both padded. The empty text comes before all.
 */
const POSITION = /^\d{14}-\d{10}$/;

/** Before every invalidation: what is known when nothing is known. */
export const NOWHERE = '';

/** Whether a text is a position other than `NOWHERE`. */
export function isPosition(text: string): boolean {
  return POSITION.test(text);
}

/** The position of a record of the stream, or undefined for an id out of range. */
export function positionOf(streamId: string): string | undefined {
  const match = /^(\d{1,14})-(\d{1,10})$/.exec(streamId);
  return match === null ? undefined : position(Number(match[1]), Number(match[2]));
}

/** The id of the record at a position; before all for `NOWHERE`. */
export function streamIdOf(place: string): string {
  const [milliseconds = '0', number = '0'] = place === NOWHERE ? [] : place.split('-');
  return `${Number(milliseconds)}-${Number(number)}`;
}

/** The first position of the millisecond after the given one. */
export function positionBeyond(place: string): string {
  const milliseconds = place === NOWHERE ? 0 : Number(place.split('-')[0]);
  return position(milliseconds + 1, 0);
}

/** The position of a number of an order that no Redis gives. */
export function localPosition(number: number): string {
  return position(0, number);
}

function position(milliseconds: number, number: number): string {
  return `${String(milliseconds).padStart(14, '0')}-${String(number).padStart(10, '0')}`;
}
