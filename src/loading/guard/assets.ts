/**
 * Assets that a caller may see, on every path to something that belongs to one. What he may not see is as if it did not
 * exist: single reads say NOT_FOUND, lists and counts leave it out.
 */
import type { AlertLoaders, AlertRecord } from '../alerts/types.js';
import type { AssetLoaders, AssetRecord } from '../assets/types.js';
import { chunk } from '../chunk.js';
import type { Loaders } from '../loaders.js';
import { isNotFound } from '../not-found.js';
import type { SeriesLoaders } from '../series/types.js';
import type { TreeLoaders, TreeRecord } from '../trees/types.js';
import { rootUnseen, unseen } from './access-error.js';
import { MAX_IDS, filteredWhole, mergedInOrder, oneAfterTheOther, seenIds } from './narrow.js';

/** Ids of the assets of an organization that the caller may see. */
export type SeenAssets = (orgId: string) => ReadonlySet<string> | Promise<ReadonlySet<string>>;

type Guarded = Pick<Loaders, 'assets' | 'trees' | 'alerts' | 'series'>;

/** The loaders over what may be seen. */
export function seenOnly(loaders: Guarded, seen: SeenAssets): Guarded {
  return {
    assets: seenAssets(loaders.assets, seen),
    trees: seenTrees(loaders.trees, seen),
    alerts: seenAlerts(loaders.alerts, seen),
    series: seenSeries(loaders.series, seen),
  };
}

async function mustSee(
  seen: SeenAssets,
  { orgId, assetId }: { orgId: string; assetId: string },
): Promise<void> {
  if (!(await seen(orgId)).has(assetId)) throw unseen('asset', assetId);
}

function seenAssets(assets: AssetLoaders, seen: SeenAssets): AssetLoaders {
  return {
    byId: async (key) => {
      await mustSee(seen, key);
      return assets.byId(key);
    },
    search: async (orgId, filter, window, parts) =>
      oneAfterTheOther(seenIds(await seen(orgId), filter.assetIds), window, async (assetIds, part) =>
        assets.search(orgId, { ...filter, assetIds }, part, parts),
      ),
  };
}

function seenTrees(trees: TreeLoaders, seen: SeenAssets): TreeLoaders {
  const below =
    (which: 'children' | 'descendants'): TreeLoaders['children'] =>
    async (node, filter, window, parts) => {
      await mustSee(seen, node);
      const visible = await seen(node.orgId);
      const assetIds = seenIds(visible, filter.assetIds);
      if (assetIds.length === 0) return { items: [], offset: window.offset, totalCount: 0 };
      if (assetIds.length <= MAX_IDS) return trees[which](node, { ...filter, assetIds }, window, parts);
      const isSeen = ({ assetId }: AssetRecord): boolean => visible.has(assetId);
      return filteredWhole(window, isSeen, async (part) => trees[which](node, filter, part, parts));
    };
  return {
    byId: async (key) => withSeenRoot(await trees.byId(key), await seen(key.orgId)),
    search: async (orgId, filter, window) => {
      const [slice, visible] = await Promise.all([trees.search(orgId, filter, window), seen(orgId)]);
      return { ...slice, items: slice.items.map((tree) => withSeenRoot(tree, visible)) };
    },
    ofAsset: async (key) => {
      await mustSee(seen, key);
      const [found, visible] = await Promise.all([trees.ofAsset(key), seen(key.orgId)]);
      return found.map((tree) => withSeenRoot(tree, visible));
    },
    children: below('children'),
    descendants: below('descendants'),
    path: async (node) => {
      await mustSee(seen, node);
      const [path, visible] = await Promise.all([trees.path(node), seen(node.orgId)]);
      return seenEnd(path, ({ assetId }) => visible.has(assetId));
    },
  };
}

