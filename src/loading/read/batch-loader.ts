import DataLoader from 'dataloader';
import type { HeldValue, ReadToken } from '../../cache/cache.js';
import { keysOfKind } from './cache-key.js';
import type { KeyPart } from './key-table.js';
import type { LoadContext } from '../load-context.js';
import type { MaybePromise } from '../maybe.js';
import { entryOf } from './fetch.js';
import { MemoryReads } from './memory.js';
import { lifetimeOf, type ReadItem, type ReadSpec } from './read-spec.js';
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
   * rejects with the key's own error. Undefined where there is nothing to wait for. Never rejects. It spares each key the
   * promise that `load` makes; calls, sharing, and caching are the same, as part of the same batch.
   */
  prefetch(keys: Iterable<Key>): Promise<void> | undefined;
  /** Makes a value that came another way known to this request, unless it is known already. */
  prime(key: Key, value: Value): void;
  /** Caches whole values that just came from EnOS another way; `asOf` was taken before they were asked for. */
  store(values: Iterable<readonly [Key, Value]>, asOf: ReadToken): void;
}

/** Stands for the value of a key that is fetched with others: when one is there, so are they all. */
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
  return new KeyedLoader(spec);
}

/** Of what is read together each entry is one key, or several that are not waited for one by one. */
type Entry<Key> = ReadItem<Key> | ReadItem<Key>[];

/** A request has loaders by the dozen, and uses few: what a loader needs for its work is made when there is some. */
class KeyedLoader<Key extends OrgKey, Value> implements BatchLoader<Key, Value> {
  private readonly context: LoadContext;
  private readonly cacheKeyOf: (orgId: string, parts: readonly KeyPart[]) => string;
  private readonly known = new Map<string, MaybePromise<Value> | Ahead>();
  /** Of what is known, that which memory had. */
  private held: Map<string, HeldValue> | undefined;
  private readonly memory: MemoryReads<Key, Value>;
  private loader: DataLoader<Entry<Key>, Value | undefined> | undefined;
  private pathsOf: Map<string, Set<string>> | undefined;

  constructor(private readonly spec: BatchSpec<Key, Value>) {
    const { context, kind } = spec;
    this.context = context;
    this.cacheKeyOf = keysOfKind(context, kind);
    this.memory = new MemoryReads(context, spec);
  }

  load(key: Key): MaybePromise<Value> {
    const cacheKey = this.nameOf(key);
    const paths = this.notePath(cacheKey);
    const before = this.known.get(cacheKey);
    if (before !== undefined) {
      if (before instanceof Ahead) return this.loadAfter(before, key);
      if (this.context.sources?.isApart) this.noteAgain(cacheKey);
      return before;
    }
    const there = this.takeHeld(key, cacheKey);
    if (there !== undefined) return there;
    // Only groups come out as nothing.
    const answer = this.enqueue(paths ? { key, cacheKey, paths } : { key, cacheKey }) as Promise<Value>;
    this.known.set(cacheKey, answer);
    return answer;
  }

  prefetch(keys: Iterable<Key>): Promise<void> | undefined {
    const items: ReadItem<Key>[] = [];
    const ahead = new Ahead();
    for (const key of keys) {
      const cacheKey = this.nameOf(key);
      if (this.known.has(cacheKey) || this.takeHeld(key, cacheKey) !== undefined) continue;
      this.known.set(cacheKey, ahead);
      items.push({ key, cacheKey });
    }
    if (items.length === 0) return undefined;
    ahead.done = this.enqueue(items).then(ignore, (thrown: unknown) => {
      // The request has ended: so each key is told.
      for (const { cacheKey } of items) this.known.set(cacheKey, failure(thrown));
    });
    return ahead.done;
  }

  prime(key: Key, value: Value): void {
    const cacheKey = this.nameOf(key);
    if (!this.known.has(cacheKey)) this.known.set(cacheKey, value);
  }

  store(values: Iterable<readonly [Key, Value]>, asOf: ReadToken): void {
    const { context, spec } = this;
    const entries = [];
    for (const [key, value] of values) {
      const ttl = lifetimeOf(spec, value, key);
      if (ttl <= 0) continue;
      const cacheKey = this.nameOf(key);
      entries.push(entryOf(context, spec, { cacheKey, value, ttl, tags: spec.tags?.(key) ?? [], asOf }));
    }
    if (entries.length > 0) void context.cache.setMany(entries);
  }

  private nameOf(key: Key): string {
    return this.cacheKeyOf(key.orgId, this.spec.keyOf(key));
  }

  private async loadAfter({ done }: Ahead, key: Key): Promise<Value> {
    await done;
    return this.load(key);
  }

  /** A key that is asked for again is asked for by another field. */
  private notePath(cacheKey: string): Set<string> | undefined {
    const { queryPath } = this.context;
    if (queryPath === undefined) return undefined;
    this.pathsOf ??= new Map();
    let paths = this.pathsOf.get(cacheKey);
    if (!paths) this.pathsOf.set(cacheKey, (paths = new Set()));
    const path = queryPath();
    if (path !== undefined) paths.add(path);
    return paths;
  }

  private async readBatch(entries: readonly Entry<Key>[]): Promise<(Value | Error | undefined)[]> {
    const { context, spec, known } = this;
    const items = entries.flat();
    const values = await readThrough(context, spec, items, (key) => this.labelOf(key));
    for (let index = 0; index < items.length; index += 1) {
      const { cacheKey } = items[index]!;
      const value = values[index];
      // Later loads are spared the promise.
      if (value !== undefined && !(value instanceof Error)) known.set(cacheKey, value);
      else if (known.get(cacheKey) instanceof Ahead) known.set(cacheKey, failure(value));
    }
    let next = 0;
    return entries.map((entry) => {
      if (!Array.isArray(entry)) return values[next++];
      next += entry.length;
      return undefined;
    });
  }

  private labelOf(key: Key): string {
    return this.spec.label?.(key) ?? this.spec.keyOf(key).map(labelOfPart).join(' ');
  }

  /** What this request knows is remembered here: the loader itself only makes batches. */
  private enqueue(entry: Entry<Key>): Promise<Value | undefined> {
    this.loader ??= new DataLoader((entries) => this.readBatch(entries), { cache: false });
    return this.loader.load(entry);
  }

  /** What is known already serves another object, too. */
  private noteAgain(cacheKey: string): void {
    const { sources } = this.context;
    const again = this.held?.get(cacheKey);
    if (again !== undefined) sources?.add(again);
    else sources?.markUntracked();
  }

  /** The value of a key that memory has fresh; undefined where it has none. */
  private takeHeld(key: Key, cacheKey: string): MaybePromise<Value> | undefined {
    const found = this.memory.take(key, cacheKey);
    if (found === undefined) return undefined;
    this.held ??= new Map();
    this.held.set(cacheKey, found);
    // A cache key names the kind of its value, so that it has the type of this loader.
    const answer = found.value instanceof Error ? failure(found.value) : (found.value as Value);
    this.known.set(cacheKey, answer);
    return answer;
  }
}

/** A rejection that need not be handled. */
function failure(reason: unknown): Promise<never> {
  const failed = Promise.reject(reason instanceof Error ? reason : new Error(String(reason)));
  failed.catch(ignore);
  return failed;
}

function ignore(): void {
  // Each load of the key rejects with it.
}

function labelOfPart(part: KeyPart): string {
  return typeof part === 'string' ? part : JSON.stringify(part ?? null);
}
