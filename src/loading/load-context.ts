/** What the loaders of one request run in. */
import type { Cache } from '../cache/cache.js';
import type { CallAttempt, EnosClient } from '../enos/client.js';
import type { LoadingRuntime } from './runtime.js';
import type { SourceLog } from './sources.js';

/** Whose rights fetch the data. Part of every cache key: two identities never share an entry. */
export interface Identity {
  /** Opaque and stable, e.g. `service-account`. */
  id: string;
  /** Organization of the caller, the default of every `orgId` argument. */
  orgId: string;
  /** A user's token, for operations that take one. */
  userToken?: string;
}

/** Settings of loading, all with defaults in src/config. Times in milliseconds. */
export interface LoadingSettings {
  edition: '2.1' | '2.3';
  lifetimes: {
    models: number;
    assets: number;
    trees: number;
    alertDefinitions: number;
    alerts: number;
    latest: number;
    seriesPast: number;
    seriesTail: number;
    notFound: number;
  };
  /** Calls of one request that may be under way at once. */
  concurrency: number;
  /** Most records of one series in one answer. */
  maxSamples: number;
}

/** One step of the loading, for explain: one batch of keys, or one list. */
export interface ExplainEntry {
  /** The operation that mainly feeds it; each attempt names its own. */
  operation: string;
  service: string;
  /** Keys that were in the cache, as text; cut to the first hundred. */
  hits: string[];
  /** Keys that EnOS was asked for, or that a read under way brought; cut to the first hundred. */
  misses: string[];
  attempts: CallAttempt[];
}

/** Everything that the loaders of one request share. */
export interface LoadContext {
  enos: EnosClient;
  cache: Cache;
  /** What the requests of this process share while reads are under way. */
  runtime: LoadingRuntime;
  identity: Identity;
  settings: LoadingSettings;
  /** Ends with the request. */
  signal?: AbortSignal;
  /** Unix milliseconds by which the request must be answered. */
  deadline?: number;
  now(): number;
  /** Told of every part that the answer is made of. */
  sources?: SourceLog;
  /** Set where the caller asked for an explanation. */
  explain?: (entry: ExplainEntry) => void;
}
