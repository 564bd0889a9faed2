/**
 * Whether a failed exchange is repeated. One repetition, on another connection or after a hiccup of the gateway; a
 * budget over all calls and a breaker per service would be asked here too.
 */
import type { EnosError } from './errors.js';
import type { Operation } from './operation.js';

/** What is known of a failed exchange. */
export interface FailedExchange {
  error: EnosError;
  /** False if it is certain that no byte of the request has left. */
  sent: boolean;
  /** Whether the connection failed, before any part of a reply. */
  broken: boolean;
}

/** HTTP statuses with which a gateway says that a service was not reached for now. */
const HICCUPS = new Set([502, 503, 504]);
/** Bounds of the wait before the repetition, in milliseconds: random, so that calls that fail together part. */
const SHORTEST_WAIT = 20;
const LONGEST_WAIT = 120;

/**
 * Milliseconds to wait before the call is repeated, or null if it is not.
 * A write is repeated only if it cannot have reached EnOS.
 * @param remaining milliseconds that the call has left
 */
export function retryDelay(operation: Operation, failed: FailedExchange, remaining: number): number | null {
  const { error, sent, broken } = failed;
  // Asking for a token changes nothing that a second question could spoil.
  const harmless = operation.kind === 'read' || operation.channel === 'token';
  const hiccup = harmless && error.httpStatus !== null && HICCUPS.has(error.httpStatus);
  const lost = broken && (harmless || !sent);
  if (!hiccup && !lost) return null;
  const random = SHORTEST_WAIT + Math.random() * (LONGEST_WAIT - SHORTEST_WAIT);
  const delay = Math.max(random, (error.retryAfter ?? 0) * 1000);
  // A long Retry-After is the caller's to wait for: it holds up one request, not a connection.
  return delay < Math.min(remaining, 1000) ? delay : null;
}
