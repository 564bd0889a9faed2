/** Fields of assets that need more than the record, and links from an asset to everything around it. */
import { GraphQLID, GraphQLInt, type GraphQLResolveInfo } from 'graphql';
import type { AlertRecord } from '../../loading/alerts/types.js';
import { asset, type AssetRecord } from '../../loading/entities/asset.js';
import { then, type MaybePromise } from '../../loading/maybe.js';
import type { NodeRecord, TreeRecord } from '../../loading/trees/types.js';
import { AlertState } from '../alert/enums.js';
import { AlertFilterInput } from '../alert/filters.js';
import { AlertConnection } from '../alert/types.js';
import { FILTER, ORG_ID, STATE } from '../lists/filters.js';
import { ConnectionArgs, connect, emptyConnection } from '../lists/connection.js';
import type { Connection } from '../lists/connection.js';
import { orgOf } from '../context.js';
import type { GraphContext } from '../context.js';
import { Arg, Args, Ctx, Extensions, FieldResolver, Info, Query, Resolver, Root } from '../decorators.js';
import { Asset, AssetConnection, AssetFilterInput, treeAssetFilter } from '../entities/asset.js';
import type { GivenFilter } from '../entity/filter-input.js';
import { memberOf } from '../entity/parts.js';
import { checkLength, matchesNothing } from '../lists/filters.js';
import { FEATURE_LIST, SHORT_LIST, idCountOf, pageSizeOf } from '../lists/limits.js';
import { pointIdsOf } from '../model/features.js';
import { modelAt } from '../model/load.js';
import { byArgument } from '../plan/common-rules.js';
import { Prefetch } from '../prefetch.js';
import { AssetPoint } from '../series/types.js';
import { CHILD_COUNT, childCountOf, selectedNodeParts, totalAlone } from '../tree/child-count.js';
import { AssetTree, AssetTreeNode } from '../tree/types.js';
import { conditionsOf } from './alert-conditions.js';
import { alertsAhead, pointAhead, pointsAhead } from './prefetch.js';
import { AttributeValue } from './types.js';

@Resolver(() => Asset)
class AssetResolver {
  @FieldResolver(() => AttributeValue, {
    nullable: true,
    description: 'One static attribute; null where the asset has no value for it.',
  })
  attribute(
    @Root() record: AssetRecord,
    @Arg('attributeId', () => GraphQLID, { description: 'Id of the attribute in the thing model.' })
    attributeId: string,
    @Ctx() context: GraphContext,
  ): MaybePromise<AttributeValue | null> {
    return then(memberOf(asset, record, 'attributes', context), (attributes = {}) =>
      Object.hasOwn(attributes, attributeId)
        ? new AttributeValue(record, attributeId, attributes[attributeId])
        : null,
    );
  }

  @Extensions({ listSize: idCountOf('attributeIds', FEATURE_LIST) })
  @FieldResolver(() => [AttributeValue], {
    nullable: true,
    description: 'Static attributes that the asset has values for.',
  })
  attributeValues(
    @Root() record: AssetRecord,
    @Arg('attributeIds', () => [GraphQLID], { nullable: true, description: 'Only these.' })
    attributeIds: string[] | null | undefined,
    @Ctx() context: GraphContext,
  ): MaybePromise<AttributeValue[]> {
    return then(memberOf(asset, record, 'attributes', context), (attributes = {}) =>
      (attributeIds ?? Object.keys(attributes))
        .filter((id) => Object.hasOwn(attributes, id))
        .map((id) => new AttributeValue(record, id, attributes[id])),
    );
  }

  @Prefetch(pointAhead)
  @FieldResolver(() => AssetPoint, {
    nullable: true,
    description:
      'A measurement point of the asset. Costs no call by itself. Where the model lacks the point, its fields are null, and `extensions.warnings` tell.',
  })
  point(
    @Root() record: AssetRecord,
    @Arg('pointId', () => GraphQLID, { description: 'Id of the point in the thing model.' }) pointId: string,
  ): AssetPoint {
    return new AssetPoint(record.orgId, record.assetId, pointId, { asset: record });
  }

  @Extensions({ listSize: idCountOf('pointIds', FEATURE_LIST) })
  @Prefetch(pointsAhead)
  @FieldResolver(() => [AssetPoint], {
    nullable: true,
    description: 'Measurement points of the asset: those named, or all of its thing model.',
  })
  points(
    @Root() record: AssetRecord,
    @Arg('pointIds', () => [GraphQLID], {
      nullable: true,
      description: 'Ids of points, at most 1000. All points where absent.',
    })
    pointIds: string[] | null | undefined,
    @Ctx() { loaders }: GraphContext,
  ): MaybePromise<AssetPoint[]> {
    const { orgId, assetId, modelId } = record;
    const known = { asset: record };
    const pointsOf = (ids: readonly string[]): AssetPoint[] =>
      ids.map((pointId) => new AssetPoint(orgId, assetId, pointId, known));
    if (pointIds) return pointsOf(checkLength(pointIds, 'pointIds'));
    return then(modelAt({ loaders }, { orgId, modelId }), (model) => pointsOf(pointIdsOf(model)));
  }

