import { BackOff } from './read/refresh-policy.js';
import { KeyTable } from './read/key-table.js';
import { Semaphore } from '../resilience/semaphore.js';
import { RecentWrites } from './write/recent.js';
import { SingleFlight } from './read/single-flight.js';
import { LRUCache } from 'lru-cache';
import type { OperationId } from '../enos/operation.js';

/** What loading shares across the requests of one process. Made once, handed to every `LoadContext`. */
export interface LoadingRuntime {
  /** Reads under way, by cache key. */
  flights: SingleFlight;
  /** Cache keys made before. */
  keys: KeyTable;
  /** Keys whose refresh failed lately. */
  backOff: BackOff;
  /** The calls that may be under way at once in this process. */
  calls: Semaphore;
  /** Assets that may not be read, by who asked. */
  refusals: RefusalHints;
  /** How reads were answered. */
  reads: ReadCounts;
  /** What was written a moment ago. */
  recent: RecentWrites;
}

/** Bounds of the process. */
export interface LoadingRuntimeSettings {
  /** Calls that may be under way at once; further ones wait. */
  concurrency: number;
  /** How long EnOS may show what was before a write, in milliseconds. */
  writeLag: number;
}

const DEFAULT_PROCESS_CONCURRENCY = 256;

/** Makes the runtime of a process. */
export function createLoadingRuntime(settings: Partial<LoadingRuntimeSettings> = {}): LoadingRuntime {
  return {
    flights: new SingleFlight(),
    keys: new KeyTable(),
    backOff: new BackOff(),
    calls: new Semaphore(settings.concurrency ?? DEFAULT_PROCESS_CONCURRENCY),
    refusals: new RefusalHints(),
    reads: new ReadCounts(),
    recent: new RecentWrites(settings.writeLag ?? 0),
  };
}

/** How reads of one kind were answered since the start, in keys. */
export interface KindCounts {
  /** From memory. */
  process: number;
  /** From Redis. */
  redis: number;
  /** By another replica, which was fetching them already. */
  shared: number;
  /** By EnOS. */
  fetched: number;
}

/** Counts by kind: the names of kinds in cache keys, which are ours and few. Counting costs an addition. */
export class ReadCounts {
  private readonly kinds = new Map<string, KindCounts>();

  /** The counts of a kind, to be added to. */
  of(kind: string): KindCounts {
    let counts = this.kinds.get(kind);
    if (counts === undefined)
      this.kinds.set(kind, (counts = { process: 0, redis: 0, shared: 0, fetched: 0 }));
    return counts;
  }

  /** All counts by kind. */
  all(): Iterable<readonly [string, Readonly<KindCounts>]> {
    return this.kinds;
  }
}

/** Who was refused what: an asset, as an identity may read it by an operation. */
export interface RefusedAsset {
  /** `Identity.id`. */
  identity: string;
  operation: OperationId;
  orgId: string;
  assetId: string;
}

/** Bound of what is remembered, in characters of its keys. */
const MAX_CHARACTERS = 2 * 1024 * 1024;

/**
 * Assets that EnOS refused recently. One of them fails a call for many, so the next plan asks for it alone. A hint, never an
 * answer: EnOS is asked all the same. Kept per process and bounded; the least recently used are forgotten.
 */
export class RefusalHints {
  private readonly until = new LRUCache<string, number>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (_until, key) => key.length,
  });
  private turns = 0;

  /** Whether nothing is remembered, which is the usual case. */
  get isEmpty(): boolean {
    return this.until.size === 0;
  }

  /** Remembers a refusal until then, in Unix milliseconds. */
  add(refused: RefusedAsset, until: number): void {
    this.until.set(keyOf(refused), until);
  }

  /** Whether it was refused recently. `now` in Unix milliseconds. */
  has(refused: RefusedAsset, now: number): boolean {
    const until = this.until.get(keyOf(refused));
    return until !== undefined && now < until;
  }

  /** Forgets a refusal: the asset was answered. */
  delete(refused: RefusedAsset): void {
    this.until.delete(keyOf(refused));
  }

  /** Counts up, so that a caller that tries only some of many assets tries others each time. */
  turn(): number {
    return (this.turns += 1);
  }
}

function keyOf({ identity, operation, orgId, assetId }: RefusedAsset): string {
  return JSON.stringify([identity, operation, orgId, assetId]);
}
