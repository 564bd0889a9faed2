/**
 * The door to EnOS: what the rest of the server may know of the REST side. `createEnosClient` (create-client.ts) makes
 * one; tests may put another behind the same interface.
 */
import type { CallAttempt } from './attempts/attempt.js';
import type { BreakerState } from '../resilience/circuit-breaker.js';
import type { CallInfo } from './channels.js';
import type { Arguments, OperationId, ReplyBody, ReplyData } from './operation.js';

export type { CallAttempt } from './attempts/attempt.js';

/** What one call may be told beyond its arguments. */
export interface CallOptions {
  /** Ends the call when the caller goes away or its deadline passes. */
  signal?: CallSignal;
  /**
   * Unix milliseconds after which an answer is of no use; the call ends by then at the latest. A function where it may move
   * while the call is under way, as when a request with more time joins those that wait. Must not throw.
   */
  deadline?: number | (() => number);
  /**
   * Names of members that hold an object each and are to stay bytes until they are read: in the reply they are
   * `DeferredJson` in place of what the contract says, where the reply is worth it. Another client may not heed it.
   */
  defer?: readonly string[];
  /** A user's token, for operations that take one. Never logged. */
  userToken?: string;
  /** Told about each attempt, also a failed one, once it has ended. Must not throw. */
  onAttempt?: (attempt: CallAttempt) => void;
  /**
   * Headers of W3C trace context (`traceparent`, `tracestate`, `baggage`; others are left out), asked for each attempt
   * as it is sent. Must not throw.
   */
  traceHeaders?: TraceHeaders;
}

/** What an AbortSignal is to a call; another one may be cheaper to make. */
export interface CallSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: CallEndListener): void;
  removeEventListener(type: 'abort', listener: CallEndListener): void;
}

/** Told when the signal ends the call. */
export interface CallEndListener {
  handleEvent(): void;
}

/** Gives the trace context of a call that is about to be sent, by header. */
export type TraceHeaders = (call: CallInfo) => Readonly<Record<string, string>>;

/** A successful reply. */
export interface Reply<Id extends OperationId> {
  data: ReplyData<Id>;
  /** The whole envelope, for what stands next to data, such as pagination. */
  body: ReplyBody<Id>;
  requestId: string | null;
  /** Size of the reply as it came; absent where the client does not say. */
  bytes?: number;
}

/** Calls any operation of the contract. Rejects with `EnosError`, never with anything else. */
export interface EnosClient {
  /** Gateway origin and path prefix: part of every cache key. Not for callers' eyes. */
  readonly gateway: string;
  /** Largest reply that a call takes, in bytes; absent where the client does not say. */
  readonly maxResponseBytes?: number;
  call<Id extends OperationId>(operation: Id, args: Arguments<Id>, options?: CallOptions): Promise<Reply<Id>>;
  /**
   * Whether the last exchange with the token service succeeded and EnOS takes the token it gave: false also after a
   * call was refused with a renewed token, until one is taken again. Null before the first exchange.
   */
  credentialsAccepted(): boolean | null;
  /** Takes a token now if there is none: proves address and credentials. Rejects with `EnosError`. */
  connect(options?: CallOptions): Promise<void>;
  close(): Promise<void>;
}

/** A client that can be watched. */
export interface ObservableEnosClient extends EnosClient {
  /** What it is like at this moment, one entry for each service that has been called; cheap enough for every scrape. */
  state(): EnosClientState;
}

/** The client at one moment. */
export interface EnosClientState {
  services: ServiceState[];
}

/** One service of EnOS as the client sees it. */
export interface ServiceState {
  /** First segment of the paths of its operations, such as `asset-tree-service`. */
  service: string;
  breaker: BreakerState;
  /** Milliseconds until an open breaker lets a probe through; else 0. */
  retryAfterMs: number;
  /** Exchanges in the breaker's sliding window, and how many of them failed. */
  recentCalls: number;
  recentFailures: number;
  /** Exchanges under way, and calls that wait for a place. */
  inFlight: number;
  queued: number;
  /** Since the start. */
  exchanges: number;
  retries: number;
  /** Failed exchanges that were not repeated because the budget was empty. */
  retriesDenied: number;
  /** Repetitions that the budget allows at this moment. */
  retryBudget: number;
}
