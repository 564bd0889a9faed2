/** What the loaders of one request run in. */
import type { Cache } from '../cache/cache.js';
import type { Lifetimes } from '../config/lifetimes.js';
import type { CallAttempt, EnosClient } from '../enos/client.js';
import type { Edition } from '../enos/editions.js';
import type { OperationId } from '../enos/operation.js';
import type { Semaphore } from '../resilience/semaphore.js';
import type { LoadAttempt } from './read/single-flight.js';
import type { LoadingRuntime } from './runtime.js';
import type { SourceLog } from './request/sources.js';
import type { WriteRules } from './write/rules.js';

/** Whose rights fetch the data. Part of every cache key: two identities never share an entry. */
export interface Identity {
  /** Opaque and stable, e.g. `service-account`. */
  id: string;
  /** Organization of the caller, the default of every `orgId` argument. */
  orgId: string;
}

/** A user of EnOS on whose behalf, and with whose token, some operations are called. */
export interface UserIdentity extends Identity {
  userId: string;
  /** Their token. Only what is kept under their own identity may be fetched with it. */
  userToken: () => string;
}

/** Settings of loading, all with defaults in src/config. Times in milliseconds. */
export interface LoadingSettings {
  edition: Edition;
  lifetimes: Lifetimes;
  /** Values past their lifetime; absent: they are never served. */
  stale?: {
    /** How long beyond its lifetime a value may be served. */
    for: number;
    /** How long a read that has such a value waits for a fresh one. */
    after: number;
  };
  /** Calls of one request that may be under way at once. */
  concurrency: number;
  /** Calls that one request may make in all; absent: any number. */
  maxCalls?: number;
  /** Most records of one series in one answer. */
  maxSamples: number;
}

/** How a request ended without an answer: its caller has gone, or its deadline has passed. */
export type Ending = 'cancelled' | 'timeout';

/** One step of the loading, for explain: one batch of keys, or one list. */
export interface ExplainEntry {
  /** The operation that mainly feeds it; each attempt names its own. */
  operation: string;
  service: string;
  /** Keys that were in the cache, as text; cut to the first hundred. */
  hits: string[];
  /** Keys that another replica was fetching and has brought; cut to the first hundred. */
  shared?: string[];
  /** Keys that EnOS was asked for, or that a read under way brought; cut to the first hundred. */
  misses: string[];
  /** How many keys there are of each kind, named or not. */
  counts: { hits: number; shared: number; misses: number };
  attempts: LoadAttempt[];
  /** How the request ended, where it did so before all misses were known. */
  ended?: Ending | null;
  /** The fields that asked; filled until the answer is complete. */
  paths: () => Iterable<string>;
}

/** Everything that the loaders of one request share. */
export interface LoadContext {
  enos: EnosClient;
  cache: Cache;
  /** What the requests of this process share while reads are under way. */
  runtime: LoadingRuntime;
  identity: Identity;
  /** Set where EnOS knows the user who asks. Nothing fetched for them may be kept under `identity`. */
  user?: UserIdentity;
  /** Goes with every call. Set only in the context that `portal/create.ts` makes of `user`. */
  callAs?: () => string;
  settings: LoadingSettings;
  /** Ends with the request. */
  signal?: AbortSignal;
  /** Unix milliseconds by which the request must be answered. */
  deadline?: number;
  /** Set in place of `deadline` for what is read inside a read under way: Unix milliseconds by which that read's calls end. */
  callsUntil?: () => number;
  now(): number;
  /** Milliseconds beyond its lifetime that a value may have for this request; absent: as many as the settings allow. */
  maxStale?: number;
  /** Set where no caller waits for the answer: what is near its end counts as missing. */
  renews?: boolean;
  /** Told of each HTTP exchange with EnOS that is made for this request, also when others share its answer. */
  onAttempt?: (attempt: CallAttempt) => void;
  /** Who asks, as an opaque and stable id: his own writes are shown to him at once. */
  caller?: string;
  /** What he may write; absent: nothing. */
  writes?: WriteRules;
  /** Told of every part that the answer is made of. */
  sources?: SourceLog;
  /** Set where the caller asked for an explanation. */
  explain?: (entry: ExplainEntry) => void;
  /** The field that a load is for; set where `explain` is. */
  queryPath?: () => string | undefined;
  /**
   * What loading itself knows of the request. Made when first needed. On the context, not in a WeakMap: what
   * such a map holds outlives every collection of young objects, with all that can be reached from there.
   */
  account?: { calls: number };
  permits?: Semaphore;
  end?: EndOfWaits;
}

/** Ends what waits on behalf of a request. */
export interface EndOfWaits {
  race(result: Promise<void>, operation: OperationId): Promise<void>;
}
