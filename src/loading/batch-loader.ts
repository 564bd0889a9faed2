import DataLoader from 'dataloader';
import type { HeldValue, ReadToken } from '../cache/cache.js';
import { keysOfKind } from './cache-key.js';
import { createEarlyRefresh, peekFresh } from './early-refresh.js';
import { entryOf } from './fetch-into.js';
import type { KeyPart } from './key-part.js';
import type { LoadContext } from './load-context.js';
import type { MaybePromise } from './maybe.js';
import { isNeverKept, lifetimeOf, type ReadItem, type ReadSpec } from './read-spec.js';
import { readThrough } from './read-through.js';

/** Everything that is looked up by key belongs to an organization. */
export interface OrgKey {
  orgId: string;
}

/** How a kind of thing is looked up by key. */
export interface BatchSpec<Key extends OrgKey, Value> extends ReadSpec<Key, Value> {
  context: LoadContext;
  /** What tells keys of this kind and organization apart. */
  keyOf(key: Key): readonly KeyPart[];
  /** How explain shows a key; by default the parts, joined. */
  label?(key: Key): string;
}

/** Looks things up by key, all keys of one tick together. */
export interface BatchLoader<Key extends OrgKey, Value> {
  /**
   * The value of a key: at once where this request or memory has it fresh, else a promise of it, which rejects with the
   * key's own error (`EnosError`, `InputError`).
   */
  load(key: Key): MaybePromise<Value>;
  /**
   * Has all these keys fetched that are not known or in memory: once it has resolved, `load` answers each of them at once, or
   * rejects with the key's own error. Undefined where there is nothing to wait for. Never rejects. Beside `load` it spares
   * each key a promise and whoever waits for it; calls, sharing, and caching are the same, as part of the same batch.
   */
  prefetch(keys: Iterable<Key>): Promise<void> | undefined;
  /** Makes a value that came another way known to this request, unless it is known already. */
  prime(key: Key, value: Value): void;
  /** Caches whole values that just came from EnOS another way; `asOf` was taken before they were asked for. */
  store(values: Iterable<readonly [Key, Value]>, asOf: ReadToken): void;
}

/** Stands for the value of a key that is on its way with others: when it is there, so are they all. */
class Ahead {
  done: Promise<void> | undefined;
}

/**
 * A loader of one request: answers what is known at once; collects the other keys of one tick, drops repeats, takes what
 * reads under way and the cache have (one look-up for the batch), and fetches the rest.
 */