/** A tree is no asset and may be seen; its root is one. */
function withSeenRoot(tree: TreeRecord, visible: ReadonlySet<string>): TreeRecord {
  if (visible.has(tree.root.assetId)) return tree;
  const { root: _root, ...rest } = tree;
  return {
    ...rest,
    get root(): AssetRecord {
      throw rootUnseen();
    },
  };
}

/** What lies between the end of a path and the lowest part of it that may not be seen. */
function seenEnd<T>(path: readonly T[], isSeen: (part: T) => boolean): T[] {
  const hidden = path.findLastIndex((part) => !isSeen(part));
  return path.slice(hidden + 1);
}

function seenAlerts(alerts: AlertLoaders, seen: SeenAssets): AlertLoaders {
  return {
    search: async (orgId, state, filter, window) => {
      const visible = await seen(orgId);
      const slice = await mergedInOrder(
        seenIds(visible, filter.assetIds),
        window,
        newestFirst,
        async (assetIds, part) => alerts.search(orgId, state, { ...filter, assetIds }, part),
      );
      return { ...slice, items: slice.items.map((alert) => withSeenPaths(alert, visible)) };
    },
    ofAsset: async (key, state, filter, window) => {
      await mustSee(seen, key);
      const [slice, visible] = await Promise.all([
        alerts.ofAsset(key, state, filter, window),
        seen(key.orgId),
      ]);
      return { ...slice, items: slice.items.map((alert) => withSeenPaths(alert, visible)) };
    },
    byId: async (orgId, alertId) => {
      const visible = await seen(orgId);
      try {
        const alert = await alerts.byId(orgId, alertId);
        if (visible.has(alert.assetId)) return withSeenPaths(alert, visible);
      } catch (error) {
        // Must not be told from an alert of somebody else's asset.
        if (!isNotFound(error)) throw error;
      }
      throw unseen('alert', alertId);
    },
    countActive: async (orgId, groupBy, filter) => {
      const ids = seenIds(await seen(orgId), filter.assetIds);
      const counted = await Promise.all(
        chunk(ids, MAX_IDS).map(async (assetIds) =>
          alerts.countActive(orgId, groupBy, { ...filter, assetIds }),
        ),
      );
      const counts = new Map<string, number>();
      for (const { value, count } of counted.flat()) counts.set(value, (counts.get(value) ?? 0) + count);
      return [...counts].map(([value, count]) => ({ value, count }));
    },
    severity: (orgId, id) => alerts.severity(orgId, id),
    type: (orgId, id) => alerts.type(orgId, id),
    content: (orgId, id) => alerts.content(orgId, id),
    rule: async (orgId, id) => {
      const [rule, visible] = await Promise.all([alerts.rule(orgId, id), seen(orgId)]);
      // `all` names no asset.
      const isSeen = (assetId: string): boolean => assetId === 'all' || visible.has(assetId);
      return rule && { ...rule, scope: rule.scope.filter(({ assetId }) => isSeen(assetId)) };
    },
  };
}

function newestFirst(a: AlertRecord, b: AlertRecord): number {
  return b.occurTime - a.occurTime || (a.alertId < b.alertId ? -1 : 1);
}

/** Paths are `treeId:/assetId/.../assetId`: what lies above is not to be read out of them. */
function withSeenPaths(alert: AlertRecord, visible: ReadonlySet<string>): AlertRecord {
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
    latest: async (key, withinMinutes) => {
      await mustSee(seen, key);
      return series.latest(key, withinMinutes);
    },
    history: async (request) => {
      await mustSee(seen, request);
      return series.history(request);
    },
    aggregate: async (request) => {
      await mustSee(seen, request);
      return series.aggregate(request);
    },
    stateChanges: async (key, from, to) => {
      await mustSee(seen, key);
      return series.stateChanges(key, from, to);
    },
    stateDurations: async (key, from, to) => {
      await mustSee(seen, key);
      return series.stateDurations(key, from, to);
    },
    energyToday: async (key) => {
      await mustSee(seen, key);
      return series.energyToday(key);
    },
  };
}
