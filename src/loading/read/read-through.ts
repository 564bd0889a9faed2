/**
 * The read engine. Things are looked up by key (batch-loader.ts) or read as lists (read-list.ts); a read says what it is in a
 * `ReadSpec` (read-spec.ts). What memory has is answered at once, and renewed behind the answer near its end (memory.ts,
 * refresh-policy.ts). Everything else goes through here:
 *
 * 1. a read under way that holds the key is joined (single-flight.ts), else one is started;
 * 2. it asks the cache, then EnOS for what is missing, and caches that (fetch.ts);
 * 3. each request that waits takes its part, or a value past its lifetime where EnOS is late or out.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { isOutage } from '../../enos/errors.js';
import type { OperationId } from '../../enos/operation.js';
import { localError, operationNames } from '../enos-call.js';
import type { LoadContext } from '../load-context.js';
import { callsUntil, endOf, errorOfEnd, untilEnd } from '../request/request-end.js';
import { isTaken, lookUpAndFetch } from './fetch.js';
import { untilOwnWritesShow } from './own-writes.js';
import type { LabelOf, ReadItem, ReadSpec } from './read-spec.js';
import type { Flight, Outcome } from './single-flight.js';

const MAX_EXPLAINED_KEYS = 100;

/**
 * Values or errors in the order of the items, which must differ in their cache keys. Values may be shared with other
 * requests: they must not be changed. Rejects with `EnosError` (cancelled, timeout) when the request ends first.
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
  const wait = untilOwnWritesShow(context, spec, items);
  if (wait > 0) await untilEnd(delay(wait), context, spec.operation);
  const flights = joinOrStart(context, spec, items);
  const distinct = allDifferent(flights);
  const until = callsUntil(context);
  for (const flight of distinct) flight.join(until);
  let hits: readonly ReadItem<Key>[] = [];
  try {
    for (const flight of distinct) {
      const { early } = flight;
      if (early !== undefined) await early;
    }
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
    // A cache key names the kind of its value, so that it has the type of this read.
    return outcome.value as Value | Error;
  });
}

/** What there is for a key: where EnOS cannot answer, or has not yet, a stale value if the request takes one. */
function outcomeOf(context: LoadContext, flight: Flight | undefined, cacheKey: string): Outcome | undefined {
  const outcome = flight?.outcomes.get(cacheKey);
  if (outcome !== undefined && !isOutage(outcome.value)) return outcome;
  const stale = flight?.stale.get(cacheKey);
  return stale !== undefined && isTaken(context, stale) ? stale : outcome;
}

/**
 * Waits for the reads. Where every key that is still unknown has a stale value, only as long as a fresh one is worth waiting
 * for: the reads then go on behind the answer.
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

/** Each once; mostly there is but one. */
function allDifferent(flights: readonly Flight[]): readonly Flight[] {
  const [first] = flights;
  return first !== undefined && flights.every((flight) => flight === first) ? [first] : [...new Set(flights)];
}

function allDone(flights: readonly Flight[]): Promise<void> {
  const [only] = flights;
  if (only !== undefined && flights.length === 1) return only.done;
  return Promise.all(flights.map((flight) => flight.done)).then(() => undefined);
}

/** The read of each item: one under way that holds its key, or one that is started for all the rest. */
function joinOrStart<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
): Flight[] {
  const { flights } = context.runtime;
  const found = items.map((item) => joinable(context, spec, item));
  const rest = found.every(isNone) ? items : items.filter((_, index) => found[index] === undefined);
  if (rest.length === 0) return found as Flight[];
  const keys = rest.map((item) => item.cacheKey);
  const started = flights.start(keys, context.cache.readToken(), (flight) => {
    if (context.renews) flight.renew();
    return lookUpAndFetch(context, spec, rest, flight);
  });
  return found.map((flight) => flight ?? started);
}

function isNone(flight: Flight | undefined): boolean {
  return flight === undefined;
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

function explain<Key>(
  context: LoadContext,
  id: OperationId,
  items: readonly ReadItem<Key>[],
  hits: readonly ReadItem<Key>[],
  flights: readonly Flight[],
  labelOf: LabelOf<Key>,
): void {
  const held = new Set(hits);
  const rest = items.filter((item) => !held.has(item));
  const isShared = ({ cacheKey }: ReadItem<Key>): boolean =>
    flights.some(({ shared }) => shared?.has(cacheKey) === true);
  const misses = rest.filter((item) => !isShared(item));
  const shared = rest.filter(isShared);
  const labels = (list: readonly ReadItem<Key>[]): string[] =>
    list.slice(0, MAX_EXPLAINED_KEYS).map((item) => labelOf(item.key));
  const isKnown = ({ cacheKey }: ReadItem<Key>): boolean =>
    flights.some(({ outcomes }) => outcomes.has(cacheKey));
  context.explain?.({
    ...operationNames(id),
    ended: misses.every(isKnown) ? null : endOf(context),
    hits: labels(hits),
    ...(shared.length > 0 ? { shared: labels(shared) } : {}),
    misses: labels(misses),
    counts: { hits: hits.length, shared: shared.length, misses: misses.length },
    attempts: misses.length > 0 ? flights.flatMap((flight) => flight.attempts) : [],
    paths: () => new Set(items.flatMap((item) => [...(item.paths ?? [])])),
  });
}
