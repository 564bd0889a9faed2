/**
 * What a read under way does: it asks the cache, then EnOS for what no cache has (once for all replicas where that pays),
 * and caches what EnOS says.
 */
import type { CacheEntry, Lease, LeasedKey, Leases, ReadToken } from '../../cache/cache.js';
import { isNotFound, isOutage, isRefusal } from '../../enos/errors.js';
import { fetchObserved } from '../channels.js';
import { outcomeCodec } from './codec.js';
import { enosCall } from '../enos-call.js';
import type { LoadContext } from '../load-context.js';
import { isNeverKept, lifetimeOf, type Answers, type ReadItem, type ReadSpec } from './read-spec.js';
import { isNearEnd } from './refresh-policy.js';
import { failed, type Flight, type Outcome } from './single-flight.js';

const NO_TAGS: readonly string[] = [];

/** Puts the outcomes of all items into the flight. Rejects with what makes the fetch as a whole fail. */
export async function lookUpAndFetch<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
  flight: Flight,
): Promise<void> {
  const missing = isNeverKept(context, spec) ? items : await lookUp(context, spec, items, flight);
  flight.settleEarly();
  if (missing.length > 0) await fetchMissing(context, spec, missing, flight, items.length - missing.length);
}

/** Whether the request takes a value that is past its lifetime. */
export function isTaken(context: LoadContext, { freshUntil }: Outcome): boolean {
  const most = Math.min(context.maxStale ?? Infinity, context.settings.stale?.for ?? 0);
  return most > 0 && context.now() - freshUntil <= most;
}

/**
 * Puts what the cache has among the outcomes, and returns what is to be fetched: for a read that renews, also what is near
 * its end. `shared`: after another replica has fetched it.
 */
async function lookUp<Key, Value>(
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
    // Just tried in vain: a request that takes the stale value need not wait for another failure.
    const failure = isTaken(context, value) ? context.runtime.backOff.failure(cacheKey, now) : undefined;
    if (failure === undefined) return true;
    flight.outcomes.set(cacheKey, failed(failure));
    return false;
  });
}

/**
 * Fetches what the cache does not have. What another replica is fetching is waited for, for a bounded time and
 * side by side with the fetch of the rest; what has not come by then is fetched as one batch.
 */
function fetchMissing<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
  flight: Flight,
  cached: number,
): Promise<void> {
  const { leases } = context.cache;
  const keys = leases === undefined ? [] : worthLeasing(context, spec, items, flight);
  if (leases === undefined || keys.length === 0) return fetchInto(context, spec, items, flight, cached);
  const fetchWith = async (lease: Lease): Promise<void> => {
    const { elsewhere } = lease;
    const release = (): void => void lease.release();
    const fetchLeased = (leased: readonly ReadItem<Key>[]): Promise<void> =>
      fetchInto(context, spec, leased, flight, cached, release).catch((error: unknown) => {
        release();
        throw error;
      });
    if (elsewhere.size === 0) return fetchLeased(items);
    const own = items.filter(({ cacheKey }) => !elsewhere.has(cacheKey));
    const others = items.filter(({ cacheKey }) => elsewhere.has(cacheKey));
    const waitForOthers = async (): Promise<void> => {
      await lease.settled(longestWait(context, leases), flight.signal);
      if (flight.signal.aborted) return;
      const missing = await lookUp(context, spec, others, flight, true);
      if (missing.length > 0) await fetchInto(context, spec, missing, flight, cached);
    };
    await Promise.all([own.length > 0 ? fetchLeased(own) : undefined, waitForOthers()]);
  };
  return leases.take(keys, flight.asOf).then(fetchWith);
}

