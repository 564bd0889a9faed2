/** Fields of assets that need more than the record, and links from an asset to everything around it. */
import { GraphQLID, GraphQLInt, type GraphQLResolveInfo } from 'graphql';
import type { AlertRecord } from '../../loading/alerts/types.js';
import type { AssetRecord } from '../../loading/assets/types.js';
import { then, type MaybePromise } from '../../loading/maybe.js';
import type { NodeRecord, TreeRecord } from '../../loading/trees/types.js';
import { AlertState } from '../alert/enums.js';
import { AlertFilterInput } from '../alert/filters.js';
import { AlertConnection } from '../alert/types.js';
import { FILTER, STATE, checkLength, matchesNothing } from '../lists/filters.js';
import { ConnectionArgs, connect, emptyConnection, type Connection } from '../lists/connection.js';
import type { GraphContext } from '../context.js';
import { Arg, Args, Ctx, Extensions, FieldResolver, Info, Resolver, Root } from '../decorators.js';
import { FRESHNESS, Freshness, freshnessOf } from '../freshness.js';
import { FEATURE_LIST, SHORT_LIST, idCountOf, pageSizeOf } from '../lists/limits.js';
import { ThingModel } from '../model/types.js';
import { namedType, Tag, toTags } from '../names.js';
import { GLOBAL_ID, toGlobalId } from '../nodes/node.js';
import { Prefetch } from '../prefetch.js';
import { JsonScalar } from '../scalars/scalars.js';
import { AssetPoint } from '../series/types.js';
import { loadModel } from '../model/load.js';
import { CHILD_COUNT, childCountOf, selectedNodeParts, totalAlone } from '../tree/child-count.js';
import { AssetTree, AssetTreeNode } from '../tree/types.js';
import { conditionsOf } from './alert-conditions.js';
import { AssetFilterInput, toTreeAssetFilter } from './filters.js';
import { attributesOf, tagsOf } from './parts.js';
import { alertsAhead, modelAhead, pointAhead, pointsAhead } from './prefetch.js';
import { Asset, AssetConnection, AttributeValue } from './types.js';

@Resolver(() => Asset)
class AssetResolver {
  @FieldResolver(() => GraphQLID, GLOBAL_ID)
  id(@Root() { orgId, assetId }: AssetRecord): string {
    return toGlobalId('Asset', orgId, assetId);
  }

  @FieldResolver(() => Freshness, FRESHNESS)
  freshness(@Root() asset: AssetRecord, @Ctx() context: GraphContext): Freshness | null {
    return freshnessOf(asset, context);
  }

  @Prefetch(modelAhead)
  @FieldResolver(() => ThingModel, { nullable: true, description: 'Its thing model (searchThingModel).' })
  model(@Root() { orgId, modelId }: AssetRecord, @Ctx() { loaders }: GraphContext): MaybePromise<ThingModel> {
    return loadModel(loaders, { orgId, modelId });
  }

  @FieldResolver(() => JsonScalar, {
    nullable: true,
    description:
      'Static attributes by attribute id, as EnOS keeps them. Fetched with the asset where selected.',
  })
  attributes(@Root() asset: AssetRecord, @Ctx() context: GraphContext): unknown {
    return asset.attributes ?? attributesOf(context, asset);
  }

  @FieldResolver(() => AttributeValue, {
    nullable: true,
    description: 'One static attribute; null where the asset has no value for it.',
  })
  attribute(
    @Root() asset: AssetRecord,
    @Arg('attributeId', () => GraphQLID, { description: 'Id of the attribute in the thing model.' })
    attributeId: string,
    @Ctx() context: GraphContext,
  ): MaybePromise<AttributeValue | null> {
    return then(attributesOf(context, asset), (attributes) =>
      Object.hasOwn(attributes, attributeId)
        ? new AttributeValue(asset, attributeId, attributes[attributeId])
        : null,
    );
  }

