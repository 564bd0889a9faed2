/** Instants as the TSDB takes them, and checks of time ranges. */
import { InputError } from '../common.js';

/** Year 1 to 9999: what four digits can write. */
const EARLIEST = -62_135_596_800_000;
const LATEST = 253_402_300_799_999;
/** An instant in UTC, `2024-01-01T00:00:00Z`; with milliseconds only where it has some, since few samples show them. */
export function utcText(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

/** Refuses time ranges that are empty or cannot be written. */
export function checkTimeRange(from: number, to: number): void {
  for (const [name, time] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (!Number.isInteger(time) || time < EARLIEST || time > LATEST) {
      throw new InputError(`${name} must be an instant between the years 1 and 9999`, name);
    }
  }
  if (from >= to) throw new InputError('to must be after from', 'to');
}

/** Refuses limits that are no count or beyond what one answer may hold. */
export function checkLimit(limit: number | undefined, maxSamples: number): void {
  if (limit === undefined) return;
  if (!Number.isInteger(limit) || limit < 1 || limit > maxSamples) {
    throw new InputError(`limit must be between 1 and ${maxSamples}`, 'limit');
  }
}

/** How long a time range up to `to` may be cached: long where even late data has arrived. */
export function rangeLifetime(
  to: number,
  now: number,
  lifetimes: { seriesPast: number; seriesTail: number; seriesLateData: number },
): number {
  return to <= now - lifetimes.seriesLateData ? lifetimes.seriesPast : lifetimes.seriesTail;
}

/** The refusal of a series that is too long for one answer. */
export function tooMany(maxSamples: number): InputError {
  return new InputError(
    `The stretch holds more than ${maxSamples} values of one series: narrow from and to, or give limit, interval ` +
      'or maxPoints',
    'from',
  );
}