/** The keys of what others could use: nothing that is not kept, or was changed so lately that it will not be. */
function worthLeasing<Key, Value>(
  { cache }: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
  { asOf }: Flight,
): LeasedKey[] {
  if (spec.lifetime === 0) return [];
  const keys: LeasedKey[] = [];
  for (const { key, cacheKey } of items) {
    const tags = spec.tags?.(key) ?? NO_TAGS;
    if (cache.isCurrent(tags, asOf)) keys.push({ key: cacheKey, tags });
  }
  return keys;
}

/** At most half of the time that is left, so that there is as much for fetching after a wait that brought nothing. */
function longestWait(context: LoadContext, { waitMs }: Leases): number {
  const { deadline } = context;
  return deadline === undefined ? waitMs : Math.min(waitMs, (deadline - context.now()) / 2);
}

/**
 * Asks EnOS, puts what it says among the outcomes, and caches it. `cached` others of the batch were found. Resolves without
 * waiting for the cache; `stored` is told when it has everything.
 */
async function fetchInto<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
  flight: Flight,
  cached = 0,
  stored?: () => void,
): Promise<void> {
  const { backOff, reads } = context.runtime;
  const storedAt = context.now();
  const keys = items.map((item) => item.key);
  reads.of(spec.kind).fetched += keys.length;
  const batch = { operation: spec.operation, keys: keys.length, cached };
  const answers = await fetchObserved(batch, () => fetchAll(context, spec, keys, flight));
  const now = context.now();
  const entries: CacheEntry[] = [];
  for (let index = 0; index < items.length; index += 1) {
    const { key, cacheKey } = items[index]!;
    const answer = 'get' in answers ? answers.get(key) : answers[index];
    if (answer === undefined) continue;
    if (isOutage(answer)) {
      if (flight.stale.has(cacheKey)) backOff.failed(cacheKey, answer, now);
      flight.outcomes.set(cacheKey, failed(answer));
      continue;
    }
    backOff.succeeded(cacheKey);
    const ttl = lifetimeOfOutcome(context, spec, answer, key);
    const tags = spec.tags?.(key) ?? NO_TAGS;
    const freshUntil = ttl > 0 ? now + ttl : 0;
    flight.outcomes.set(cacheKey, { value: answer, storedAt, freshUntil, tags, stale: false });
    // A refusal takes along what was there before, stale or near its end.
    if (ttl > 0 || (isRefusal(answer) && flight.stale.has(cacheKey)))
      entries.push(entryOf(context, spec, { cacheKey, value: answer, ttl, tags, asOf: flight.asOf }));
  }
  if (stored === undefined) {
    if (entries.length > 0) void context.cache.setMany(entries);
  } else void context.cache.setMany(entries).then(stored);
}

/** An entry of the cache: values may be kept beyond their lifetime, "there is none" may not. */
export function entryOf<Key, Value>(
  { settings }: LoadContext,
  { codec }: Pick<ReadSpec<Key, Value>, 'codec'>,
  entry: { cacheKey: string; value: unknown; ttl: number; tags: readonly string[]; asOf: ReadToken },
): CacheEntry {
  const { cacheKey, value, ttl, tags, asOf } = entry;
  const staleFor = value instanceof Error ? 0 : (settings.stale?.for ?? 0);
  return { key: cacheKey, value, codec: outcomeCodec(codec), ttl, staleFor, tags, asOf };
}

/** What fails as a whole is the answer to each key, and remembered like one. */
async function fetchAll<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  keys: readonly Key[],
  flight: Flight,
): Promise<Answers<Key, Value>> {
  try {
    return await spec.fetch(keys, enosCall(context, flight), flight.asOf);
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    return keys.map(() => error);
  }
}

/** Milliseconds that an answer may be kept: failures are not, but for "there is none". */
function lifetimeOfOutcome<Key, Value>(
  { settings }: LoadContext,
  spec: ReadSpec<Key, Value>,
  answer: Value | Error,
  key: Key,
): number {
  if (answer instanceof Error) return isNotFound(answer) ? settings.lifetimes.notFound : 0;
  return lifetimeOf(spec, answer, key);
}
