import type { ReadToken } from '../../cache/cache.js';
import type { OperationId } from '../../enos/operation.js';
import { cacheKeysOf } from './cache-key.js';
import type { KeyPart } from './key-table.js';
import type { Codec } from './codec.js';
import type { EnosCall } from '../enos-call.js';
import type { LoadContext } from '../load-context.js';
import type { MaybePromise } from '../maybe.js';
import { MemoryReads } from './memory.js';
import type { ReadSpec } from './read-spec.js';
import { readThrough } from './read-through.js';

/** One read that is no look-up by key: a list, a count. */
export interface ListRead<Value> {
  /** Name of the kind in cache keys; differs from every other kind, loaders' included. */
  kind: string;
  operation: OperationId;
  orgId: string;
  /** Everything that shapes the answer: filter, window, projection. */
  parts: readonly KeyPart[];
  /** Milliseconds that the answer may be cached; 0 for not at all. */
  lifetime: number | ((value: Value) => number);
  codec?: Codec<Value>;
  /** What the answer is made of, in the words of tags.ts. */
  tags?: readonly string[];
  /** How explain shows it; by default the parts as JSON. */
  label?: string;
  /** `asOf` was taken before, for what is cached along the way. */
  fetch(call: EnosCall, asOf: ReadToken): Promise<Value>;
}

/**
 * Reads a list: at once where memory has it fresh, else from the same read under way, the cache, or EnOS. The answer may be
 * shared with other requests: it must not be changed. Rejects with `EnosError` or what `fetch` rejects with.
 */
export function readList<Value>(context: LoadContext, read: ListRead<Value>): MaybePromise<Value> {
  const cacheKey = cacheKeysOf(context)(read.kind, read.orgId, read.parts);
  const spec = specOf(read);
  const held = new MemoryReads(context, spec).take(read, cacheKey);
  if (held === undefined) return readAway(context, spec, read, cacheKey);
  // A cache key names the kind of its value, so that it has the type of this read.
  const value = held.value as Value | Error;
  return value instanceof Error ? Promise.reject(value) : value;
}

async function readAway<Value>(
  context: LoadContext,
  spec: ReadSpec<ListRead<Value>, Value>,
  read: ListRead<Value>,
  cacheKey: string,
): Promise<Value> {
  const labelOf = (): string => read.label ?? JSON.stringify(read.parts);
  const item = { key: read, cacheKey, ...pathsNow(context) };
  const [answer] = await readThrough(context, spec, [item], labelOf);
  if (answer instanceof Error) throw answer;
  return answer as Value;
}

function pathsNow({ queryPath }: LoadContext): { paths?: ReadonlySet<string> } {
  const path = queryPath?.();
  return path === undefined ? {} : { paths: new Set([path]) };
}

function specOf<Value>(read: ListRead<Value>): ReadSpec<ListRead<Value>, Value> {
  const { kind, operation, lifetime, codec, tags } = read;
  return {
    kind,
    operation,
    lifetime,
    codec,
    ...(tags === undefined ? {} : { tags: () => tags }),
    fetch: async (_keys, call, asOf) => new Map([[read, await read.fetch(call, asOf)]]),
  };
}
