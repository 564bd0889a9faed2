/**
 * The way of every read that memory could not answer: reads under way, then the cache, then EnOS. Batches
 * (batch-loader.ts) and lists (list-cache.ts) both go this way.
 */
import type { OperationId } from '../enos/operation.js';
import { outcomeCodec, type Codec } from './codec.js';
import { enosCall, localError, operationNames, type EnosCall } from './enos-call.js';
import type { LoadContext } from './load-context.js';
import { isNotFound } from './not-found.js';
import { checkNotEnded, untilEnd } from './request-end.js';
import type { Flight } from './single-flight.js';

/** How a kind of thing is read and kept. */
export interface ReadSpec<Key, Value> {
  /** The operation that mainly feeds it, for explain and for errors of our own. */
  operation: OperationId;
  /** Milliseconds that a value may be cached; 0 for not at all. */
  lifetime: number | ((value: Value, key: Key) => number);
  /** Needed where values are not plain JSON data. */
  codec?: Codec<Value>;
  /** What the answer to a key is made of, in the words of tags.ts: what changes one of these takes the answer along. */
  tags?(key: Key): readonly string[];
  /**
   * Asks EnOS for what nobody has. Answers by the very key objects it was given, one value or error each; a key
   * without an answer fails, and if it rejects, all fail.
   */
  fetch(keys: readonly Key[], call: EnosCall): Promise<ReadonlyMap<Key, Value | Error>>;
}

/** One thing to read. */
export interface ReadItem<Key> {
  key: Key;
  cacheKey: string;
}

/** What a read is for explain. */
export type LabelOf<Key> = (key: Key) => string;

const MAX_EXPLAINED_KEYS = 100;
const NO_TAGS: readonly string[] = [];

/**
 * Values or errors in the order of the items, which must differ in their cache keys. Values may be shared with other
 * requests: nobody changes them. Rejects with `EnosError` (cancelled, timeout) when the request ends first.
 */
export async function readThrough<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
  labelOf: LabelOf<Key>,
): Promise<(Value | Error)[]> {
  checkNotEnded(context, spec.operation);
  const flights = board(context, spec, items);
  const distinct = [...new Set(flights)];
  for (const flight of distinct) flight.join();
  let hits: readonly ReadItem<Key>[] = [];
  try {
    for (const flight of distinct) await flight.early;
    const isKnown = (item: ReadItem<Key>, index: number): boolean =>
      flights[index]?.outcomes.has(item.cacheKey) === true;
    if (context.explain !== undefined) hits = items.filter(isKnown);
    if (!items.every(isKnown)) await untilEnd(allDone(distinct), context, spec.operation);
  } finally {
    for (const flight of distinct) flight.leave();
    if (context.explain !== undefined) explain(context, spec.operation, items, hits, distinct, labelOf);
  }
  return items.map((item, index) => {
    const outcome = flights[index]?.outcomes.get(item.cacheKey);
    if (outcome === undefined)
      return localError(spec.operation, 'invalid-response', 'EnOS left a key unanswered');
    context.sources?.add(outcome);
    // A cache key names the kind of its value, so whoever put it there had the same type.
    return outcome.value as Value | Error;
  });
}

/** Whether nothing of a kind is ever kept, so that the cache need not be asked. */
export function isNeverKept(
  { settings }: Pick<LoadContext, 'settings'>,
  { lifetime }: Pick<ReadSpec<never, never>, 'lifetime'>,
): boolean {
  return lifetime === 0 && settings.lifetimes.notFound === 0;
}

function allDone(flights: readonly Flight[]): Promise<void> {
  const [only] = flights;
  if (only !== undefined && flights.length === 1) return only.done;
  return Promise.all(flights.map((flight) => flight.done)).then(() => undefined);
}

