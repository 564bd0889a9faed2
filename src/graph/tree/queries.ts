/** Root fields for asset trees. */
import { GraphQLID, type GraphQLResolveInfo } from 'graphql';
import type { MaybePromise } from '../../loading/maybe.js';
import type { TreeRecord } from '../../loading/trees/types.js';
import { FILTER, ORG_ID, matchesNothing } from '../lists/filters.js';
import { ConnectionArgs, connect, emptyConnection, type Connection } from '../lists/connection.js';
import { orgOf, type GraphContext } from '../context.js';
import { Arg, Args, Ctx, Extensions, Info, Query, Resolver } from '../decorators.js';
import { pageSizeOf } from '../lists/limits.js';
import { AssetTreeFilterInput, toTreeFilter } from './filters.js';
import { AssetTree, AssetTreeConnection } from './types.js';

@Resolver()
export class TreeQueries {
  @Query(() => AssetTree, {
    nullable: true,
    description: 'One asset tree by its EnOS id (getAssetTree). Null and NOT_FOUND where there is none.',
  })
  assetTree(
    @Arg('treeId', () => GraphQLID, { description: 'Id of the tree in EnOS.' }) treeId: string,
    @Arg('orgId', () => GraphQLID, ORG_ID) orgId: string | null | undefined,
    @Ctx() context: GraphContext,
  ): MaybePromise<TreeRecord> {
    return context.loaders.trees.byId({ orgId: orgOf(context, orgId), treeId });
  }

  @Extensions({ listSize: pageSizeOf })
  @Query(() => AssetTreeConnection, {
    nullable: true,
    description: 'Asset trees of an organization (searchAssetTree).',
  })
  assetTrees(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => AssetTreeFilterInput, FILTER) input: AssetTreeFilterInput | null | undefined,
    @Arg('orgId', () => GraphQLID, ORG_ID) org: string | null | undefined,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<Connection<TreeRecord>> {
    const filter = toTreeFilter(input);
    if (matchesNothing(filter)) return emptyConnection(page);
    const orgId = orgOf(context, org);
    return connect(page, info, (window) => context.loaders.trees.search(orgId, filter, window));
  }
}
