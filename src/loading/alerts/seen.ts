/** Alerts as callers see them who may see some assets only. */
import { chunk } from '../chunk.js';
import type { Slice } from '../common.js';
import { unseen } from '../guard/access-error.js';
import { ahead, ifSeen, seenEnd } from '../guard/assets.js';
import type { SeenAssets } from '../guard/seen-entity.js';
import { MAX_IDS, mergedInOrder, seenIds } from '../guard/narrow.js';
import { all, then } from '../maybe.js';
import { isNotFound } from '../../enos/errors.js';
import type { AlertLoaders, AlertRecord } from './types.js';

/** The loaders of alerts over the assets that may be seen: what belongs to another asset is as if it did not exist. */
export function seenAlerts(alerts: AlertLoaders, seen: SeenAssets): AlertLoaders {
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

function withSeenPaths(slice: Slice<AlertRecord>, visible: ReadonlySet<string>): Slice<AlertRecord> {
  return { ...slice, items: slice.items.map((alert) => withSeenPath(alert, visible)) };
}

/** Paths are `treeId:/assetId/.../assetId`: what lies above is not to be read out of them. */
function withSeenPath(alert: AlertRecord, visible: ReadonlySet<string>): AlertRecord {
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
