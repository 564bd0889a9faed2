import pLimit, { type LimitFunction } from 'p-limit';
import { shareBudget } from './call-budget.js';
import type { LoadContext } from './load-context.js';

/** By context, because all loaders of a request count together, whoever made them. */
const limits = new WeakMap<LoadContext, LimitFunction>();

/**
 * Runs an EnOS call when both its request (settings.concurrency) and the process (runtime) have room for it. Only
 * calls may go through it, never something that itself waits for a call: that could wait for itself.
 */
export function limited<T>(context: LoadContext, run: () => Promise<T>): Promise<T> {
  return limitOf(context)(() => context.runtime.limit(run));
}

function limitOf(context: LoadContext): LimitFunction {
  let limit = limits.get(context);
  if (limit === undefined) {
    limit = pLimit(Math.max(1, context.settings.concurrency));
    limits.set(context, limit);
  }
  return limit;
}

/**
 * The same request without its own end: for a look-up inside a read under way, which may be awaited by others when this
 * request has gone. `callsUntil` is the end of that read's calls.
 */
export function insideRead(context: LoadContext, callsUntil: () => number): LoadContext {
  const rest: LoadContext = { ...context, signal: undefined, deadline: undefined, callsUntil };
  limits.set(rest, limitOf(context));
  shareBudget(context, rest);
  return rest;
}
