/**
 * What the HTTP side tells whoever wants to watch, by node:diagnostics_channel: traces hang on from outside, and a channel
 * to which nobody listens costs one test of a flag.
 */
import { channel } from 'node:diagnostics_channel';
import type { Channel } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestState } from './request-state.js';

/** Message of `enos-graphql:request`: one request to /graphql, before anything of it has been read. */
export interface RequestArrived {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  /** Filled in while the request is worked on; complete when the answer is closed. */
  readonly state: RequestState;
}

// Node types every message as unknown; this is what is published.
/** `enos-graphql:request`: everything done for a request runs inside, so that stores can be bound to it. */
export const requestChannel = channel('enos-graphql:request') as Channel<unknown, RequestArrived>;

/** Runs the work for a request so that whoever listens can follow it. */
export function runObserved<T>(message: RequestArrived, work: () => T): T {
  return requestChannel.hasSubscribers ? requestChannel.runStores(message, work) : work();
}
