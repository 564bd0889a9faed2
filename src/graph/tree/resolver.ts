/** Links from trees and their nodes to everything around them. */
import { GraphQLID, GraphQLInt, type GraphQLResolveInfo } from 'graphql';
import type { AlertRecord } from '../../loading/alerts/types.js';
import { asset, type AssetRecord } from '../../loading/entities/asset.js';
import { then, type MaybePromise } from '../../loading/maybe.js';
import type { TreeRecord } from '../../loading/trees/types.js';
import { AlertState } from '../alert/enums.js';
import { AlertFilterInput, toScopedAlertFilter } from '../alert/filters.js';
import { AlertConnection } from '../alert/types.js';
import { FILTER, STATE, matchesNothing } from '../lists/filters.js';
import { AssetConnection, AssetFilterInput, assetGraph, treeAssetFilter } from '../entities/asset.js';
import { withParts, type GivenFilter } from '../entity/filter-input.js';
import { selectedParts } from '../entity/parts.js';
import { ConnectionArgs, connect, emptyConnection } from '../lists/connection.js';
import type { Connection } from '../lists/connection.js';
import type { GraphContext } from '../context.js';
import { Arg, Args, Ctx, Extensions, FieldResolver, Info, Resolver, Root } from '../decorators.js';
import { FRESHNESS, Freshness, freshnessOf } from '../freshness.js';
import { SHORT_LIST, pageSizeOf } from '../lists/limits.js';
import { namedType, Tag, toTags } from '../names.js';
import { GLOBAL_ID, toGlobalId } from '../nodes/node.js';
import { CHILD_COUNT, childCountOf, selectedNodeParts, totalAlone } from './child-count.js';
import { AssetTree, AssetTreeNode, AssetTreeNodeConnection } from './types.js';

const ALERTS = {
  nullable: true,
  description:
    'Alerts of the assets in it, newest first (searchActiveAlerts, searchHistoryAlerts of event-service).',
} as const;

@Resolver(() => AssetTree)
class AssetTreeResolver {
  @FieldResolver(() => GraphQLID, GLOBAL_ID)
  id(@Root() { orgId, treeId }: TreeRecord): string {
    return toGlobalId('AssetTree', orgId, treeId);
  }

  @FieldResolver(() => Freshness, FRESHNESS)
  freshness(@Root() tree: TreeRecord, @Ctx() context: GraphContext): Freshness | null {
    return freshnessOf(tree, context);
  }

  @FieldResolver(() => AssetTreeNode, { description: 'The node at the top. Comes with the tree.' })
  root(@Root() tree: TreeRecord): AssetTreeNode {
    return new AssetTreeNode(tree, tree.root);
  }

  @FieldResolver(() => [Tag], { description: 'Tags of the tree.' })
  tags(@Root() { tags }: TreeRecord): Tag[] {
    return toTags(tags);
  }

  @FieldResolver(() => AssetTreeNode, {
    nullable: true,
    description: 'The place of an asset in the tree (searchAssetPath). Null and NOT_FOUND where it has none.',
  })
  node(
    @Root() tree: TreeRecord,
    @Arg('assetId', () => GraphQLID, { description: 'Id of the asset in EnOS.' }) assetId: string,
    @Ctx() { loaders }: GraphContext,
  ): MaybePromise<AssetTreeNode | null> {
    return then(loaders.trees.path({ orgId: tree.orgId, treeId: tree.treeId, assetId }), (path) => {
      const asset = path.at(-1);
      return asset ? new AssetTreeNode(tree, asset) : null;
    });
  }

  @Extensions({ listSize: pageSizeOf })
  @FieldResolver(() => AssetConnection, {
    nullable: true,
    description: 'Assets of the tree (searchAssetNode).',
  })
  assets(
    @Root() { orgId, treeId }: TreeRecord,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => AssetFilterInput, FILTER) input: GivenFilter,
    @Ctx() { loaders }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<Connection<AssetRecord>> {
    const filter = { ...treeAssetFilter(input), treeId };
    if (matchesNothing(filter)) return emptyConnection(page);
    const query = withParts({ filter: { ...filter }, orders: [] }, selectedParts(info, assetGraph));
    return connect(page, info, (window) => loaders.of(asset).list(orgId, query, window));
  }

