/** Things that loaders of tests read: by id, of one organization, many in one call. */
import { createBatchLoader } from '../../src/loading/read/batch-loader.js';
import type { LoadContext } from '../../src/loading/load-context.js';
import { assetTag } from '../../src/loading/tags.js';

/** The organization of all of them. */
export const orgId = 'o1';
const get = 'asset.getAsset' as const;

interface Key {
  orgId: string;
  id: string;
}

/** Loads things by id; answers to their calls hold the values by id. */
export function load(
  context: LoadContext,
  ids: string[],
  lifetime: number | (() => number) = 30_000,
): Promise<unknown[]> {
  const loader = createBatchLoader<Key, unknown>({
    context,
    kind: 'thing',
    operation: get,
    keyOf: ({ id }) => [id],
    lifetime,
    tags: ({ id }) => [assetTag(orgId, id)],
    fetch: async (keys, call) => {
      const { data } = await call(get, { query: { orgId, assetId: keys.map(({ id }) => id).join(',') } });
      const values = (data ?? {}) as unknown as Record<string, unknown>;
      return new Map(keys.map((key) => [key, values[key.id]]));
    },
  });
  return Promise.all(ids.map((id) => loader.load({ orgId, id })));
}
