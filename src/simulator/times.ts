/**
 * Times in requests: text that is local to each asset, or one instant for all.
 */
import { DateTime } from 'luxon';
import { invalidArgument } from './refusals.js';

/** A time parameter: the instant that it means in a time zone, Unix milliseconds. */
export type TimeBound = (timezone: string) => number;

const LOCAL = /^\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}:\d{2}(?:\.\d{1,3})?)?$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?:Z|[+-]\d{2}:?\d{2})$/;

/** Reads "YYYY-MM-DD HH:mm:ss" or "YYYY-MM-DDTHH:mm:ssZ" (or an offset); null if absent or empty, 99400 if neither. */
export function readTimeBound(name: string, value: unknown): TimeBound | null {
  if (value === undefined || value === null || value === '') return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (INSTANT.test(text)) {
    const instant = DateTime.fromISO(text, { zone: 'utc' });
    if (instant.isValid) return () => instant.toMillis();
  }
  if (LOCAL.test(text) && DateTime.fromSQL(text, { zone: 'utc' }).isValid) {
    return (timezone) => DateTime.fromSQL(text, { zone: luxonZone(timezone) }).toMillis();
  }
  throw invalidArgument(name, `${text} is not a time`);
}

/** Local text "YYYY-MM-DD HH:mm:ss" of an instant in an asset's time zone. */
export function localTime(time: number, timezone: string): string {
  return DateTime.fromMillis(time, { zone: luxonZone(timezone) }).toFormat('yyyy-MM-dd HH:mm:ss');
}

/** luxon calls a fixed offset `UTC+08:00`; IANA names stay. */
function luxonZone(timezone: string): string {
  return /^[+-]/.test(timezone) ? `UTC${timezone}` : timezone;
}
