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
  /** Makes a value that came another way known to this request, unless it is known already. */
  prime(key: Key, value: Value): void;
  /** Caches whole values that just came from EnOS another way; `asOf` was taken before they were asked for. */
  store(values: Iterable<readonly [Key, Value]>, asOf: ReadToken): void;
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
  const known = new Map<string, MaybePromise<Value>>();
  /** Of what is known, that which memory had. */
  const held = new Map<string, HeldValue>();
  // Whoever wants an explanation is told of hits batch by batch.
  const peeks = context.explain === undefined && !isNeverKept(context, spec);
  const labelOf = (key: Key): string => spec.label?.(key) ?? spec.keyOf(key).map(labelOfPart).join(' ');
  const refreshes = createEarlyRefresh(context, spec);
  let loader: DataLoader<ReadItem<Key>, Value> | undefined;

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

  const readBatch = async (items: readonly ReadItem<Key>[]): Promise<(Value | Error)[]> => {
    const values = await readThrough(context, spec, items, labelOf);
    items.forEach(({ cacheKey }, index) => {
      const value = values[index];
      // A promise that has come true is spared those who ask later.
      if (value !== undefined && !(value instanceof Error)) known.set(cacheKey, value);
    });
    return values;
  };

  /** What memory had, at once. A cache key names the kind of its value, so whoever put it there had the same type. */
  const valueOf = ({ value }: HeldValue): MaybePromise<Value> =>
    value instanceof Error ? Promise.reject(value) : (value as Value);

  /** What is known already serves another object, too. */
  const noteAgain = (cacheKey: string): void => {
    const again = held.get(cacheKey);
    if (again !== undefined) sources?.add(again);
    else sources?.blur();
  };

  return {
    load: (key) => {
      const cacheKey = cacheKeyOf(key.orgId, spec.keyOf(key));
      const paths = notePath(cacheKey);
      const before = known.get(cacheKey);
      if (before !== undefined) {
        if (sources?.isApart) noteAgain(cacheKey);
        return before;
      }
      const found = peeks ? peekFresh(context, cacheKey) : undefined;
      let answer: MaybePromise<Value>;
      if (found === undefined) {
        // What this request knows is remembered here: the loader itself only makes batches.
        loader ??= new DataLoader(readBatch, { cache: false });
        answer = loader.load(paths ? { key, cacheKey, paths } : { key, cacheKey });
      } else {
        counts.process += 1;
        sources?.add(found);
        refreshes.consider(found, key, cacheKey);
        held.set(cacheKey, found);
        answer = valueOf(found);
      }
      known.set(cacheKey, answer);
      return answer;
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

function labelOfPart(part: KeyPart): string {
  return typeof part === 'string' ? part : JSON.stringify(part ?? null);
}
