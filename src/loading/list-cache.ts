import type { OperationId } from '../enos/operation.js';
import { cacheKeysOf, type KeyPart } from './cache-key.js';
import type { Codec } from './codec.js';
import type { EnosCall } from './enos-call.js';
import type { LoadContext } from './load-context.js';
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
  /** How explain shows it; by default the parts as JSON. */
  label?: string;
  fetch(call: EnosCall): Promise<Value>;
}

/**
 * Reads a list: from an equal read under way, else the cache, else EnOS. The answer may be shared with other requests:
 * nobody changes it. Rejects with `EnosError` or what `fetch` rejects with.
 */
export async function readList<Value>(context: LoadContext, read: ListRead<Value>): Promise<Value> {
  const cacheKey = cacheKeysOf(context)(read.kind, read.orgId, read.parts);
  const item = { key: read, cacheKey, label: read.label ?? JSON.stringify(read.parts) };
  const spec = {
    operation: read.operation,
    lifetime: read.lifetime,
    codec: read.codec,
    fetch: async (keys: readonly ListRead<Value>[], call: EnosCall) =>
      new Map(await Promise.all(keys.map(async (key) => [key, await key.fetch(call)] as const))),
  };
  const [answer] = await readThrough(context, spec, [item]);
  if (answer instanceof Error) throw answer;
  return answer as Value;
}
