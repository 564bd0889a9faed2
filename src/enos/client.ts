/**
 * The door to EnOS: what the rest of the server may know of the REST side. `createEnosClient` (create-client.ts) makes
 * one; tests may put another behind the same interface.
 */
import type { Arguments, OperationId, ReplyBody, ReplyData } from './operation.js';

/** What one call may be told beyond its arguments. */
export interface CallOptions {
  /** Ends the call when the caller goes away or its deadline passes. */
  signal?: AbortSignal;
  /** Unix milliseconds after which an answer is of no use; the call ends by then at the latest. */
  deadline?: number;
  /** A user's token, for operations that take one. Never logged. */
  userToken?: string;
  /** Told about each attempt, also a failed one, once it has ended. Must not throw. */
  onAttempt?: (attempt: CallAttempt) => void;
}

/** One HTTP exchange with EnOS. */
export interface CallAttempt {
  operation: OperationId;
  /** 1 for the first. */
  attempt: number;
  /** Unix milliseconds. */
  startedAt: number;
  durationMs: number;
  /** `ok`, or the kind of the error. */
  outcome: string;
  httpStatus: number | null;
  /** EnOS's code; 0 or 200 on success. */
  code: number | null;
  requestId: string | null;
}

/** A successful reply. */
export interface Reply<Id extends OperationId> {
  data: ReplyData<Id>;
  /** The whole envelope, for what stands beside data, such as pagination. */
  body: ReplyBody<Id>;
  requestId: string | null;
}

/** Calls any operation of the contract. Rejects with `EnosError`, never with anything else. */
export interface EnosClient {
  /** Gateway origin and path prefix: part of every cache key. Not for callers' eyes. */
  readonly gateway: string;
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
