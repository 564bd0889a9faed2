/**
 * What the HTTP side publishes, by node:diagnostics_channel: traces hang on from outside, and a channel
 * without subscribers costs one test of a flag.
 */
import { channel } from 'node:diagnostics_channel';
import type { Channel } from 'node:diagnostics_channel';
import type { RequestState } from './request-state.js';

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
