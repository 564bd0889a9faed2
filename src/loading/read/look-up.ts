/** Looking things up in the cache. */
import { isNearEnd } from '../../cache/early-refresh.js';
import { outcomeCodec } from '../codec.js';
import type { LoadContext } from '../load-context.js';
import type { ReadItem, ReadSpec } from './read-spec.js';
import { failed, type Flight, type Outcome } from './single-flight.js';

/** Whether the request takes a value that is past its lifetime. */
export function isTaken(context: LoadContext, { freshUntil }: Outcome): boolean {
  const most = Math.min(context.maxStale ?? Infinity, context.settings.stale?.for ?? 0);
  return most > 0 && context.now() - freshUntil <= most;
}

/**
 * Puts what the cache has among the outcomes, and returns what is to be fetched: for a read that renews, also what is near
 * its end. `shared`: after another has fetched it.
 */
export async function lookUp<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
  flight: Flight,
  shared = false,
): Promise<readonly ReadItem<Key>[]> {
  const counts = context.runtime.reads.of(spec.kind);
  const found = await context.cache.getValues(
    shared ? items.map(({ cacheKey }) => cacheKey) : flight.keys,
    outcomeCodec(spec.codec),
    flight.renews,
  );
  const now = context.now();
  return items.filter(({ cacheKey }, index) => {
    const value = found[index];
    if (value === undefined) return true;
    if (!value.stale && !(flight.renews && isNearEnd(value, now))) {
      if (shared) flight.noteShared(cacheKey);
      counts[shared ? 'shared' : (value.tier ?? 'process')] += 1;
      flight.outcomes.set(cacheKey, value);
      return false;
    }
    flight.noteStale(cacheKey, value.stale ? value : { ...value, stale: true });
    // Just tried in vain: who takes the value from before need not wait for another failure.
    const failure = isTaken(context, value) ? context.runtime.backOff.failure(cacheKey, now) : undefined;
    if (failure === undefined) return true;
    flight.outcomes.set(cacheKey, failed(failure));
    return false;
  });
}
