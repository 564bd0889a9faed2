/** How long the pieces of time are in which series are cached. Pure. */
import type { Interval } from './grid.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Fewest intervals of a chunk of aggregates, unless they are the longest there are. */
const FEWEST_INTERVALS = 24;
/** Every length is a multiple of the one before, so that chunks of different lengths share their borders. */
const LENGTHS = [
  HOUR / 2,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  4 * DAY,
  8 * DAY,
  32 * DAY,
  384 * DAY,
];

/**
 * Length of the chunks of a stretch of stored records, in milliseconds; null for a short one, which is cached as a whole.
 * How densely records lie is not known before; at one a minute a chunk holds 30 to 1,440, and a stretch has 6 to 32.
 */
export function recordChunkLength(stretch: number): number | null {
  if (stretch < 3 * HOUR) return null;
  if (stretch <= 12 * HOUR) return HOUR / 2;
  if (stretch <= 4 * DAY) return 4 * HOUR;
  return stretch <= 32 * DAY ? DAY : 8 * DAY;
}

/** Length of the chunks of aggregates: what holds 24 intervals; null where so few are wanted that chunks would not pay. */
export function aggregateChunkLength(interval: Interval, count: number): number | null {
  const one = 'days' in interval ? interval.days * DAY : interval.minutes * MINUTE;
  const length = LENGTHS.find((candidate) => candidate >= FEWEST_INTERVALS * one);
  return length === undefined || count < (2 * length) / one ? null : length;
}
