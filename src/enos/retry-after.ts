/** Longest wait that is believed, in seconds: a day. */
const LONGEST = 86_400;

/**
 * Seconds to wait by the HTTP header Retry-After, which holds seconds or a date; null if it is absent or unreadable.
 * @param now Unix milliseconds
 */
export function retryAfterSeconds(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.ceil((Date.parse(text) - now) / 1000);
  return Number.isNaN(seconds) ? null : Math.min(Math.max(0, seconds), LONGEST);
}
