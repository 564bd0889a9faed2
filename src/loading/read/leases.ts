/** Fetching what nobody has, once for all replicas where that pays. */
import type { Claim, ClaimedKey, Claims } from '../../cache/cache.js';
import { fetchInto } from './fetch.js';
import type { LoadContext } from '../load-context.js';
import { lookUp } from './look-up.js';
import type { ReadItem, ReadSpec } from './read-spec.js';
import type { Flight } from './single-flight.js';

const NO_TAGS: readonly string[] = [];

/**
 * Fetches what the cache does not have. What another replica is fetching already is waited for, for a bounded time and
 * side by side with the fetch of the rest; what has not come by then is fetched as one batch.
 */
export function fetchMissing<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
  flight: Flight,
  cached: number,
): Promise<void> {
  const { claims } = context.cache;
  const keys = claims === undefined ? [] : worthClaiming(context, spec, items, flight);
  if (claims === undefined || keys.length === 0) return fetchInto(context, spec, items, flight, cached);
  const fetchWith = async (claim: Claim): Promise<void> => {
    const { elsewhere } = claim;
    const release = (): void => void claim.release();
    const fetchClaimed = (claimed: readonly ReadItem<Key>[]): Promise<void> =>
      fetchInto(context, spec, claimed, flight, cached, release).catch((error: unknown) => {
        release();
        throw error;
      });
    if (elsewhere.size === 0) return fetchClaimed(items);
    const own = items.filter(({ cacheKey }) => !elsewhere.has(cacheKey));
    const others = items.filter(({ cacheKey }) => elsewhere.has(cacheKey));
    const waitForOthers = async (): Promise<void> => {
      await claim.settled(longestWait(context, claims), flight.signal);
      if (flight.signal.aborted) return;
      const missing = await lookUp(context, spec, others, flight, true);
      if (missing.length > 0) await fetchInto(context, spec, missing, flight, cached);
    };
    await Promise.all([own.length > 0 ? fetchClaimed(own) : undefined, waitForOthers()]);
  };
  return claims.take(keys, flight.asOf).then(fetchWith);
}

/** The keys of what others could use: nothing that is not kept, or was changed so lately that it will not be. */
function worthClaiming<Key, Value>(
  { cache }: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
  { asOf }: Flight,
): ClaimedKey[] {
  if (spec.lifetime === 0) return [];
  const keys: ClaimedKey[] = [];
  for (const { key, cacheKey } of items) {
    const tags = spec.tags?.(key) ?? NO_TAGS;
    if (cache.isCurrent(tags, asOf)) keys.push({ key: cacheKey, tags });
  }
  return keys;
}

/** At most half of the time that is left, so that there is as much for fetching after a wait in vain. */
function longestWait(context: LoadContext, { waitMs }: Claims): number {
  const { deadline } = context;
  return deadline === undefined ? waitMs : Math.min(waitMs, (deadline - context.now()) / 2);
}
