/** How many calls one request may make: a bound on what a single operation can cost EnOS, whatever it asks. */
import { EnosError } from '../enos/errors.js';
import type { LoadContext } from './load-context.js';

/** The request has made as many calls as it may. Reads under way go on; no further call is made for it. */
export class CallBudgetError extends EnosError {
  /** `limit` is the number of calls that one request may make. */
  constructor(
    names: { service: string; operation: string },
    readonly limit: number,
  ) {
    const message = `The operation needs more than ${limit} calls to EnOS; the limit is ${limit} (MAX_UPSTREAM_CALLS).`;
    super({ kind: 'argument', ...names, message });
    this.name = 'CallBudgetError';
  }
}

/** Counts one call of the request. False, and nothing counted, where it has none left. */
export function spendCall(context: LoadContext): boolean {
  const { maxCalls } = context.settings;
  if (maxCalls === undefined) return true;
  const account = accountOf(context);
  if (account.calls >= maxCalls) return false;
  account.calls += 1;
  return true;
}

/** Lets a context made from another count with it. */
export function shareBudget(from: LoadContext, to: LoadContext): void {
  to.account = accountOf(from);
}

/** Calls made: all loaders of a request count together. */
function accountOf(context: LoadContext): { calls: number } {
  return (context.account ??= { calls: 0 });
}
