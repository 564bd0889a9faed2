import type { CallAttempt, CallOptions, CallSignal, Reply } from '../enos/client.js';
import { EnosError, type EnosErrorKind } from '../enos/errors.js';
import type { Arguments, OperationId } from '../enos/operation.js';
import type { LoadContext } from './load-context.js';
import type { LoadAttempt } from './read/single-flight.js';
import { Semaphore } from '../resilience/semaphore.js';

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

/** What calls are made for: a read under way, or a request. */
export interface CallFrame {
  readonly signal: CallSignal;
  /** Unix milliseconds by which the calls end. */
  readonly until: () => number;
  /** Each exchange is added. */
  readonly attempts: LoadAttempt[];
}

/**
 * Calls on behalf of one read under way. They end by the read's signal and deadline, not by those of the request that
 * started it, since others may wait for the same read; each who waits keeps its own deadline (read-through.ts).
 */
export function enosCall(context: LoadContext, { signal, until, attempts }: CallFrame): EnosCall {
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

/** All loaders of a request count together. */
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
