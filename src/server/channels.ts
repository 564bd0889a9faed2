/**
 * What the HTTP side tells whoever wants to watch, by node:diagnostics_channel: traces hang on from outside, and a channel
 * to which nobody listens costs one test of a flag.
 */
import { channel } from 'node:diagnostics_channel';
import type { Channel } from 'node:diagnostics_channel';
import type { RequestState } from './request-state.js';

/**
 * `enos-graphql:request`: one request to /graphql, before anything of it has been read; its state is filled in while it is
 * worked on, and complete when the answer is closed. Everything done for it runs inside, so that stores can be bound to it.
 */
// Node types every message as unknown; this is what is published.
export const requestChannel = channel('enos-graphql:request') as Channel<unknown, RequestState>;

/** Runs the work for a request so that whoever listens can follow it. */
export function runObserved(state: RequestState, work: (state: RequestState) => void): void {
  if (requestChannel.hasSubscribers) requestChannel.runStores(state, () => work(state));
  else work(state);
}
