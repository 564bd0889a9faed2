/** What the fields of assets in a list need, fetched for all of them at once. */
import type { AlertState } from '../../loading/alerts/types.js';
import { thingModel } from '../../loading/entities/thing-model.js';
import type { AssetRecord } from '../../loading/entities/asset.js';
import type { AlertFilterInput } from '../alert/filters.js';
import { windowToLoad, type ConnectionArgs } from '../lists/connection.js';
import { ofEachOrg, type FieldPrefetch } from '../prefetch.js';
import { nodesBelow, oncePerField, selectsAny, type SelectionInfo } from '../selection.js';
import { conditionsOf } from './alert-conditions.js';

/** `alerts` by a search that the assets share. */
export const alertsAhead: FieldPrefetch<
  AssetRecord,
  ConnectionArgs & { state: AlertState; filter?: AlertFilterInput | null }
> = {
  load: (assets, args, { loaders }, info) => {
    const { filter, isVain } = conditionsOf(args.filter, info);
    if (isVain) return undefined;
    const window = windowToLoad(args, info);
    if (!window) return window === null ? false : undefined;
    return ofEachOrg(assets, (orgId, ofOrg) => {
      const assetIds = ofOrg.map(({ assetId }) => assetId);
      return [loaders.alerts.prefetchOfAssets(orgId, assetIds, args.state, filter, window)];
    });
  },
};

/** The latest values of `points(pointIds)`, and the models that say what type they are of. */
export const pointsAhead: FieldPrefetch<AssetRecord, { pointIds?: string[] | null }> = {
  covers: ['latest'],
  load: (assets, { pointIds }, { loaders }, info) => {
    // All points of a model are not known before it is.
    if (!pointIds) return false;
    return latestOf(assets, pointIds, loaders, info);
  },
};

/** The same of `point(pointId)`. */
export const pointAhead: FieldPrefetch<AssetRecord, { pointId: string }> = {
  covers: ['latest'],
  load: (assets, { pointId }, { loaders }, info) => latestOf(assets, [pointId], loaders, info),
};

type Loaders = Parameters<FieldPrefetch<AssetRecord, unknown>['load']>[2]['loaders'];

function latestOf(
  assets: readonly AssetRecord[],
  pointIds: readonly string[],
  loaders: Loaders,
  info: SelectionInfo,
): Promise<unknown> | undefined | false {
  const wanted = oncePerField(info, latestOf, latestWanted, undefined);
  if (wanted === 'otherwise') return false;
  if (wanted === 'no') return undefined;
  return ofEachOrg(assets, (orgId, ofOrg) => {
    const assetIds = ofOrg.map(({ assetId }) => assetId);
    const values = loaders.series.prefetchLatest(orgId, assetIds, pointIds);
    return wanted === 'typed'
      ? [values, loaders.of(thingModel).prefetch(orgId, modelIdsOf(ofOrg))]
      : [values];
  });
}

/** What of the latest value is selected below points; `otherwise` where its arguments must be read first. */
function latestWanted(info: SelectionInfo): 'no' | 'untyped' | 'typed' | 'otherwise' {
  const nodes = nodesBelow(info, 'latest');
  if (nodes.length === 0) return 'no';
  if (nodes.some((node) => node.arguments && node.arguments.length > 0)) return 'otherwise';
  return selectsAny(info, ['latest'], ['value', 'typed']) ? 'typed' : 'untyped';
}

function modelIdsOf(sources: readonly { modelId: string | null }[]): string[] {
  return [...new Set(sources.flatMap(({ modelId }) => modelId ?? []))];
}
