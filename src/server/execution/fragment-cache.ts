/** The fragment cache as the settings have it, and its metrics. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { AnswerOptions, AnswerSources, PartSources } from '../options.js';
import { createHash } from 'node:crypto';

/** Makes the store; undefined where nothing is to be kept. Its metrics are registered once per registry. */
export function createFragmentCache(
  options: AnswerOptions | undefined,
  registry: Registry,
): FragmentCache | undefined {
  const { maxPartBytes = 0, isCurrent = () => true } = options ?? {};
  if (maxPartBytes === 0) return undefined;
  const kept = new FragmentCache({ maxBytes: maxPartBytes, isCurrent });
  new Counter({
    name: 'graphql_answer_parts_total',
    help: 'Objects of answers that were taken from text kept before (used), and those whose text was kept (kept).',
    labelNames: ['outcome'] as const,
    registers: [registry],
    collect() {
      const { used, kept: stored } = kept.stats();
      this.reset();
      this.inc({ outcome: 'used' }, used);
      this.inc({ outcome: 'kept' }, stored);
    },
  });
  new Gauge({
    name: 'graphql_answer_part_bytes',
    help: 'Approximate bytes of the objects of answers that are kept as text.',
    registers: [registry],
    collect() {
      this.set(kept.stats().bytes);
    },
  });
  return kept;
}

/**
 * The fragment cache: parts of answers as text: what one object looks like in the answer, for all who ask the same of it. A part is found by
 * the object that it was made of (the very one that the cache holds, so that one fetched again has parts of its own) and by
 * all else that shapes it. It lives as long as its shortest-lived read, and dies with any tag it was made of.
 */

/** What one object looks like in an answer. */
export class CachedFragment {
  constructor(
    /** JSON. */
    readonly text: string,
    readonly sources: PartSources,
  ) {}

  /** Approximate bytes that it takes in memory. */
  get size(): number {
    const { reads, tags, remarks } = this.sources;
    let size = OVERHEAD_BYTES + 2 * this.text.length + 8 * reads.length + REMARK_BYTES * remarks.length;
    for (const tag of tags) size += tag.length + 16;
    return size;
  }

  /** For those who make JSON of an answer without knowing of parts. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

/** The place of a part; empty once it has left the store. Answers under way may hold the part itself still. */
interface Place {
  part: CachedFragment | undefined;
  readonly size: number;
  /** Whether the object was made again since it was due, or is about to be. */
  isRenewed: boolean;
}

/** Parts that differ in their objects only. */
export class FragmentGroup {
  private requests = 0;
  private kept = 0;
  private used = 0;
  /** Where the object lives on in no cache, its part goes with it. */
  readonly byObject = new WeakMap<object, Place>();

  /**
   * Whether its parts are worth keeping: not what is asked once, nor objects that are made again for each request, or change
   * before they are asked for again. What was found useless is tried again from time to time.
   */
  get isWorthKeeping(): boolean {
    return this.requests > 1 && (this.kept < TRIAL_PARTS || 2 * this.used >= this.kept);
  }

  noteRequest(): void {
    this.requests += 1;
    if (this.requests % REQUESTS_BETWEEN_TRIALS === 0) this.kept = this.used = 0;
  }

  noteKept(): void {
    this.kept += 1;
  }

  noteUsed(): void {
    this.used += 1;
  }
}

/** Bounds and rules of what is kept. */
export interface FragmentCacheOptions {
  /** Bound in approximate bytes. */
  maxBytes: number;
  /** Whether data that began to be read at `asOf` and carries these tags may be used still. */
  isCurrent: (tags: readonly string[], asOf: AnswerSources['asOf']) => boolean;
  /** Unix milliseconds. */
  now?: () => number;
}

/** What a part takes besides its text, roughly: it, its sources and their tags, its place in two tables. */
const OVERHEAD_BYTES = 600;
/** What a remark takes, roughly: it, and the ids that it names. */
const REMARK_BYTES = 200;
/** Parts that are kept of a group before it must have proved of use. */
const TRIAL_PARTS = 200;
const REQUESTS_BETWEEN_TRIALS = 2_000;
/** Groups known at once. */
const MAX_GROUPS = 2_000;
/** Names longer than this are known by their hash: what callers send is not held on to. */
const MAX_PLAIN_NAME = 200;
/** Longest name of a group. Variables that long are hardly sent twice. */
const MAX_NAME = 4_096;

/** The parts of a process. */
export class FragmentCache {
  private readonly groups = new Map<string, FragmentGroup>();
  /** In the order in which they were made. Since parts live for seconds, the oldest are those that are of least use. */
  private readonly places = new Set<Place>();
  private held = 0;
  private reused = 0;
  private stored = 0;
  readonly now: () => number;

  constructor(private readonly options: FragmentCacheOptions) {
    this.now = options.now ?? Date.now;
  }

  /** Approximate bytes held now; parts used again, and parts kept, since the start. */
  stats(): { bytes: number; used: number; kept: number } {
    return { bytes: this.held, used: this.reused, kept: this.stored };
  }

  /** The parts of a name, which holds everything that shapes them besides their objects; undefined for a name too long. */
  group(name: string): FragmentGroup | undefined {
    if (name.length > MAX_NAME) return undefined;
    const key = name.length > MAX_PLAIN_NAME ? createHash('sha256').update(name).digest('base64url') : name;
    let group = this.groups.get(key);
    if (!group) {
      if (this.groups.size >= MAX_GROUPS) this.dropOldestGroup();
      this.groups.set(key, (group = new FragmentGroup()));
    }
    group.noteRequest();
    return group;
  }

  /** The part of an object, if it may be used still. */
  find(group: FragmentGroup, object: object, now: number): CachedFragment | undefined {
    const place = group.byObject.get(object);
    const part = place?.part;
    if (place === undefined || part === undefined) return undefined;
    const { freshUntil, refreshAt, tags, asOf } = part.sources;
    if (now < freshUntil && this.options.isCurrent(tags, asOf)) {
      if (now >= refreshAt && !place.isRenewed) {
        // One makes it by way of its reads, which has them refreshed. Not all: until that is done each would have to.
        place.isRenewed = true;
        return undefined;
      }
      this.reused += 1;
      group.noteUsed();
      return part;
    }
    this.empty(place);
    return undefined;
  }

  /** Keeps a part where it would be found. */
  keep(group: FragmentGroup, object: object, part: CachedFragment, now: number): void {
    const { freshUntil, refreshAt, stale, tags, asOf } = part.sources;
    const { size } = part;
    const { maxBytes, isCurrent } = this.options;
    if (stale || now >= freshUntil || size > maxBytes || !isCurrent(tags, asOf)) return;
    const before = group.byObject.get(object);
    if (before) this.empty(before);
    // Reads that are due were refreshed when it was made.
    const place: Place = { part, size, isRenewed: now >= refreshAt };
    group.byObject.set(object, place);
    this.places.add(place);
    this.held += size;
    this.stored += 1;
    group.noteKept();
    for (const oldest of this.places) {
      const isOver = now >= (oldest.part?.sources.freshUntil ?? 0);
      if (!isOver && this.held <= maxBytes) break;
      this.empty(oldest);
    }
  }

  private empty(place: Place): void {
    if (!this.places.delete(place)) return;
    place.part = undefined;
    this.held -= place.size;
  }

  private dropOldestGroup(): void {
    for (const name of this.groups.keys()) {
      this.groups.delete(name);
      return;
    }
  }
}
