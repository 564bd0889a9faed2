/** What is known of one HTTP request while it is answered, kept for as long as the request. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ListPlace } from '../collections/transient-list.js';
import type { Caller, Ticket } from './hooks.js';
import { channel, type Channel } from 'node:diagnostics_channel';

/** Characters of an operation's name in logs and metrics. */
const LONGEST_NAME = 100;

/** Facts about one HTTP request. What few requests need is made when it is first asked for. */
export class RequestState {
  /** From `performance.now()`. */
  readonly startedAt = performance.now();
  /** Headers of the answer so far: name, value, name, value ... */
  readonly headers: string[] = [];
  /** Request headers that the answer depends on. */
  readonly vary: string[] = [];
  /** Unix milliseconds. Set for requests to /graphql. */
  deadline?: number;
  /** Where it stands among the requests whose time is running (http/deadline.ts). */
  deadlinePlace?: ListPlace<RequestState>;
  /** Set once `identify` has told. */
  caller?: Caller;
  /** Name of the operation, where the document gave it one. */
  operationName?: string | undefined;
  /** `query`, `mutation` or `subscription`. */
  operationType?: string;
  /** Of the document, for logs and traces (document-hash.ts). */
  operationHash?: string;
  /** Fields that the answer may hold, estimated. */
  cost?: number;
  /** When the operation was known to be valid and within its limits; from `performance.now()`. */
  plannedAt?: number;
  /** HTTP exchanges with EnOS that were made for this request. */
  calls = 0;
  /** Of the trace that the request belongs to, where it is traced. */
  traceId?: string;
  private held: Ticket | undefined;
  private isOver = false;
  private codes: Set<string> | undefined;
  private controller: AbortController | undefined;
  private reason: unknown;
  private listener: ((reason: unknown) => void) | undefined;

  constructor(
    readonly req: IncomingMessage,
    readonly res: ServerResponse,
    readonly requestId: string,
  ) {}

  /** Aborted when the caller goes away or the deadline passes. */
  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController();
      if (this.reason !== undefined) this.controller.abort(this.reason);
    }
    return this.controller.signal;
  }

  /** Whether the signal is aborted, or would be if there were one. */
  get hasEnded(): boolean {
    return this.reason !== undefined;
  }

  /** Codes of the errors in the answer, each once. */
  get errorCodes(): Set<string> {
    return (this.codes ??= new Set());
  }

  /** The same to be read only; undefined while there are none. */
  get errorCodeList(): string[] | undefined {
    return this.codes && this.codes.size > 0 ? [...this.codes] : undefined;
  }

  /** Notes which operation the request asks for. */
  noteOperation({ name, type, hash }: { name: string | undefined; type: string; hash: string }): void {
    this.operationName = name?.slice(0, LONGEST_NAME);
    this.operationType = type;
    this.operationHash = hash;
  }

  /** Leave to run the operation. */
  get ticket(): Ticket | undefined {
    return this.held;
  }

  /**
   * Keeps the ticket until the request is over, and gives it back at once where that is already so. One that was held
   * before is given back.
   */
  hold(ticket: Ticket): void {
    this.held?.release();
    this.held = ticket;
    if (this.isOver) ticket.release();
  }

  /** The answer is sent, or the caller has gone. Called once. */
  end(): void {
    this.isOver = true;
    this.held?.release();
    if (!this.res.writableFinished) this.abort(new DOMException('The caller has gone', 'AbortError'));
  }

  /** Ends what is done for the request. The first reason counts. */
  abort(reason: unknown): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    this.controller?.abort(reason);
    this.listener?.(reason);
  }

  /** Calls the one listener when `signal` is aborted: cheaper than the signal itself. */
  whenAborted(listener: (reason: unknown) => void): void {
    this.listener = listener;
    if (this.reason !== undefined) listener(this.reason);
  }
}

const STATE = Symbol('request state');
type WithState = IncomingMessage & { [STATE]?: RequestState };

/** Notes the state of a request that has just come in. */
export function setRequestState(req: IncomingMessage, state: RequestState): void {
  (req as WithState)[STATE] = state;
}

/** The state of a request that has passed http/request-id.ts. */
export function requestState(req: IncomingMessage): RequestState {
  const state = (req as WithState)[STATE];
  if (!state) throw new Error('The request has no state: http/request-id.ts must come first');
  return state;
}

/**
 * What the HTTP side publishes, by node:diagnostics_channel: traces hang on from outside, and a channel
 * without subscribers costs one test of a flag.
 */

/**
 * `enos-graphql:request`: the operation of one request, its body read and its caller known. The state of the request is
 * filled in while it is worked on, and complete when the answer is closed. The work runs inside, so that stores can be
 * bound to the channel; it must not begin earlier, for what the socket brings comes in a context of its own.
 */
// Node types every message as unknown; this is what is published.
export const requestChannel = channel('enos-graphql:request') as Channel<unknown, RequestState>;

/** Does the work for a request so that subscribers can follow it. */
export function runObserved<T>(state: RequestState, work: () => T): T {
  return requestChannel.hasSubscribers ? requestChannel.runStores(state, work) : work();
}
