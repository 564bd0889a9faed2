/** Longest wait that is believed, in seconds: a day. */
const LONGEST = 86_400;
const SECONDS = /^\d+(?:\.\d+)?$/;
/** The three forms of an HTTP date: Sun, 06 Nov 1994 08:49:37 GMT; Sunday, 06-Nov-94 08:49:37 GMT; Sun Nov  6 08:49:37 1994. */
const DATE =
  /^[A-Z][a-z]{2,8},? (?:\d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} [\d:]{8} GMT|[A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4})$/;
/** The parts of a header that was sent several times and joined on the way; the comma of a date is none between parts. */
const BETWEEN_PARTS = /,(?! \d{2}[ -])/;

/**
 * Seconds to wait by the HTTP header Retry-After, which holds seconds or a date; null if it is absent or holds neither,
 * such as a negative number. Of several values the longest counts. A date in the past is no wait.
 * @param header one value, or one for each time it was sent
 * @param now Unix milliseconds by the clock of whoever sent the header
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
