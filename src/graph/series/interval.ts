/** The arguments of a series, checked before anything is fetched. */
import type { AggregateRequest } from '../../loading/series/types.js';
import { formatDateTime } from '../date-time.js';
import type { DurationValue } from '../duration.js';
import { badUserInput } from '../errors/raise.js';

/** Length of an interval as the loaders take it: whole days of the calendar, or whole minutes. */
export function toInterval({ days, seconds }: DurationValue): AggregateRequest['interval'] {
  if (days > 0 && seconds > 0) {
    throw badUserInput(
      'Argument "interval" mixes days, which follow the calendar, with hours, minutes or seconds. Use either, e.g. P1D or PT36H.',
      'interval',
    );
  }
  if (days > 0) return { days };
  if (seconds < 60 || seconds % 60 !== 0) {
    throw badUserInput(
      `Argument "interval": ${seconds} s is not a whole number of minutes. Expected whole minutes, hours or days, e.g. PT1M, PT10M, PT1H, P1D.`,
      'interval',
    );
  }
  return { minutes: seconds / 60 };
}

/** Minutes, rounded up, that a latest value may be old. */
export function toMinutes({ days, seconds }: DurationValue): number {
  return days * 1440 + Math.ceil(seconds / 60);
}

/** Throws unless the time range has a length. */
export function checkRange(from: number, to: number): void {
  if (from < to) return;
  throw badUserInput(
    `Argument "to": ${formatDateTime(to)} must be later than "from", ${formatDateTime(from)}.`,
    'to',
  );
}

/** Throws unless a number of values is at least `least`. */
export function checkAtLeast(value: number | null | undefined, least: number, argument: string): void {
  if (value != null && value < least) {
    throw badUserInput(`Argument "${argument}": ${value} is less than ${least}.`, argument);
  }
}
