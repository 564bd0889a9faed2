/** Refreshing of what is asked for often, shortly before its lifetime is over and behind the answer. */
import type { HeldValue } from '../cache/cache.js';
import { shouldRefreshEarly } from '../cache/early-refresh.js';
import { fetchInto } from './fetch-into.js';
import type { LoadContext } from './load-context.js';
import type { ReadItem, ReadSpec } from './read-spec.js';
import type { Flight } from './single-flight.js';

/**
 * Decides for one request, and collects what one tick finds near its end. What was fetched together ends together, and is
 * fetched again by one call: as soon as one thing is due, so is all that is near its end.
 */
export interface EarlyRefresh<Key> {
  /** Told of every hit. */
  consider(held: HeldValue, key: Key, cacheKey: string): void;
}

/** The last part of a lifetime, in which a refresh may begin. */
const LAST_PART = 0.1;

/** Makes one for a kind of thing of one request. */
export function createEarlyRefresh<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
): EarlyRefresh<Key> {
  let near: ReadItem<Key>[] = [];
  let isDue = false;
  // Drawn once: with a draw for each of hundreds of keys, some key would always be due.
  let draw: number | undefined;
  const decide = (): void => {
    if (isDue) refresh(context, spec, near);
    near = [];
    isDue = false;
  };
  return {
    consider: (held, key, cacheKey) => {
      const now = context.now();
      const { storedAt, freshUntil, value } = held;
      if (freshUntil - now > (freshUntil - storedAt) * LAST_PART || value instanceof Error) return;
      draw ??= Math.random();
      if (!isDue && shouldRefreshEarly(held, now, draw)) isDue = true;
      near.push({ key, cacheKey });
      if (near.length === 1) setImmediate(decide);
    },
  };
}

/**
 * Fetches anew, behind the answer, what memory still has but not for long, so that nobody finds it missing. What is on its
 * way already is left alone.
 */
function refresh<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
): void {
  const { flights } = context.runtime;
  const wanted = items.filter(({ cacheKey }) => flights.find(cacheKey) === undefined);
  if (wanted.length === 0) return;
  const keys = wanted.map(({ cacheKey }) => cacheKey);
  const run = (flight: Flight): Promise<void> => {
    flight.goOn();
    return fetchInto(context, spec, wanted, flight);
  };
  flights.start(keys, context.cache.readToken(), run);
}
