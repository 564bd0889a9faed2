import { BackOff } from './read/refresh-policy.js';
import { KeyTable } from './key-table.js';
import { Semaphore } from '../resilience/semaphore.js';
import { RefusalHints } from './refusal-hints.js';
import { SingleFlight } from './read/single-flight.js';

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
}

/** Bounds of the process. */
export interface LoadingRuntimeSettings {
  /** Calls that may be under way at once; further ones wait. */
  concurrency: number;
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
