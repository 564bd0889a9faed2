/** How one exchange of a call ended, and what that says about the call and about the service. */
import { CallEnded } from './call-scope.js';
import type { Verdict } from '../../resilience/circuit-breaker.js';
import { isFaultOfService } from '../reply/envelope.js';
import type { ReplyOutcome } from '../reply/envelope.js';
import { EnosError } from '../errors.js';
import { ExchangeFailure } from './exchange.js';
import type { Operation } from '../operation.js';
import { BulkheadClosed } from '../service/bulkhead.js';

/** An outcome of EnOS, or none; see `FailedExchange`. */
export type AttemptResult = ReplyOutcome & { sent: boolean; broken: boolean; verdict: Verdict };

/** A call that had no more time than this, in milliseconds, says nothing about a service that did not answer it. */
const FAIR_TIME = 1_000;

/** The result of an exchange that had a reply. */
export function repliedResult(operation: Operation, outcome: ReplyOutcome): AttemptResult {
  // Members one by one: spreading an outcome costs as much as the rest of what is done with it.
  if (outcome.ok) {
    const { reply, code } = outcome;
    return { ok: true, reply, code, sent: true, broken: false, verdict: 'success' };
  }
  const { error, tokenRefused } = outcome;
  const verdict = verdictOnReply(operation, error);
  return { ok: false, error, tokenRefused, sent: true, broken: false, verdict };
}

/**
 * The result of an exchange without one.
 * @param time milliseconds that it had, or null if the caller did not shorten it
 */
export function failedResult(operation: Operation, error: unknown, time: number | null): AttemptResult {
  const failed = error instanceof ExchangeFailure ? error : null;
  const verdict = failed ? verdictOnFailure(failed, time) : 'nothing';
  const { sent = true, broken = false } = failed ?? {};
  return { ok: false, error: enosErrorOf(operation, error), tokenRefused: false, sent, broken, verdict };
}

/** Whatever ends a call without an answer, as the one error class. Throws what is a fault of ours. */
export function enosErrorOf(operation: Operation, error: unknown): EnosError {
  if (error instanceof EnosError) return error;
  const { service, operation: name } = operation;
  const of = { service, operation: name };
  if (error instanceof CallEnded) {
    return error.end === 'timeout'
      ? new EnosError({ ...of, kind: 'timeout', message: 'EnOS did not answer in time', retryable: true })
      : new EnosError({ ...of, kind: 'cancelled', message: 'The call was cancelled' });
  }
  if (error instanceof ExchangeFailure) {
    const { kind, message, retryable } = error;
    return new EnosError({ ...of, kind, message, retryable });
  }
  if (error instanceof BulkheadClosed) {
    const { message, retryAfter } = error;
    return new EnosError({ ...of, kind: 'unavailable', message, retryable: true, retryAfter });
  }
  throw error;
}

function verdictOnReply(operation: Operation, error: EnosError): Verdict {
  // A reply that is not EnOS's, such as a page of some proxy, is no sign of life; whether it is of a fault it does not say.
  if (error.kind === 'invalid-response') return 'nothing';
  return isFaultOfService(operation, error) ? 'failure' : 'success';
}

function verdictOnFailure(failure: ExchangeFailure, time: number | null): Verdict {
  switch (failure.kind) {
    case 'timeout':
      return time === null || time >= FAIR_TIME ? 'failure' : 'nothing';
    case 'unavailable':
      return failure.ofClient ? 'nothing' : 'failure';
    case 'invalid-response':
      return failure.broken ? 'failure' : 'nothing';
    case 'refused':
    case 'credentials':
    case 'http':
    case 'cancelled':
    case 'argument':
      return 'nothing';
  }
}
