import pLimit, { type LimitFunction } from 'p-limit';
import type { LoadContext } from './load-context.js';

/** By context, because all loaders of a request count together, whoever made them. */
const limits = new WeakMap<LoadContext, LimitFunction>();

/**
 * Runs an EnOS call when both its request (settings.concurrency) and the process (runtime) have room for it. Only
 * calls may go through it, never something that itself waits for a call: that could wait for itself.
 */
export function limited<T>(context: LoadContext, run: () => Promise<T>): Promise<T> {
  let limit = limits.get(context);
  if (limit === undefined) {
    limit = pLimit(Math.max(1, context.settings.concurrency));
    limits.set(context, limit);
  }
  return limit(() => context.runtime.limit(run));
}
