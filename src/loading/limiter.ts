/** How many calls may be under way at once: of a request, and of the process. */
import { shareBudget } from './call-budget.js';
import type { LoadContext } from './load-context.js';
import { Places } from './places.js';

/**
 * Takes places for an EnOS call, of its request (settings.concurrency) and of the process, when both have room. Only calls
 * may take them, never something that itself waits for a call: that could wait for itself.
 */
export function enterCall(context: LoadContext): Promise<void> | undefined {
  const ofRequest = placesOf(context).enter();
  const { places } = context.runtime;
  return ofRequest === undefined ? places.enter() : ofRequest.then(() => places.enter());
}

/** Leaves what was taken. Must be called once for each `enterCall`, after what it returned has resolved. */
export function leaveCall(context: LoadContext): void {
  context.runtime.places.leave();
  placesOf(context).leave();
}

/** All loaders of a request count together, whoever made them. */
function placesOf(context: LoadContext): Places {
  return (context.places ??= new Places(Math.max(1, context.settings.concurrency)));
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
  rest.places = placesOf(context);
  shareBudget(context, rest);
  return rest;
}
