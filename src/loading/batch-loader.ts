import DataLoader from 'dataloader';
import { cacheKeysOf, type KeyPart } from './cache-key.js';
import { encodeValue } from './codec.js';
import type { LoadContext } from './load-context.js';
import { lifetimeOf, readThrough, type ReadItem, type ReadSpec } from './read-through.js';

/** Everything that is looked up by key belongs to an organization. */
export interface OrgKey {
  orgId: string;
}

/** How a kind of thing is looked up by key. */
export interface BatchSpec<Key extends OrgKey, Value> extends ReadSpec<Key, Value> {
  context: LoadContext;
  /** Name of the kind in cache keys; differs from every other kind, lists included. */
  kind: string;
  /** What tells keys of this kind and organization apart. */
  keyOf(key: Key): readonly KeyPart[];
  /** How explain shows a key; by default the parts, joined. */
  label?(key: Key): string;
}

/** Looks things up by key, all keys of one tick together. */
export interface BatchLoader<Key extends OrgKey, Value> {
  /** The value of a key, or its own error (`EnosError`, `InputError`). */
  load(key: Key): Promise<Value>;
  /** Makes a value that came another way known to this request, unless it is known already. */
  prime(key: Key, value: Value): void;
  /** Caches whole values that just came from EnOS another way. */
  store(values: Iterable<readonly [Key, Value]>): void;
}

/**
 * A loader of one request: collects the keys of one tick, drops repeats, takes what reads under way and the cache have
 * (one look-up for the batch), and fetches the rest.
 */
export function createBatchLoader<Key extends OrgKey, Value>(
  spec: BatchSpec<Key, Value>,
): BatchLoader<Key, Value> {
  const { context } = spec;
  const cacheKeys = cacheKeysOf(context);
  const itemOf = (key: Key): ReadItem<Key> => {
    const parts = spec.keyOf(key);
    return {
      key,
      cacheKey: cacheKeys(spec.kind, key.orgId, parts),
      label: spec.label?.(key) ?? parts.map(labelOf).join(' '),
    };
  };
  const loader = new DataLoader<ReadItem<Key>, Value, string>((items) => readThrough(context, spec, items), {
    cacheKeyFn: (item) => item.cacheKey,
  });
  return {
    load: (key) => loader.load(itemOf(key)),
    prime: (key, value) => void loader.prime(itemOf(key), value),
    store: (values) => {
      const entries = [...values].flatMap(([key, value]) => {
        const ttl = lifetimeOf(spec, value, key);
        return ttl > 0 ? [{ key: itemOf(key).cacheKey, value: encodeValue(value, spec.codec), ttl }] : [];
      });
      if (entries.length > 0) void context.cache.setMany(entries);
    },
  };
}

function labelOf(part: KeyPart): string {
  return typeof part === 'string' ? part : JSON.stringify(part ?? null);
}
