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

/** Longest wait that is believed, in seconds: a day. */
const LONGEST = 86_400;
const SECONDS = /^\d+(?:\.\d+)?$/;
/** The three forms of an HTTP date: Sun, 06 Nov 1994 08:49:37 GMT; Sunday, 06-Nov-94 08:49:37 GMT; Sun Nov  6 08:49:37 1994. */
const DATE =
  /^[A-Z][a-z]{2,8},? (?:\d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} [\d:]{8} GMT|[A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4})$/;
/** The parts of a header that was sent several times and joined in between; the comma of a date is none between parts. */
const BETWEEN_PARTS = /,(?! \d{2}[ -])/;

/**
 * Seconds to wait by the HTTP header Retry-After, which holds seconds or a date; null if it is absent or holds neither,
 * such as a negative number. Of several values the longest counts. A date in the past is no wait.
 * @param header one value, or one for each time it was sent
 * @param now Unix milliseconds by the clock of the sender of the header
 */
export function retryAfterSeconds(
  header: string | readonly string[] | undefined,
  now: number,
): number | null {
  if (header === undefined) return null;
  const texts = typeof header === 'string' ? [header] : header;
  const waits = texts
    .flatMap((text) => text.split(BETWEEN_PARTS))
    .map((text) => secondsOf(text.trim(), now))
    .filter((seconds) => seconds !== null);
  return waits.length === 0 ? null : Math.min(Math.max(...waits), LONGEST);
}

function secondsOf(text: string, now: number): number | null {
  if (SECONDS.test(text)) return Math.ceil(Number(text));
  if (!DATE.test(text)) return null;
  // A date without a zone is in GMT too.
  const date = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - now) / 1000));
}
