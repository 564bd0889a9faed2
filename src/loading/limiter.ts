/** How many calls may be under way at once: of a request, and of the process. */
import { shareBudget } from './call-budget.js';
import type { LoadContext } from './load-context.js';
import { Semaphore } from '../resilience/semaphore.js';

/**
 * Takes permits for an EnOS call, of its request (settings.concurrency) and of the process, when both have room. Only calls
 * may take them, never something that itself waits for a call: that could wait for itself.
 */
export function enterCall(context: LoadContext): Promise<void> | undefined {
  const ofRequest = permitsOf(context).acquire();
  const { calls } = context.runtime;
  return ofRequest === undefined ? calls.acquire() : ofRequest.then(() => calls.acquire());
}

/** Leaves what was taken. Must be called once for each `enterCall`, after what it returned has resolved. */
export function leaveCall(context: LoadContext): void {
  context.runtime.calls.release();
  permitsOf(context).release();
}

/** All loaders of a request count together, whoever made them. */
function permitsOf(context: LoadContext): Semaphore {
  return (context.permits ??= new Semaphore(Math.max(1, context.settings.concurrency)));
}

/**
 * The same request without its own end: for a look-up inside a read under way, which may be awaited by others when this
 * request has gone. `callsUntil` is the end of that read's calls.
 */
export function insideRead(context: LoadContext, callsUntil: () => number): LoadContext {
  const rest: LoadContext = {
    ...context,
    signal: undefined,
    deadline: undefined,
    callsUntil,
    end: undefined,
  };
  rest.permits = permitsOf(context);
  shareBudget(context, rest);
  return rest;
}
