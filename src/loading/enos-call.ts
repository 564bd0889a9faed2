import type { CallAttempt, CallOptions, Reply } from '../enos/client.js';
import { EnosError, type EnosErrorKind } from '../enos/errors.js';
import type { Arguments, OperationId } from '../enos/operation.js';
import { CallBudgetError, spendCall } from './call-budget.js';
import { limited } from './limiter.js';
import type { LoadContext } from './load-context.js';
import type { Flight } from './single-flight.js';

/** Calls EnOS within the limits of the request and the process. Rejects with `EnosError`. */
export interface EnosCall {
  <Id extends OperationId>(operation: Id, args: Arguments<Id>): Promise<Reply<Id>>;
  /** Unix milliseconds by which the calls end; may move while they are under way. */
  readonly until: () => number;
}

/**
 * Calls on behalf of one read under way. They end by the read's signal and deadline, not by those of the request that
 * started it, since others may wait for the same read; each who waits keeps its own deadline (read-through.ts).
 */
export function enosCall(context: LoadContext, { signal, until, attempts }: Flight): EnosCall {
  const optionsOf = (args: unknown): CallOptions => ({
    signal,
    deadline: until,
    userToken: context.callAs?.(),
    onAttempt: (attempt: CallAttempt) => {
      attempts.push({ ...attempt, args });
      context.onAttempt?.(attempt);
    },
  });
  const call = <Id extends OperationId>(operation: Id, args: Arguments<Id>): Promise<Reply<Id>> =>
    spendCall(context)
      ? limited(context, () => context.enos.call(operation, args, optionsOf(args)))
      : Promise.reject(new CallBudgetError(operationNames(operation), context.settings.maxCalls ?? 0));
  return Object.assign(call, { until });
}

/** Service and name of an operation id. */
export function operationNames(id: OperationId): { service: string; operation: string } {
  const dot = id.indexOf('.');
  return { service: id.slice(0, dot), operation: id.slice(dot + 1) };
}

/** An error of our own about an operation, in the one class that callers know. */
export function localError(
  id: OperationId,
  kind: EnosErrorKind,
  message: string,
  details: { requestId?: string | null; code?: number } = {},
): EnosError {
  return new EnosError({ kind, ...operationNames(id), message, ...details });
}
