/**
 * Assets that a caller may see, on every path to something that belongs to one. What he may not see is as if it did not
 * exist: single reads say NOT_FOUND, lists and counts leave it out.
 */
import type { AssetLoaders, AssetRecord } from '../assets/types.js';
import { then, type MaybePromise } from '../maybe.js';
import type { SeriesLoaders } from '../series/types.js';
import { assetParts } from '../trees/node-record.js';
import type { TreeLoaders, TreeRecord } from '../trees/types.js';
import { rootUnseen, unseen } from './access-error.js';
import { MAX_IDS, filteredWhole, oneAfterTheOther, seenIds } from './narrow.js';

/** Ids of the assets of an organization that the caller may see. */
export type SeenAssets = (orgId: string) => MaybePromise<ReadonlySet<string>>;

type Ids = ReadonlySet<string>;

/** The loaders of each domain that has to do with assets, over what may be seen. */
export const seenOnly = {
  assets: seenAssets,
  trees: seenTrees,
} as const;

/** Reads what belongs to an asset that may be seen. */
export function ifSeen<T>(
  seen: SeenAssets,
  { orgId, assetId }: { orgId: string; assetId: string },
  read: (visible: Ids) => MaybePromise<T>,
): MaybePromise<T> {
  return then(seen(orgId), (visible) =>
    visible.has(assetId) ? read(visible) : Promise.reject(unseen('asset', assetId)),
  );
}

/** What is fetched ahead of what may be seen; undefined where there is nothing to wait for. */
export function ahead(
  visible: MaybePromise<Ids>,
  prefetch: (visible: Ids) => Promise<void> | undefined,
): Promise<void> | undefined {
  return visible instanceof Promise ? visible.then(prefetch) : prefetch(visible);
}

function seenAssets(assets: AssetLoaders, seen: SeenAssets): AssetLoaders {
  return {
    byId: (key) => ifSeen(seen, key, () => assets.byId(key)),
    search: (orgId, filter, window, parts) =>
      then(seen(orgId), (visible) =>
        oneAfterTheOther(seenIds(visible, filter.assetIds), window, (assetIds, part) =>
          assets.search(orgId, { ...filter, assetIds }, part, parts),
        ),
      ),
  };
}

function seenTrees(trees: TreeLoaders, seen: SeenAssets): TreeLoaders {
  const below =
    (which: 'children' | 'descendants'): TreeLoaders['children'] =>
    (node, filter, window, parts) =>
      ifSeen(seen, node, (visible) => {
        // EnOS counts also the children that he may not see.
        const partsOfAssets = assetParts(parts);
        const assetIds = seenIds(visible, filter.assetIds);
        if (assetIds.length <= MAX_IDS)
          return oneAfterTheOther(assetIds, window, (ids, part) =>
            trees[which](node, { ...filter, assetIds: ids }, part, partsOfAssets),
          );
        const isSeen = ({ assetId }: AssetRecord): boolean => visible.has(assetId);
        return filteredWhole(window, isSeen, (part) => trees[which](node, filter, part, partsOfAssets));
      });
  return {
    byId: (key) =>
      then(seen(key.orgId), (visible) => then(trees.byId(key), (tree) => withSeenRoot(tree, visible))),
    search: (orgId, filter, window) =>
      then(seen(orgId), (visible) =>
        then(trees.search(orgId, filter, window), (slice) => ({
          ...slice,
          items: slice.items.map((tree) => withSeenRoot(tree, visible)),
        })),
      ),
    ofAsset: (key) =>
      ifSeen(seen, key, (visible) =>
        then(trees.ofAsset(key), (found) => found.map((tree) => withSeenRoot(tree, visible))),
      ),
    children: below('children'),
    descendants: below('descendants'),
    path: (node) =>
      ifSeen(seen, node, (visible) =>
        then(trees.path(node), (path) => seenEnd(path, ({ assetId }) => visible.has(assetId))),
      ),
  };
}

/** A tree is no asset and may be seen; its root is one. */
function withSeenRoot(tree: TreeRecord, visible: Ids): TreeRecord {
  if (visible.has(tree.root.assetId)) return tree;
  return Object.defineProperty({ ...tree }, 'root', {
    get: () => {
      throw rootUnseen();
    },
  });
}

/** What lies between the end of a path and the lowest part of it that may not be seen. */
export function seenEnd<T>(path: readonly T[], isSeen: (part: T) => boolean): T[] {
  const hidden = path.findLastIndex((part) => !isSeen(part));
  return path.slice(hidden + 1);
}

/** Series of assets that may be seen. */
export function seenSeries(series: SeriesLoaders, seen: SeenAssets): SeriesLoaders {
  return {
    latest: (key, withinMinutes) => ifSeen(seen, key, () => series.latest(key, withinMinutes)),
    prefetchLatest: (orgId, assetIds, pointIds) =>
      ahead(seen(orgId), (visible) =>
        series.prefetchLatest(
          orgId,
          assetIds.filter((assetId) => visible.has(assetId)),
          pointIds,
        ),
      ),
    history: async (request) => ifSeen(seen, request, () => series.history(request)),
    aggregate: async (request) => ifSeen(seen, request, () => series.aggregate(request)),
    stateChanges: async (key, from, to) => ifSeen(seen, key, () => series.stateChanges(key, from, to)),
    stateDurations: async (key, from, to) => ifSeen(seen, key, () => series.stateDurations(key, from, to)),
    energyToday: (key) => ifSeen(seen, key, () => series.energyToday(key)),
  };
}
