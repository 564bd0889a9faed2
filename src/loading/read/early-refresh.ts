/** Refreshing of what is asked for often, shortly before its lifetime is over and behind the answer. */
import type { HeldValue } from '../../cache/cache.js';
import { dueAt, isNearEnd } from '../../cache/early-refresh.js';
import type { LoadContext } from '../load-context.js';
import type { ReadItem, ReadSpec } from './read-spec.js';
import { lookUpAndFetch } from './read-through.js';

/**
 * Collects what one tick of a request finds near its end. What was fetched together ends together, and is fetched again by
 * one call: as soon as one thing is due, so is all that is near its end.
 */
export interface EarlyRefresh<Key> {
  /** Told of every hit. */
  consider(held: HeldValue, key: Key, cacheKey: string): void;
}

/** What memory has fresh for a key; nothing where the request renews and the end is near. */
export function peekFresh(context: LoadContext, cacheKey: string): HeldValue | undefined {
  const held = context.cache.peek(cacheKey);
  const isMissing = context.renews && held !== undefined && isNearEnd(held, context.now());
  return isMissing ? undefined : held;
}

/** Makes one for a kind of thing of one request. */
export function createEarlyRefresh<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
): EarlyRefresh<Key> {
  let near: ReadItem<Key>[] = [];
  let isDue = false;
  const decide = (): void => {
    if (isDue) refresh(context, spec, near);
    near = [];
    isDue = false;
  };
  return {
    consider: (held, key, cacheKey) => {
      const now = context.now();
      if (!isNearEnd(held, now) || held.value instanceof Error) return;
      if (dueAt(held) <= now) isDue = true;
      near.push({ key, cacheKey });
      if (near.length === 1) setImmediate(decide);
    },
  };
}

/**
 * Renews, behind the answer, what memory still has but not for long: from Redis where another replica has done it, else by
 * asking EnOS. What is on its way already, or could not be had a moment ago, is left alone.
 */
function refresh<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
): void {
  const { flights, backOff } = context.runtime;
  const now = context.now();
  const wanted = items.filter(
    ({ cacheKey }) => flights.find(cacheKey) === undefined && backOff.failure(cacheKey, now) === undefined,
  );
  if (wanted.length === 0) return;
  const keys = wanted.map(({ cacheKey }) => cacheKey);
  flights.start(keys, context.cache.readToken(), (flight) => {
    flight.renew();
    return lookUpAndFetch(context, spec, wanted, flight);
  });
}
