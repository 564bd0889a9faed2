/** When a fresh value is fetched again already, so that nobody finds it missing at its end. */
import type { HeldValue } from './cache.js';

type Times = Pick<HeldValue, 'storedAt' | 'freshUntil'>;

/** The last part of a lifetime, in which the first read has the value fetched again. */
const DUE_PART = 0.1;
/** The part in which it goes along with another one that is due: what is asked for together is then fetched by one call. */
const NEAR_PART = 0.2;

/** Unix milliseconds from which on a read has the value fetched again. */
export function dueAt({ storedAt, freshUntil }: Times): number {
  return freshUntil - (freshUntil - storedAt) * DUE_PART;
}

/** Whether a value is so near its end that it is fetched again along with one that is due; true after its end. */
export function isNearEnd({ storedAt, freshUntil }: Times, now: number): boolean {
  return freshUntil - now <= (freshUntil - storedAt) * NEAR_PART;
}
