/** Whether a failed exchange may be repeated, and after which wait. Budget and time are for the caller to see to. */
import type { EnosError } from '../errors.js';
import type { Operation } from '../operation.js';

/** What is known of a failed exchange. */
export interface FailedExchange {
  error: EnosError;
  /** False if it is certain that no byte of the request has left. */
  sent: boolean;
  /** Whether the connection failed, before or during the reply. */
  broken: boolean;
}

/** HTTP statuses with which a gateway says that a service was not reached for now. */
const HICCUPS = new Set([502, 503, 504]);
/** More than the gateway allows; worth repeating only when it says after which time. */
const TOO_MANY = 429;
/** Bounds of the wait before the first repetition, and of any, in milliseconds. */
const FIRST_WAIT = 100;
const LONGEST_WAIT = 2_000;

/**
 * Milliseconds to wait before the exchange may be repeated, or null if it may not be.
 * The wait is random from nothing to a bound that doubles, so that calls that fail together part; a Retry-After comes
 * before it. A write is repeated only if it cannot have reached EnOS.
 * @param attempt number of the exchange that failed, 1 for the first
 */
export function retryDelay(operation: Operation, failed: FailedExchange, attempt: number): number | null {
  const { error, sent, broken } = failed;
  // Asking for a token changes nothing that a second question could spoil.
  const harmless = operation.kind === 'read' || operation.channel === 'token';
  const { httpStatus, retryAfter } = error;
  const hiccup = httpStatus !== null && HICCUPS.has(httpStatus);
  const tooMany = httpStatus === TOO_MANY && retryAfter !== null;
  const lost = broken && (harmless || !sent);
  if (!lost && !(harmless && (hiccup || tooMany))) return null;
  const bound = Math.min(FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT);
  return (retryAfter ?? 0) * 1000 + Math.random() * bound;
}
