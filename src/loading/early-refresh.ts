/** Refreshing of what is asked for often, shortly before its lifetime is over and behind the answer. */
import type { HeldValue } from '../cache/cache.js';
import { shouldRefreshEarly } from '../cache/early-refresh.js';
import { fetchInto } from './fetch-into.js';
import type { LoadContext } from './load-context.js';
import type { ReadItem, ReadSpec } from './read-spec.js';
import type { Flight } from './single-flight.js';

/** Collects what one tick finds due, and fetches it as one batch. */
export interface EarlyRefresh<Key> {
  isDue(held: HeldValue): boolean;
  add(item: ReadItem<Key>): void;
}

/** The last part of a lifetime, in which a refresh may begin. */
const LAST_PART = 0.1;

/** Makes one for a kind of thing of one request. */
export function createEarlyRefresh<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
): EarlyRefresh<Key> {
  let due: ReadItem<Key>[] = [];
  return {
    isDue: (held) => {
      const now = context.now();
      if (held.value instanceof Error) return false;
      if (held.freshUntil - now > (held.freshUntil - held.storedAt) * LAST_PART) return false;
      return shouldRefreshEarly(held, now, Math.random());
    },
    add: (item) => {
      due.push(item);
      if (due.length > 1) return;
      setImmediate(() => {
        refresh(context, spec, due);
        due = [];
      });
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
