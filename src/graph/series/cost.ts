/** What a series weighs before it is read, by its arguments as they came; read by the server's cost estimate. */
import { parseDateTime } from '../scalars/date-time.js';
import { parseDuration } from '../scalars/duration.js';
import { SERIES_LENGTH } from '../lists/limits.js';

type Args = Readonly<Record<string, unknown>>;

/** What asking for a series costs besides its values. */
const BASE_COST = 10;
/** Values that are read for the price of one field of the answer. */
const VALUES_PER_FIELD = 100;
/** Guess for stored values where nothing bounds them. Points that are stored more often are asked with `limit`. */
const STORED_EVERY_MS = 15 * 60_000;

/** Values that a series may hold: as many as there are intervals in its time range, at most `limit` and `maxPoints`. */
export function seriesLength(args: Args): number {
  return Math.min(valuesRead(args), bound(args['maxPoints']));
}

/** What the field counts: values that are read and then thinned out by `maxPoints` are work as well. */
export function seriesCost(args: Args): number {
  return BASE_COST + Math.floor(valuesRead(args) / VALUES_PER_FIELD);
}

/** Values that a list of changes over a time range may hold. */
export function changesLength({ from, to }: Args): number {
  return inRange(from, to, STORED_EVERY_MS) ?? SERIES_LENGTH;
}

function valuesRead({ from, to, interval, limit, maxPoints }: Args): number {
  const step = typeof interval === 'string' ? lengthOf(interval) : STORED_EVERY_MS;
  const count = step === undefined ? undefined : inRange(from, to, step);
  // Arguments that make no sense are refused where they are read; until then they weigh what is usual.
  return Math.min(count ?? Math.min(SERIES_LENGTH, bound(maxPoints)), bound(limit));
}

function bound(value: unknown): number {
  return typeof value === 'number' ? Math.max(value, 0) : Number.POSITIVE_INFINITY;
}

function inRange(from: unknown, to: unknown, step: number): number | undefined {
  if (typeof from !== 'string' || typeof to !== 'string') return undefined;
  const milliseconds = read(() => parseDateTime(to) - parseDateTime(from));
  return milliseconds === undefined ? undefined : Math.max(1, Math.ceil(milliseconds / step));
}

function lengthOf(interval: string): number | undefined {
  const length = read(() => parseDuration(interval));
  return length && (length.days * 86_400 + length.seconds) * 1_000;
}

function read<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
