/**
 * The way of every read that memory could not answer: reads under way, then the cache, then EnOS. Batches
 * (batch-loader.ts) and lists (list-cache.ts) both go this way.
 */
import type { CacheEntry, ReadToken } from '../cache/cache.js';
import type { OperationId } from '../enos/operation.js';
import { fetchObserved } from './channels.js';
import { outcomeCodec, type Codec } from './codec.js';
import { enosCall, localError, operationNames, type EnosCall } from './enos-call.js';
import type { LoadContext } from './load-context.js';
import { isNotFound } from './not-found.js';
import { isOutage } from './outage.js';
import { callsUntil, endOf, errorOfEnd, untilEnd } from './request-end.js';
import { failed, type Flight, type Outcome } from './single-flight.js';

/** How a kind of thing is read and kept. */
export interface ReadSpec<Key, Value> {
  /** Name of the kind in cache keys; differs from every other kind. */
  kind: string;
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
   * without an answer fails, and if it rejects, all fail. `asOf` was taken before, for what is cached along the way.
   */
  fetch(keys: readonly Key[], call: EnosCall, asOf: ReadToken): Promise<ReadonlyMap<Key, Value | Error>>;
}

/** One thing to read. */
export interface ReadItem<Key> {
  key: Key;
  cacheKey: string;
  /** The fields that asked for it; known where an explanation is wanted. */
  paths?: ReadonlySet<string>;
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
  const ended = errorOfEnd(context, spec.operation);
  if (ended !== undefined) {
    explain(context, spec.operation, items, [], [], labelOf);
    throw ended;
  }
  const flights = board(context, spec, items);
  const distinct = [...new Set(flights)];
  const until = callsUntil(context);
  for (const flight of distinct) flight.join(until);
  let hits: readonly ReadItem<Key>[] = [];
  try {
    for (const flight of distinct) await flight.early;
    const isKnown = (item: ReadItem<Key>, index: number): boolean =>
      flights[index]?.outcomes.has(item.cacheKey) === true;
    if (context.explain !== undefined) hits = items.filter(isKnown);
    if (!items.every(isKnown)) await untilReady(context, spec, items, flights, distinct);
  } finally {
    for (const flight of distinct) flight.leave(until);
    if (context.explain !== undefined) explain(context, spec.operation, items, hits, distinct, labelOf);
  }
  return items.map((item, index) => {
    const outcome = outcomeOf(context, flights[index], item.cacheKey);
    if (outcome === undefined)
      return localError(spec.operation, 'invalid-response', 'EnOS left a key unanswered');
    if (outcome.stale)
      context.sources?.addStale(outcome, `${operationNames(spec.operation).operation} ${labelOf(item.key)}`);
    else context.sources?.add(outcome);
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

/** What there is for a key: where EnOS cannot answer, or has not yet, a value from before if the request takes one. */
function outcomeOf(context: LoadContext, flight: Flight | undefined, cacheKey: string): Outcome | undefined {
  const outcome = flight?.outcomes.get(cacheKey);
  if (outcome !== undefined && !isOutage(outcome.value)) return outcome;
  const stale = flight?.stale.get(cacheKey);
  return stale !== undefined && isTaken(context, stale) ? stale : outcome;
}

/** Whether the request takes a value that is past its lifetime. */
function isTaken(context: LoadContext, { freshUntil }: Outcome): boolean {
  const most = Math.min(context.maxStale ?? Infinity, context.settings.stale?.for ?? 0);
  return most > 0 && context.now() - freshUntil <= most;
}

/**
 * Waits for the reads. Where every key that is still unknown has a value from before, no longer than that is worth: the
 * reads then go on behind the answer.
 */
async function untilReady<Key, Value>(
  context: LoadContext,
  { operation }: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
  flights: readonly Flight[],
  distinct: readonly Flight[],
): Promise<void> {
  const done = allDone(distinct);
  const { stale } = context.settings;
  const hasAll = items.every(
    (item, index) => outcomeOf(context, flights[index], item.cacheKey) !== undefined,
  );
  if (stale === undefined || !hasAll) return untilEnd(done, context, operation);
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      for (const flight of distinct) flight.goOn();
      resolve();
    }, stale.after);
  });
  try {
    await untilEnd(Promise.race([done, enough]), context, operation);
  } finally {
    clearTimeout(timer);
  }
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
  if (missing.length > 0) await fetchInto(context, spec, missing, flight, items.length - missing.length);
}

/** Asks EnOS, puts what it says among the outcomes, and caches it. `cached` others of the batch were found. */
async function fetchInto<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
  flight: Flight,
  cached = 0,
): Promise<void> {
  const { backOff, reads } = context.runtime;
  const storedAt = context.now();
  const keys = items.map((item) => item.key);
  reads.of(spec.kind).fetched += keys.length;
  const batch = { operation: spec.operation, keys: keys.length, cached };
  const answers = await fetchObserved(batch, () => fetchAll(context, spec, keys, flight));
  const now = context.now();
  const entries: CacheEntry[] = [];
  for (const { key, cacheKey } of items) {
    const answer = answers.get(key);
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
    if (ttl > 0)
      entries.push(entryOf(context, spec, { cacheKey, value: answer, ttl, tags, asOf: flight.asOf }));
  }
  // Without waiting for the store.
  if (entries.length > 0) void context.cache.setMany(entries);
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

/** Puts what the cache has among the outcomes, and returns what is to be fetched. */
async function lookUp<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
  flight: Flight,
): Promise<readonly ReadItem<Key>[]> {
  const counts = context.runtime.reads.of(spec.kind);
  const found = await context.cache.getValues(flight.keys, outcomeCodec(spec.codec));
  const now = context.now();
  return items.filter(({ cacheKey }, index) => {
    const value = found[index];
    if (value === undefined) return true;
    if (!value.stale) {
      counts[value.tier ?? 'process'] += 1;
      flight.outcomes.set(cacheKey, value);
      return false;
    }
    flight.stale.set(cacheKey, value);
    // Just tried in vain: who takes the value from before need not wait for another failure.
    const failure = isTaken(context, value) ? context.runtime.backOff.failure(cacheKey, now) : undefined;
    if (failure === undefined) return true;
    flight.outcomes.set(cacheKey, failed(failure));
    return false;
  });
}

/**
 * Fetches anew, behind the answer, what memory still has but not for long, so that nobody finds it missing. What is on its
 * way already is left alone.
 */
export function refresh<Key, Value>(
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

/** What fails as a whole is the answer to each key, and remembered like one. */
async function fetchAll<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  keys: readonly Key[],
  flight: Flight,
): Promise<ReadonlyMap<Key, Value | Error>> {
  try {
    return await spec.fetch(keys, enosCall(context, flight), flight.asOf);
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
  const isKnown = ({ cacheKey }: ReadItem<Key>): boolean =>
    flights.some(({ outcomes }) => outcomes.has(cacheKey));
  context.explain?.({
    ...operationNames(id),
    ended: misses.every(isKnown) ? null : endOf(context),
    hits: labels(hits),
    misses: labels(misses),
    attempts: misses.length > 0 ? flights.flatMap((flight) => flight.attempts) : [],
    paths: () => new Set(items.flatMap((item) => [...(item.paths ?? [])])),
  });
}
