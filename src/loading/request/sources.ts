/** What an answer was made of: collected while a request loads, read when its answer is complete. */
import type { FoundValue, HeldValue, ReadToken } from '../../cache/cache.js';
import { dueAt } from '../read/refresh-policy.js';

export type { FoundValue } from '../../cache/cache.js';

/** What is known of an answer as a whole from the parts that it was made of. */
export interface AnswerSources {
  /**
   * Unix milliseconds: end of life of the shortest-lived part; +Infinity if nothing was loaded; 0 if a part must not be
   * kept (its lifetime is 0, or it failed).
   */
  freshUntil: number;
  /** Unix milliseconds: from when on a read has one of its parts fetched again, before it ends; +Infinity for none. */
  refreshAt: number;
  /** Unix milliseconds: when the oldest part was fetched; null if nothing was loaded. */
  oldest: number | null;
  /** Whether a stale part was served. */
  stale: boolean;
  /** Every tag of every part, each once. */
  tags: readonly string[];
  /** Taken before the first part was. */
  asOf: ReadToken;
}

/** What one object of an answer was made of, apart from the rest. */
export interface PartSources extends AnswerSources {
  /** Each read of it; a read that served it twice may stand there twice. */
  reads: readonly HeldValue[];
  /** What was noted while it was made. */
  remarks: readonly object[];
}

/** What `extensions.freshness` says. */
export interface FreshnessSummary {
  /** ISO 8601: when the oldest part was fetched; null if nothing was loaded. */
  oldest: string | null;
  /** Whether a stale part was served. */
  stale: boolean;
  /** Reads that the answer is made of. */
  parts: number;
  /** The stale ones, as operation and keys; the first hundred, each cut where it is long. */
  staleParts: string[];
}

const NONE: readonly object[] = [];
const MAX_STALE_PARTS = 100;
/** Longest name of one: expressions may be as long as a request. */
const MAX_LABEL = 300;

/** Collects the parts of one answer. Adding costs next to nothing: sums are made when they are asked for. */
export class SourceLog {
  private readonly parts: HeldValue[] = [];
  /** Where the reads of an object begin that is told apart from the rest; none while there is none. */
  private from: number | undefined;
  private isUntracked = false;
  private readonly noted: object[] = [];
  /** Where those of that object begin, and the one that was noted last of it. */
  private notedFrom = 0;
  private lastNoted: object | undefined;
  private readonly staleParts: string[] = [];
  private staleCount = 0;
  private readonly byValue = new Map<unknown, HeldValue>();
  private indexed = 0;
  private bound = Infinity;

  constructor(private readonly asOf: ReadToken) {}

  /** Whether a stale part was used. */
  get hasStale(): boolean {
    return this.staleCount > 0;
  }

  /** Whether the reads of one object are being told apart: what it reads again must be said again. */
  get isApart(): boolean {
    return this.from !== undefined;
  }

  /** From here to `end` all that is added belongs to one object. */
  begin(): void {
    this.from = this.parts.length;
    this.notedFrom = this.noted.length;
    this.lastNoted = undefined;
    this.isUntracked = false;
  }

  /** The object was also made of something that this request has from elsewhere. */
  markUntracked(): void {
    this.isUntracked = true;
  }

  /** What the object was made of since `begin`; undefined where it was made of nothing, is not wanted, or cannot be told. */
  end(isWanted: boolean): PartSources | undefined {
    const { from } = this;
    this.from = undefined;
    if (!isWanted || from === undefined || from === this.parts.length || this.isUntracked) return undefined;
    const reads = this.parts.slice(from);
    const remarks = this.noted.length === this.notedFrom ? NONE : this.noted.slice(this.notedFrom);
    return { ...this.sumOf(reads), reads, remarks };
  }

  /** An object was used again that was made of this before. */
  use({ reads, remarks }: PartSources): void {
    for (const read of reads) this.parts.push(read);
    for (const what of remarks) this.remark(what);
  }

  /** Something worth knowing of the object being made; said twice in a row it counts once. */
  remark(what: object): void {
    if (what === this.lastNoted) return;
    this.lastNoted = what;
    this.noted.push(what);
  }

  /** All that was noted. */
  get remarks(): readonly object[] {
    return this.noted;
  }

  /** A part was used. */
  add(part: HeldValue): void {
    this.parts.push(part);
  }

  /** A part was used whose lifetime is over; `label` says which, as operation and key. */
  addStale(part: FoundValue, label: string): void {
    this.parts.push(part);
    this.staleCount += 1;
    if (this.staleParts.length < MAX_STALE_PARTS) this.staleParts.push(shortened(label));
  }

  /** Something besides the data that the answer must not outlive, such as the right to it; Unix milliseconds. */
  limit(until: number): void {
    if (until < this.bound) this.bound = until;
  }

  /** What the answer was made of so far. */
  sum(): AnswerSources {
    return this.sumOf(this.parts);
  }

  private sumOf(parts: readonly HeldValue[]): AnswerSources {
    let freshUntil = this.bound;
    let refreshAt = Infinity;
    const lists = new Set<readonly string[]>();
    for (const part of parts) {
      if (part.freshUntil < freshUntil) freshUntil = part.freshUntil;
      refreshAt = Math.min(refreshAt, dueAt(part));
      lists.add(part.tags);
    }
    const tags = new Set<string>();
    for (const list of lists) for (const tag of list) tags.add(tag);
    const { asOf, hasStale: stale } = this;
    return { freshUntil, refreshAt, oldest: oldestOf(parts), stale, tags: [...tags], asOf };
  }

  /** The same in short, for callers. */
  summary(): FreshnessSummary {
    const oldest = oldestOf(this.parts);
    return {
      oldest: oldest === null ? null : new Date(oldest).toISOString(),
      stale: this.hasStale,
      parts: new Set(this.parts).size,
      staleParts: [...this.staleParts],
    };
  }

  /** The part that brought a value: whose value it is, or that of a list which holds it. */
  partOf(value: object): FoundValue | undefined {
    for (; this.indexed < this.parts.length; this.indexed += 1) {
      const part = this.parts[this.indexed];
      if (part !== undefined) this.index(part);
    }
    const part = this.byValue.get(value);
    return part && { ...part, stale: (part as Partial<FoundValue>).stale === true };
  }

  private index(part: HeldValue): void {
    const { value } = part;
    const list: unknown =
      typeof value === 'object' && value !== null && 'items' in value ? value.items : value;
    if (Array.isArray(list)) for (const item of list) this.byValue.set(item, part);
    this.byValue.set(value, part);
  }
}

/** A failure was fetched at no time. */
function oldestOf(parts: readonly HeldValue[]): number | null {
  let oldest: number | null = null;
  for (const { storedAt } of parts) {
    if (storedAt > 0 && (oldest === null || storedAt < oldest)) oldest = storedAt;
  }
  return oldest;
}

function shortened(label: string): string {
  // Half a pair of surrogates would not survive the answer's encoding.
  return label.length <= MAX_LABEL ? label : `${label.slice(0, MAX_LABEL).replace(/[\ud800-\udbff]$/, '')}…`;
}
