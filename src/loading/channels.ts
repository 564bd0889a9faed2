/**
 * What loading publishes, by node:diagnostics_channel (a TracingChannel, so that stores can be bound to
 * it): traces hang on from outside, and a channel without subscribers costs one test of a flag.
 */
import { tracingChannel } from 'node:diagnostics_channel';
import type { OperationId } from '../enos/operation.js';

/** Message of `tracing:enos-graphql:batch:*`: keys that the cache did not have, fetched together. */
export interface BatchFetch {
  /** The operation that mainly feeds it. */
  readonly operation: OperationId;
  /** Keys that are fetched. */
  readonly keys: number;
  /** Keys of the same batch that the cache had. */
  readonly cached: number;
}

/** `tracing:enos-graphql:batch`: everything done for a batch runs inside. */
export const batchChannel = tracingChannel<unknown, BatchFetch>('enos-graphql:batch');

/** Fetches a batch so that subscribers can follow it. */
export function fetchObserved<T>(message: BatchFetch, fetch: () => Promise<T>): Promise<T> {
  // Before Node 20.13 the channel as a whole did not know whether it has subscribers.
  return batchChannel.start.hasSubscribers ? batchChannel.tracePromise(fetch, message) : fetch();
}
