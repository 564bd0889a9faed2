/**
 * The way of every read: reads under way, then the cache, then EnOS. Batches (batch-loader.ts) and lists
 * (list-cache.ts) both go this way.
 */
import type { OperationId } from '../enos/operation.js';
import { fetchObserved } from './channels.js';
import { fetchInParts } from './chunk.js';
import { decodeOutcome, encodeOutcome, type Codec } from './codec.js';
import { enosCall, localError, operationNames, type EnosCall } from './enos-call.js';
import type { LoadContext } from './load-context.js';
import type { Flight, FlightScope, Outcome, Outcomes } from './single-flight.js';

/** How a kind of thing is read and kept. */
export interface ReadSpec<Key, Value> {
  /** The operation that mainly feeds it, for explain and for errors of our own. */
  operation: OperationId;
  /** Milliseconds that a value may be cached; 0 for not at all. */
  lifetime: number | ((value: Value, key: Key) => number);
  /** Needed where values are not plain JSON data. */
  codec?: Codec<Value>;
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
  /** How explain shows it. */
  label: string;
}

const MAX_EXPLAINED_KEYS = 100;

/**
 * Values or errors in the order of the items, which must differ in their cache keys. Values may be shared with other
 * requests: nobody changes them. Rejects with `EnosError` (cancelled, timeout) when the request ends first.
 */
export async function readThrough<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
): Promise<(Value | Error)[]> {
  const ended = endOf(context);
  if (ended !== null) throw localError(spec.operation, ended, END_MESSAGES[ended]);
  const flights = board(context, spec, items);
  const outcomes = new Map<string, Outcome>();
  let hits: readonly ReadItem<Key>[] = [];
  try {
    for (const flight of flights) copyOutcomes(await flight.early, outcomes);
    hits = items.filter((item) => outcomes.has(item.cacheKey));
    if (hits.length < items.length) {
      const all = Promise.all([...flights].map((flight) => flight.done));
      for (const done of await untilEnd(all, context, spec.operation)) copyOutcomes(done, outcomes);
    }
  } finally {
    for (const flight of flights) flight.leave();
    explain(context, spec.operation, items, hits, flights);
  }
  return items.map((item) => {
    const outcome = outcomes.get(item.cacheKey);
    if (outcome === undefined)
      return localError(spec.operation, 'invalid-response', 'EnOS left a key unanswered');
    // A cache key names the kind of its value, so whoever put it there had the same type.
    return 'value' in outcome ? (outcome.value as Value) : outcome.error;
  });
}

/** Joins the reads under way that hold a wanted key, and starts one for the rest. */
function board<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
): Set<Flight> {
  const { flights } = context.runtime;
  const boarded = new Set<Flight>();
  const rest: ReadItem<Key>[] = [];
  for (const item of items) {
    const flight = flights.find(item.cacheKey);
    if (flight === undefined) rest.push(item);
    else boarded.add(flight);
  }
  if (rest.length > 0) {
    const keys = rest.map((item) => item.cacheKey);
    boarded.add(flights.start(keys, (scope) => lookUpAndFetch(context, spec, rest, scope)));
  }
  for (const flight of boarded) flight.join();
  return boarded;
}

async function lookUpAndFetch<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
  scope: FlightScope,
): Promise<Outcomes> {
  const texts = await context.cache.getMany(items.map((item) => item.cacheKey));
  const known = new Map<string, Outcome>();
  const missing: ReadItem<Key>[] = [];
  items.forEach((item, index) => {
    const text = texts[index];
    const outcome = text === undefined ? undefined : decodeOutcome(text, spec.codec);
    if (outcome === undefined) missing.push(item);
    else known.set(item.cacheKey, outcome);
  });
  scope.settleEarly(known);
  if (missing.length === 0) return known;

  const keys = missing.map((item) => item.key);
  // What fails as a whole is the answer to each key, and remembered like one.
  const answers = await fetchObserved(
    { operation: spec.operation, keys: keys.length, cached: known.size },
    () => fetchInParts([keys], (part) => spec.fetch(part, enosCall(context, scope.signal, scope.attempts))),
  );
  const fetched = new Map<string, Outcome>();
  for (const item of missing) {
    const answer = answers.get(item.key);
    if (answer === undefined) continue;
    fetched.set(item.cacheKey, answer instanceof Error ? { error: answer } : { value: answer });
  }
  store(context, spec, missing, fetched);
  return new Map([...known, ...fetched]);
}

/** Caches what came from EnOS, without waiting for the store. */
function store<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
  outcomes: Outcomes,
): void {
  const entries = items.flatMap(({ key, cacheKey }) => {
    const outcome = outcomes.get(cacheKey);
    if (outcome === undefined) return [];
    const ttl =
      'error' in outcome
        ? context.settings.lifetimes.notFound
        : lifetimeOf(spec, outcome.value as Value, key);
    const value = ttl > 0 ? encodeOutcome(outcome, spec.codec) : undefined;
    return value === undefined ? [] : [{ key: cacheKey, value, ttl }];
  });
  if (entries.length > 0) void context.cache.setMany(entries);
}

/** Milliseconds that a value may be cached. */
export function lifetimeOf<Key, Value>(
  spec: Pick<ReadSpec<Key, Value>, 'lifetime'>,
  value: Value,
  key: Key,
): number {
  return typeof spec.lifetime === 'function' ? spec.lifetime(value, key) : spec.lifetime;
}

function copyOutcomes(from: Outcomes, to: Map<string, Outcome>): void {
  for (const [key, outcome] of from) to.set(key, outcome);
}

const END_MESSAGES = {
  cancelled: 'The request was cancelled',
  timeout: 'The request ran out of time',
} as const;

/** Whether the request has ended, and how. */
function endOf(context: LoadContext): keyof typeof END_MESSAGES | null {
  if (context.signal?.aborted === true) return 'cancelled';
  return context.deadline !== undefined && context.deadline <= context.now() ? 'timeout' : null;
}

/** The result, unless the request ends before: then rejects at once, whatever becomes of the read. */
async function untilEnd<T>(result: Promise<T>, context: LoadContext, operation: OperationId): Promise<T> {
  const { signal, deadline } = context;
  if (signal === undefined && deadline === undefined) return result;
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  const end = new Promise<never>((_resolve, reject) => {
    stop = () => reject(localError(operation, 'cancelled', END_MESSAGES.cancelled));
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop, { once: true });
    if (deadline !== undefined) {
      const late = () => reject(localError(operation, 'timeout', END_MESSAGES.timeout));
      timer = setTimeout(late, Math.max(0, deadline - context.now()));
    }
  });
  try {
    return await Promise.race([result, end]);
  } finally {
    clearTimeout(timer);
    if (stop !== undefined) signal?.removeEventListener('abort', stop);
  }
}

function explain<Key>(
  context: LoadContext,
  id: OperationId,
  items: readonly ReadItem<Key>[],
  hits: readonly ReadItem<Key>[],
  flights: Iterable<Flight>,
): void {
  if (context.explain === undefined) return;
  const held = new Set(hits);
  const misses = items.filter((item) => !held.has(item));
  const labels = (list: readonly ReadItem<Key>[]): string[] =>
    list.slice(0, MAX_EXPLAINED_KEYS).map((item) => item.label);
  context.explain({
    ...operationNames(id),
    hits: labels(hits),
    misses: labels(misses),
    attempts: misses.length > 0 ? [...flights].flatMap((flight) => flight.attempts) : [],
  });
}