  @Extensions({ listSize: pageSizeOf })
  @FieldResolver(() => AlertConnection, ALERTS)
  alerts(
    @Root() { orgId, treeId }: TreeRecord,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('state', () => AlertState, STATE) state: AlertState,
    @Arg('filter', () => AlertFilterInput, FILTER) input: AlertFilterInput | null | undefined,
    @Ctx() { loaders }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<Connection<AlertRecord>> {
    const filter = toScopedAlertFilter(input, { treeId });
    if (matchesNothing(filter)) return emptyConnection(page);
    return connect(page, info, (window) => loaders.alerts.search(orgId, state, filter, window));
  }
}

/** Where a node has its asset. */
const ASSET_OF_NODE = ['asset'];

/** The node itself is the last of its path. */
function pathOf(node: AssetTreeNode, { loaders }: GraphContext): MaybePromise<AssetTreeNode[]> {
  return then(loaders.trees.path(node.key), (assets) =>
    assets.map((asset) => new AssetTreeNode(node.tree, asset)),
  );
}

@Resolver(() => AssetTreeNode)
class AssetTreeNodeResolver {
  @FieldResolver(() => GraphQLInt, { nullable: true, description: CHILD_COUNT })
  childCount(@Root() node: AssetTreeNode, @Ctx() context: GraphContext): MaybePromise<number> {
    return childCountOf(node.asset, node.key, context);
  }

  @Extensions({ listSize: SHORT_LIST })
  @FieldResolver(() => [AssetTreeNode], {
    nullable: true,
    description: 'Nodes from the root down to this one (searchAssetPath).',
  })
  path(@Root() node: AssetTreeNode, @Ctx() context: GraphContext): MaybePromise<AssetTreeNode[]> {
    return pathOf(node, context);
  }

  @Extensions({ listSize: SHORT_LIST })
  @FieldResolver(() => [AssetTreeNode], {
    nullable: true,
    description: 'Nodes above it, root first (searchAssetPath). Empty for the root.',
  })
  ancestors(@Root() node: AssetTreeNode, @Ctx() context: GraphContext): MaybePromise<AssetTreeNode[]> {
    return then(pathOf(node, context), (path) => path.slice(0, -1));
  }

  @FieldResolver(() => AssetTreeNode, {
    nullable: true,
    description: 'Node above it (searchAssetPath); null for the root.',
  })
  parent(@Root() node: AssetTreeNode, @Ctx() context: GraphContext): MaybePromise<AssetTreeNode | null> {
    return then(pathOf(node, context), (path) => path.at(-2) ?? null);
  }

  @Extensions({ listSize: pageSizeOf })
  @FieldResolver(() => AssetTreeNodeConnection, {
    nullable: true,
    description: 'Nodes right below it, in the order of the tree (searchRelatedAssetNode).',
  })
  children(
    @Root() node: AssetTreeNode,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => AssetFilterInput, FILTER) input: GivenFilter,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<Connection<AssetTreeNode>> {
    return below('children', node, page, input, context, info);
  }

  @Extensions({ listSize: pageSizeOf })
  @FieldResolver(() => AssetTreeNodeConnection, {
    nullable: true,
    description: 'All nodes below it (searchRelatedAssetNode).',
  })
  descendants(
    @Root() node: AssetTreeNode,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => AssetFilterInput, FILTER) input: GivenFilter,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<Connection<AssetTreeNode>> {
    return below('descendants', node, page, input, context, info);
  }

  @Extensions({ listSize: pageSizeOf })
  @FieldResolver(() => AlertConnection, ALERTS)
  alerts(
    @Root() { key }: AssetTreeNode,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('state', () => AlertState, STATE) state: AlertState,
    @Arg('filter', () => AlertFilterInput, FILTER) input: AlertFilterInput | null | undefined,
    @Ctx() { loaders }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<Connection<AlertRecord>> {
    const filter = toScopedAlertFilter(input, { treeId: key.treeId, fromAssetId: key.assetId });
    if (matchesNothing(filter)) return emptyConnection(page);
    return connect(page, info, (window) => loaders.alerts.search(key.orgId, state, filter, window));
  }
}

function below(
  which: 'children' | 'descendants',
  node: AssetTreeNode,
  page: ConnectionArgs,
  input: GivenFilter,
  { loaders }: GraphContext,
  info: GraphQLResolveInfo,
): MaybePromise<Connection<AssetTreeNode>> {
  const filter = treeAssetFilter(input);
  if (matchesNothing(filter)) return emptyConnection(page);
  const parts = selectedNodeParts(info, ASSET_OF_NODE);
  const counted = which === 'children' ? totalAlone(node.asset, node.tree.treeId, filter, info) : undefined;
  return connect(
    page,
    info,
    (window) => counted ?? loaders.trees[which](node.key, filter, window, parts),
    (asset) => new AssetTreeNode(node.tree, asset),
  );
}

/** Resolvers of trees. */
export const treeResolvers = [
  AssetTreeResolver,
  AssetTreeNodeResolver,
  namedType<TreeRecord>(
    () => AssetTree,
    'tree',
    ({ name, treeId }) => ({ text: name, id: treeId }),
  ),
];