export function createBatchLoader<Key extends OrgKey, Value>(
  spec: BatchSpec<Key, Value>,
): BatchLoader<Key, Value> {
  const { context } = spec;
  const { cache, sources } = context;
  const counts = context.runtime.reads.of(spec.kind);
  const cacheKeyOf = keysOfKind(context, spec.kind);
  const known = new Map<string, MaybePromise<Value> | Ahead>();
  /** Of what is known, that which memory had. */
  const held = new Map<string, HeldValue>();
  // Whoever wants an explanation is told of hits batch by batch.
  const peeks = context.explain === undefined && !isNeverKept(context, spec);
  const labelOf = (key: Key): string => spec.label?.(key) ?? spec.keyOf(key).map(labelOfPart).join(' ');
  const refreshes = createEarlyRefresh(context, spec);
  let loader: DataLoader<ReadItem<Key> | ReadItem<Key>[], Value | undefined> | undefined;

  const pathsOf = new Map<string, Set<string>>();
  /** Whoever asks for a key again, asks on behalf of another field. */
  const notePath = (cacheKey: string): Set<string> | undefined => {
    if (context.queryPath === undefined) return undefined;
    let paths = pathsOf.get(cacheKey);
    if (!paths) pathsOf.set(cacheKey, (paths = new Set()));
    const path = context.queryPath();
    if (path !== undefined) paths.add(path);
    return paths;
  };

  /** Of what is read together each entry is one key, or several that nobody waits for one by one. */
  const readBatch = async (
    entries: readonly (ReadItem<Key> | ReadItem<Key>[])[],
  ): Promise<(Value | Error | undefined)[]> => {
    const items = entries.flat();
    const values = await readThrough(context, spec, items, labelOf);
    items.forEach(({ cacheKey }, index) => {
      const value = values[index];
      // A promise that has come true is spared those who ask later.
      if (value !== undefined && !(value instanceof Error)) known.set(cacheKey, value);
      else if (known.get(cacheKey) instanceof Ahead) known.set(cacheKey, failure(value));
    });
    let next = 0;
    return entries.map((entry) => {
      if (!Array.isArray(entry)) return values[next++];
      next += entry.length;
      return undefined;
    });
  };
  /** What this request knows is remembered here: the loader itself only makes batches. */
  const enqueue = (entry: ReadItem<Key> | ReadItem<Key>[]): Promise<Value | undefined> => {
    loader ??= new DataLoader(readBatch, { cache: false });
    return loader.load(entry);
  };

  /** What memory had, at once. A cache key names the kind of its value, so whoever put it there had the same type. */
  const valueOf = ({ value }: HeldValue): MaybePromise<Value> =>
    value instanceof Error ? failure(value) : (value as Value);

  /** What is known already serves another object, too. */
  const noteAgain = (cacheKey: string): void => {
    const again = held.get(cacheKey);
    if (again !== undefined) sources?.add(again);
    else sources?.blur();
  };

  /** The value of a key that memory has fresh; undefined where it has none. */
  const takeHeld = (key: Key, cacheKey: string): MaybePromise<Value> | undefined => {
    const found = peeks ? peekFresh(context, cacheKey) : undefined;
    if (found === undefined) return undefined;
    counts.process += 1;
    sources?.add(found);
    refreshes.consider(found, key, cacheKey);
    held.set(cacheKey, found);
    const answer = valueOf(found);
    known.set(cacheKey, answer);
    return answer;
  };

  const load = (key: Key): MaybePromise<Value> => {
    const cacheKey = cacheKeyOf(key.orgId, spec.keyOf(key));
    const paths = notePath(cacheKey);
    const before = known.get(cacheKey);
    if (before !== undefined) {
      if (before instanceof Ahead) return Promise.resolve(before.done).then(() => load(key));
      if (sources?.isApart) noteAgain(cacheKey);
      return before;
    }
    const there = takeHeld(key, cacheKey);
    if (there !== undefined) return there;
    // Only groups come out as nothing.
    const answer = enqueue(paths ? { key, cacheKey, paths } : { key, cacheKey }) as Promise<Value>;
    known.set(cacheKey, answer);
    return answer;
  };

  return {
    load,
    prefetch: (keys) => {
      const items: ReadItem<Key>[] = [];
      const ahead = new Ahead();
      for (const key of keys) {
        const cacheKey = cacheKeyOf(key.orgId, spec.keyOf(key));
        if (known.has(cacheKey) || takeHeld(key, cacheKey) !== undefined) continue;
        known.set(cacheKey, ahead);
        items.push({ key, cacheKey });
      }
      if (items.length === 0) return undefined;
      ahead.done = enqueue(items).then(ignore, (thrown: unknown) => {
        // The request has ended: so each key is told.
        for (const { cacheKey } of items) known.set(cacheKey, failure(thrown));
      });
      return ahead.done;
    },
    prime: (key, value) => {
      const cacheKey = cacheKeyOf(key.orgId, spec.keyOf(key));
      if (!known.has(cacheKey)) known.set(cacheKey, value);
    },
    store: (values, asOf) => {
      const entries = [];
      for (const [key, value] of values) {
        const ttl = lifetimeOf(spec, value, key);
        if (ttl <= 0) continue;
        const cacheKey = cacheKeyOf(key.orgId, spec.keyOf(key));
        entries.push(entryOf(context, spec, { cacheKey, value, ttl, tags: spec.tags?.(key) ?? [], asOf }));
      }
      if (entries.length > 0) void cache.setMany(entries);
    },
  };
}

/** A rejection that somebody may ask for, or nobody. */
function failure(reason: unknown): Promise<never> {
  const failed = Promise.reject(reason instanceof Error ? reason : new Error(String(reason)));
  failed.catch(ignore);
  return failed;
}

function ignore(): void {
  // Whoever asks for the key is told.
}

function labelOfPart(part: KeyPart): string {
  return typeof part === 'string' ? part : JSON.stringify(part ?? null);
}