  @Extensions({ listSize: pageSizeOf })
  @Prefetch(alertsAhead)
  @FieldResolver(() => AlertConnection, {
    nullable: true,
    description:
      'Alerts of the asset, newest first. Assets of one list share a search (searchActiveAlerts, searchHistoryAlerts).',
  })
  alerts(
    @Root() { orgId, assetId }: AssetRecord,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('state', () => AlertState, STATE) state: AlertState,
    @Arg('filter', () => AlertFilterInput, FILTER) input: AlertFilterInput | null | undefined,
    @Ctx() { loaders }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<Connection<AlertRecord>> {
    const { assetIds, filter, isVain } = conditionsOf(input, info);
    if (isVain || (assetIds && !assetIds.includes(assetId))) return emptyConnection(page);
    const key = { orgId, assetId };
    return connect(page, info, (window) => loaders.alerts.ofAsset(key, state, filter, window));
  }

  @Extensions({ listSize: SHORT_LIST })
  @FieldResolver(() => [AssetTree], {
    nullable: true,
    description: 'Trees that the asset sits in (getAssetTrees).',
  })
  trees(
    @Root() { orgId, assetId }: AssetRecord,
    @Ctx() { loaders }: GraphContext,
  ): MaybePromise<TreeRecord[]> {
    return loaders.trees.ofAsset({ orgId, assetId });
  }

  @Extensions({ listSize: SHORT_LIST })
  @FieldResolver(() => [AssetTreeNode], {
    nullable: true,
    description: 'Places of the asset, one in each of its trees (getAssetTrees).',
  })
  nodes(@Root() record: AssetRecord, @Ctx() { loaders }: GraphContext): MaybePromise<AssetTreeNode[]> {
    const { orgId, assetId } = record;
    return then(loaders.trees.ofAsset({ orgId, assetId }), (trees) =>
      trees.map((tree) => new AssetTreeNode(tree, record)),
    );
  }

  @Extensions({ listSize: pageSizeOf })
  @FieldResolver(() => AssetConnection, {
    nullable: true,
    description: 'Assets right below it in a tree, in the order of the tree (searchRelatedAssetNode).',
  })
  children(
    @Root() record: NodeRecord,
    @Arg('treeId', () => GraphQLID, { description: 'Id of the tree.' }) treeId: string,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => AssetFilterInput, FILTER) input: GivenFilter,
    @Ctx() { loaders }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<Connection<AssetRecord>> {
    const filter = treeAssetFilter(input);
    if (matchesNothing(filter)) return emptyConnection(page);
    const node = { orgId: record.orgId, treeId, assetId: record.assetId };
    const parts = selectedNodeParts(info);
    const counted = totalAlone(record, treeId, filter, info);
    return connect(page, info, (window) => counted ?? loaders.trees.children(node, filter, window, parts));
  }

  @FieldResolver(() => GraphQLInt, { nullable: true, description: CHILD_COUNT })
  childCount(
    @Root() record: NodeRecord,
    @Arg('treeId', () => GraphQLID, { description: 'Id of the tree.' }) treeId: string,
    @Ctx() context: GraphContext,
  ): MaybePromise<number> {
    const { orgId, assetId } = record;
    return childCountOf(record, { orgId, treeId, assetId }, context);
  }
}

@Resolver()
class AssetQueries {
  @Extensions({ listSize: idCountOf('assetIds', 1), rule: byArgument('Asset.one', 'assetIds') })
  @Query(() => [Asset], {
    nullable: 'items',
    description:
      'Assets by their EnOS ids, in the order of the ids (searchAssetNode). Null and NOT_FOUND at one that does not exist, the others whole.',
  })
  assetsById(
    @Arg('assetIds', () => [GraphQLID], { description: 'Ids of the assets in EnOS, at most 1000.' })
    assetIds: string[],
    @Arg('orgId', () => GraphQLID, ORG_ID) org: string | null | undefined,
    @Ctx() context: GraphContext,
  ): MaybePromise<AssetRecord>[] {
    const orgId = orgOf(context, org);
    const loader = context.loaders.of(asset);
    return checkLength(assetIds, 'assetIds').map((id) => loader.load({ orgId, id }));
  }
}

/** Resolvers of what assets have besides what their description gives. */
export const assetFieldResolvers = [AssetQueries, AssetResolver];