  @Extensions({ listSize: idCountOf('attributeIds', FEATURE_LIST) })
  @FieldResolver(() => [AttributeValue], {
    nullable: true,
    description: 'Static attributes that the asset has values for.',
  })
  attributeValues(
    @Root() asset: AssetRecord,
    @Arg('attributeIds', () => [GraphQLID], { nullable: true, description: 'Only these.' })
    attributeIds: string[] | null | undefined,
    @Ctx() context: GraphContext,
  ): MaybePromise<AttributeValue[]> {
    return then(attributesOf(context, asset), (attributes) =>
      (attributeIds ?? Object.keys(attributes))
        .filter((id) => Object.hasOwn(attributes, id))
        .map((id) => new AttributeValue(asset, id, attributes[id])),
    );
  }

  @FieldResolver(() => [Tag], { description: 'Tags of the asset. Fetched with the asset where selected.' })
  tags(@Root() asset: AssetRecord, @Ctx() context: GraphContext): MaybePromise<Tag[]> {
    return then(tagsOf(context, asset), toTags);
  }

  @Prefetch(pointAhead)
  @FieldResolver(() => AssetPoint, {
    nullable: true,
    description:
      'A measurement point of the asset. Costs no call by itself. Where the model lacks the point, its fields are null, and `extensions.warnings` tell.',
  })
  point(
    @Root() asset: AssetRecord,
    @Arg('pointId', () => GraphQLID, { description: 'Id of the point in the thing model.' }) pointId: string,
  ): AssetPoint {
    return new AssetPoint(asset.orgId, asset.assetId, pointId, { asset });
  }

  @Extensions({ listSize: idCountOf('pointIds', FEATURE_LIST) })
  @Prefetch(pointsAhead)
  @FieldResolver(() => [AssetPoint], {
    nullable: true,
    description: 'Measurement points of the asset: those named, or all of its thing model.',
  })
  points(
    @Root() asset: AssetRecord,
    @Arg('pointIds', () => [GraphQLID], {
      nullable: true,
      description: 'Ids of points, at most 1000. All points where absent.',
    })
    pointIds: string[] | null | undefined,
    @Ctx() { loaders }: GraphContext,
  ): MaybePromise<AssetPoint[]> {
    const { orgId, assetId, modelId } = asset;
    const known = { asset };
    const pointsOf = (ids: readonly string[]): AssetPoint[] =>
      ids.map((pointId) => new AssetPoint(orgId, assetId, pointId, known));
    if (pointIds) return pointsOf(checkLength(pointIds, 'pointIds'));
    return then(loadModel(loaders, { orgId, modelId }), (model) => pointsOf(model.pointIds));
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
  nodes(@Root() asset: AssetRecord, @Ctx() { loaders }: GraphContext): MaybePromise<AssetTreeNode[]> {
    const { orgId, assetId } = asset;
    return then(loaders.trees.ofAsset({ orgId, assetId }), (trees) =>
      trees.map((tree) => new AssetTreeNode(tree, asset)),
    );
  }

  @Extensions({ listSize: pageSizeOf })
  @FieldResolver(() => AssetConnection, {
    nullable: true,
    description: 'Assets right below it in a tree, in the order of the tree (searchRelatedAssetNode).',
  })
  children(
    @Root() asset: NodeRecord,
    @Arg('treeId', () => GraphQLID, { description: 'Id of the tree.' }) treeId: string,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => AssetFilterInput, FILTER) input: AssetFilterInput | null | undefined,
    @Ctx() { loaders }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<Connection<AssetRecord>> {
    const filter = toTreeAssetFilter(input);
    if (matchesNothing(filter)) return emptyConnection(page);
    const node = { orgId: asset.orgId, treeId, assetId: asset.assetId };
    const parts = selectedNodeParts(info);
    const counted = totalAlone(asset, treeId, filter, info);
    return connect(page, info, (window) => counted ?? loaders.trees.children(node, filter, window, parts));
  }

  @FieldResolver(() => GraphQLInt, { nullable: true, description: CHILD_COUNT })
  childCount(
    @Root() asset: NodeRecord,
    @Arg('treeId', () => GraphQLID, { description: 'Id of the tree.' }) treeId: string,
    @Ctx() context: GraphContext,
  ): MaybePromise<number> {
    const { orgId, assetId } = asset;
    return childCountOf(asset, { orgId, treeId, assetId }, context);
  }
}

/** Resolvers of assets. */
export const assetResolvers = [
  AssetResolver,
  namedType<AssetRecord>(
    () => Asset,
    'asset',
    ({ name, assetId }) => ({ text: name, id: assetId }),
  ),
];
