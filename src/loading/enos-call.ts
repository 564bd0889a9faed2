import type { CallAttempt, CallOptions, Reply } from '../enos/client.js';
import { EnosError, type EnosErrorKind } from '../enos/errors.js';
import type { Arguments, OperationId } from '../enos/operation.js';
import { CallBudgetError, spendCall } from './call-budget.js';
import { enterCall, leaveCall } from './limiter.js';
import type { LoadContext } from './load-context.js';
import type { Flight, LoadAttempt } from './read/single-flight.js';

/** Calls EnOS within the limits of the request and the process. Rejects with `EnosError`. */
export interface EnosCall {
  /** `defer` as in the client's `CallOptions`. */
  <Id extends OperationId>(
    operation: Id,
    args: Arguments<Id>,
    options?: Pick<CallOptions, 'defer'>,
  ): Promise<Reply<Id>>;
  /** Unix milliseconds by which the calls end; may move while they are under way. */
  readonly until: () => number;
  /** Largest reply that a call takes, in bytes; absent where the client does not say. */
  readonly maxReplyBytes?: number | undefined;
}

/**
 * Calls on behalf of one read under way. They end by the read's signal and deadline, not by those of the request that
 * started it, since others may wait for the same read; each who waits keeps its own deadline (read-through.ts).
 */
export function enosCall(context: LoadContext, { signal, until, attempts }: Flight): EnosCall {
  const call = async <Id extends OperationId>(
    operation: Id,
    args: Arguments<Id>,
    { defer }: Pick<CallOptions, 'defer'> = {},
  ): Promise<Reply<Id>> => {
    const startedAt = Date.now();
    let exchanged = false;
    const onAttempt = (attempt: CallAttempt): void => {
      exchanged = true;
      attempts.push(attemptWith(attempt, args));
      context.onAttempt?.(attempt);
    };
    try {
      if (!spendCall(context))
        throw new CallBudgetError(operationNames(operation), context.settings.maxCalls ?? 0);
      const wait = enterCall(context);
      if (wait !== undefined) await wait;
      try {
        const userToken = context.callAs?.();
        return await context.enos.call(operation, args, {
          signal,
          deadline: until,
          userToken,
          onAttempt,
          defer,
        });
      } finally {
        leaveCall(context);
      }
    } catch (error) {
      if (!exchanged) attempts.push(refusedCall(operation, args, startedAt, error));
      throw error;
    }
  };
  return Object.assign(call, { until, maxReplyBytes: context.enos.maxResponseBytes });
}

/** Member by member: spreading costs more than all of them. */
function attemptWith(exchange: CallAttempt, args: unknown): LoadAttempt {
  const { operation, attempt, startedAt, durationMs, outcome, httpStatus, code, requestId } = exchange;
  return { operation, args, attempt, startedAt, durationMs, outcome, httpStatus, code, requestId };
}

/** A call that failed before anything was sent: by the breaker, the queue, the deadline, the budget, for want of a token. */
function refusedCall(operation: OperationId, args: unknown, startedAt: number, error: unknown): LoadAttempt {
  const kind = error instanceof EnosError ? error.kind : 'argument';
  return {
    operation,
    args,
    attempt: 0,
    startedAt,
    durationMs: Date.now() - startedAt,
    outcome: error instanceof CallBudgetError ? 'call-budget' : kind,
    httpStatus: null,
    code: null,
    requestId: null,
  };
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
