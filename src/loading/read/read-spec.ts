/** How kinds of things are read and kept. */
import type { ReadToken } from '../../cache/cache.js';
import type { OperationId } from '../../enos/operation.js';
import type { Codec } from './codec.js';
import type { EnosCall } from '../enos-call.js';
import type { LoadContext } from '../load-context.js';

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
  /** Whether the caller's own writes of a key are shown to him whatever EnOS says, so that he need not wait for EnOS. */
  showsWrites?(key: Key): boolean;
  /**
   * Asks EnOS for what no cache has. One value or error for each key; a key without an answer fails, and if it rejects, all
   * fail. `asOf` was taken before, for what is cached along the way.
   */
  fetch(keys: readonly Key[], call: EnosCall, asOf: ReadToken): Promise<Answers<Key, Value>>;
}

/** Answers by the very key objects that were asked for, or in their order. */
export type Answers<Key, Value> = ReadonlyMap<Key, Value | Error> | readonly (Value | Error | undefined)[];

/** One thing to read. */
export interface ReadItem<Key> {
  key: Key;
  cacheKey: string;
  /** The fields that asked for it; known where an explanation is wanted. */
  paths?: ReadonlySet<string>;
}

/** What a read is for explain. */
export type LabelOf<Key> = (key: Key) => string;

/** Whether nothing of a kind is ever kept, so that the cache need not be asked. */
export function isNeverKept(
  { settings }: Pick<LoadContext, 'settings'>,
  { lifetime }: Pick<ReadSpec<never, never>, 'lifetime'>,
): boolean {
  return lifetime === 0 && settings.lifetimes.notFound === 0;
}

/** Milliseconds that a value may be cached. */
export function lifetimeOf<Key, Value>(
  spec: Pick<ReadSpec<Key, Value>, 'lifetime'>,
  value: Value,
  key: Key,
): number {
  return typeof spec.lifetime === 'function' ? spec.lifetime(value, key) : spec.lifetime;
}