/** The read of each item: one under way that holds its key, or one that is started for all the rest. */
function board<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
): Flight[] {
  const { flights } = context.runtime;
  const found = items.map((item) => joinable(context, spec, item));
  const rest = items.filter((_, index) => found[index] === undefined);
  if (rest.length === 0) return found as Flight[];
  const keys = rest.map((item) => item.cacheKey);
  const started = flights.start(keys, context.cache.readToken(), (flight) =>
    lookUpAndFetch(context, spec, rest, flight),
  );
  return found.map((flight) => flight ?? started);
}

/** A read under way that holds the key, unless what it brings was invalidated since it began. */
function joinable<Key, Value>(
  { runtime, cache }: LoadContext,
  spec: ReadSpec<Key, Value>,
  { key, cacheKey }: ReadItem<Key>,
): Flight | undefined {
  const flight = runtime.flights.find(cacheKey);
  if (flight === undefined || spec.tags === undefined) return flight;
  return cache.isCurrent(spec.tags(key), flight.asOf) ? flight : undefined;
}

async function lookUpAndFetch<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
  flight: Flight,
): Promise<void> {
  const missing = isNeverKept(context, spec) ? items : await lookUp(context, spec, items, flight);
  flight.settleEarly();
  if (missing.length === 0) return;
  const startedAt = context.now();
  const keys = missing.map((item) => item.key);
  const answers = await fetchAll(context, spec, keys, flight);
  const entries = [];
  for (const { key, cacheKey } of missing) {
    const answer = answers.get(key);
    if (answer === undefined) continue;
    const ttl = lifetimeOfOutcome(context, spec, answer, key);
    const tags = spec.tags?.(key) ?? NO_TAGS;
    const freshUntil = ttl > 0 ? context.now() + ttl : 0;
    flight.outcomes.set(cacheKey, { value: answer, storedAt: startedAt, freshUntil, tags, stale: false });
    if (ttl > 0)
      entries.push({
        key: cacheKey,
        value: answer,
        codec: outcomeCodec(spec.codec),
        ttl,
        tags,
        asOf: flight.asOf,
      });
  }
  // Without waiting for the store.
  if (entries.length > 0) void context.cache.setMany(entries);
}

/** Puts what the cache has among the outcomes, and returns the rest. */
async function lookUp<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
  flight: Flight,
): Promise<readonly ReadItem<Key>[]> {
  const found = await context.cache.getValues(flight.keys, outcomeCodec(spec.codec));
  return items.filter((item, index) => {
    const value = found[index];
    if (value === undefined || value.stale) return true;
    flight.outcomes.set(item.cacheKey, value);
    return false;
  });
}

/** What fails as a whole is the answer to each key, and remembered like one. */
async function fetchAll<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  keys: readonly Key[],
  flight: Flight,
): Promise<ReadonlyMap<Key, Value | Error>> {
  try {
    return await spec.fetch(keys, enosCall(context, flight.signal, flight.attempts));
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    return new Map(keys.map((key) => [key, error]));
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

/** Milliseconds that a value may be cached. */
export function lifetimeOf<Key, Value>(
  spec: Pick<ReadSpec<Key, Value>, 'lifetime'>,
  value: Value,
  key: Key,
): number {
  return typeof spec.lifetime === 'function' ? spec.lifetime(value, key) : spec.lifetime;
}

function explain<Key>(
  context: LoadContext,
  id: OperationId,
  items: readonly ReadItem<Key>[],
  hits: readonly ReadItem<Key>[],
  flights: readonly Flight[],
  labelOf: LabelOf<Key>,
): void {
  const held = new Set(hits);
  const misses = items.filter((item) => !held.has(item));
  const labels = (list: readonly ReadItem<Key>[]): string[] =>
    list.slice(0, MAX_EXPLAINED_KEYS).map((item) => labelOf(item.key));
  context.explain?.({
    ...operationNames(id),
    hits: labels(hits),
    misses: labels(misses),
    attempts: misses.length > 0 ? flights.flatMap((flight) => flight.attempts) : [],
  });
}
