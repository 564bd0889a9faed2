import { BackOff } from './read/back-off.js';
import { KeyTable } from './key-table.js';
import { Semaphore } from '../resilience/semaphore.js';
import { ReadCounts } from './read-counts.js';
import { RefusalHints } from './refusal-hints.js';
import { RecentWrites } from './write/recent.js';
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
