/** What the rules of one HTTP request tell each other, held beside the request and gone with it. */
import type { IncomingMessage } from 'node:http';

import type { Caller, Ticket } from './hooks.js';

/** Facts about one HTTP request. */
export interface RequestState {
  requestId: string;
  /** From `performance.now()`. */
  startedAt: number;
  /** Set for requests to /graphql. */
  signal?: AbortSignal;
  /** Unix milliseconds. */
  deadline?: number;
  /** Set once `identify` has told. */
  caller?: Caller;
  /** Leave to run the operation, given back when the answer is sent or the caller has gone. */
  ticket?: Ticket;
  /** Name of the operation, where the document gave it one. */
  operationName?: string;
  /** `query`, `mutation` or `subscription`. */
  operationType?: string;
  /** Of the document, for logs and traces (document-hash.ts). */
  operationHash?: string;
  /** Fields that the answer may hold, estimated. */
  cost?: number;
  /** When the operation was known to be valid and within its limits; from `performance.now()`. */
  plannedAt?: number;
  /** HTTP exchanges with EnOS that were made for this request. */
  calls?: number;
  /** Of the trace that the request belongs to, where it is traced. */
  traceId?: string;
  /** Codes of the errors in the answer, each once. */
  errorCodes: Set<string>;
}

const states = new WeakMap<IncomingMessage, RequestState>();

/** Notes the state of a request that has just come in. */
export function setRequestState(req: IncomingMessage, state: RequestState): void {
  states.set(req, state);
}

/** The state of a request that has passed rules/request-id.ts. */
export function requestState(req: IncomingMessage): RequestState {
  const state = states.get(req);
  if (!state) throw new Error('The request has no state: rules/request-id.ts must come first');
  return state;
}
