/**
 * Assets that a caller may see, on every path to something that belongs to one. What he may not see is as if it did not
 * exist: single reads say NOT_FOUND, lists and counts leave it out.
 */
import type { AlertLoaders, AlertRecord } from '../alerts/types.js';
import type { AssetLoaders, AssetRecord } from '../assets/types.js';
import { chunk } from '../chunk.js';
import type { Slice } from '../common.js';
import { all, then, type MaybePromise } from '../maybe.js';
import { isNotFound } from '../../enos/errors.js';
import type { SeriesLoaders } from '../series/types.js';
import { assetParts } from '../trees/node-record.js';
import type { TreeLoaders, TreeRecord } from '../trees/types.js';
import { rootUnseen, unseen } from './access-error.js';
import { MAX_IDS, filteredWhole, mergedInOrder, oneAfterTheOther, seenIds } from './narrow.js';

/** Ids of the assets of an organization that the caller may see. */
export type SeenAssets = (orgId: string) => MaybePromise<ReadonlySet<string>>;

type Ids = ReadonlySet<string>;

/** The loaders of each domain that has to do with assets, over what may be seen. */
export const seenOnly = {
  assets: seenAssets,
  trees: seenTrees,
  alerts: seenAlerts,
  series: seenSeries,
} as const;

/** Reads what belongs to an asset that may be seen. */
function ifSeen<T>(
  seen: SeenAssets,
  { orgId, assetId }: { orgId: string; assetId: string },
  read: (visible: Ids) => MaybePromise<T>,
): MaybePromise<T> {
  return then(seen(orgId), (visible) =>
    visible.has(assetId) ? read(visible) : Promise.reject(unseen('asset', assetId)),
  );
}

/** What is fetched ahead of what may be seen; undefined where there is nothing to wait for. */
function ahead(
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
function seenEnd<T>(path: readonly T[], isSeen: (part: T) => boolean): T[] {
  const hidden = path.findLastIndex((part) => !isSeen(part));
  return path.slice(hidden + 1);
}

function seenAlerts(alerts: AlertLoaders, seen: SeenAssets): AlertLoaders {
  return {
    search: (orgId, state, filter, window) =>
      then(seen(orgId), (visible) => {
        const ids = seenIds(visible, filter.assetIds);
        const found = mergedInOrder(ids, window, newestFirst, (assetIds, part) =>
          alerts.search(orgId, state, { ...filter, assetIds }, part),
        );
        return then(found, (slice) => withSeenPaths(slice, visible));
      }),
    ofAsset: (key, state, filter, window) =>
      ifSeen(seen, key, (visible) =>
        then(alerts.ofAsset(key, state, filter, window), (slice) => withSeenPaths(slice, visible)),
      ),
    prefetchOfAssets: (orgId, assetIds, state, filter, window) =>
      ahead(seen(orgId), (visible) =>
        alerts.prefetchOfAssets(
          orgId,
          assetIds.filter((assetId) => visible.has(assetId)),
          state,
          filter,
          window,
        ),
      ),
    byId: async (orgId, alertId) => {
      const visible = await seen(orgId);
      try {
        const alert = await alerts.byId(orgId, alertId);
        if (visible.has(alert.assetId)) return withSeenPath(alert, visible);
      } catch (error) {
        // Must not be told from an alert of somebody else's asset.
        if (!isNotFound(error)) throw error;
      }
      throw unseen('alert', alertId);
    },
    countActive: async (orgId, groupBy, filter) => {
      const parts = chunk(seenIds(await seen(orgId), filter.assetIds), MAX_IDS);
      const counted = await all(
        parts.map((assetIds) => alerts.countActive(orgId, groupBy, { ...filter, assetIds })),
      );
      const counts = new Map<string, number>();
      for (const { value, count } of counted.flat()) counts.set(value, (counts.get(value) ?? 0) + count);
      return [...counts].map(([value, count]) => ({ value, count }));
    },
  };
}

function newestFirst(a: AlertRecord, b: AlertRecord): number {
  return b.occurTime - a.occurTime || (a.alertId < b.alertId ? -1 : 1);
}

function withSeenPaths(slice: Slice<AlertRecord>, visible: Ids): Slice<AlertRecord> {
  return { ...slice, items: slice.items.map((alert) => withSeenPath(alert, visible)) };
}

/** Paths are `treeId:/assetId/.../assetId`: what lies above is not to be read out of them. */
function withSeenPath(alert: AlertRecord, visible: Ids): AlertRecord {
  if (alert.assetPaths.length === 0) return alert;
  const assetPaths = alert.assetPaths.map((path) => {
    const colon = path.indexOf(':');
    const ids = path
      .slice(colon + 1)
      .split('/')
      .filter((id) => id !== '');
    return `${path.slice(0, colon)}:/${seenEnd(ids, (id) => visible.has(id)).join('/')}`;
  });
  return { ...alert, assetPaths };
}

function seenSeries(series: SeriesLoaders, seen: SeenAssets): SeriesLoaders {
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
