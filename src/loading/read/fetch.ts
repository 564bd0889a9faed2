/** Asking EnOS for what nobody has, and caching what it says. */
import type { CacheEntry, ReadToken } from '../../cache/cache.js';
import { fetchObserved } from '../channels.js';
import { outcomeCodec } from '../codec.js';
import { enosCall } from '../enos-call.js';
import type { LoadContext } from '../load-context.js';
import { isNotFound } from '../not-found.js';
import { isOutage, isRefusal } from '../outage.js';
import { lifetimeOf, type Answers, type ReadItem, type ReadSpec } from './read-spec.js';
import { failed, type Flight } from './single-flight.js';

const NO_TAGS: readonly string[] = [];

/**
 * Asks EnOS, puts what it says among the outcomes, and caches it. `cached` others of the batch were found. Resolves without
 * waiting for the cache; `stored` is told when it has everything.
 */
export async function fetchInto<Key, Value>(
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
