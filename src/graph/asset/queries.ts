/** Root fields for assets. */
import { GraphQLID, type GraphQLResolveInfo } from 'graphql';
import type { AssetRecord } from '../../loading/assets/types.js';
import type { MaybePromise } from '../../loading/maybe.js';
import { FILTER, ORG_ID, checkLength, matchesNothing } from '../lists/filters.js';
import { ConnectionArgs, connect, emptyConnection, type Connection } from '../lists/connection.js';
import { orgOf, type GraphContext } from '../context.js';
import { Arg, Args, Ctx, Extensions, Info, Query, Resolver } from '../decorators.js';
import { idCountOf, pageSizeOf } from '../lists/limits.js';
import { AssetFilterInput, toAssetFilter } from './filters.js';
import { selectedParts } from './parts.js';
import { Asset, AssetConnection } from './types.js';

@Resolver()
export class AssetQueries {
  @Query(() => Asset, {
    nullable: true,
    description: 'One asset by its EnOS id (getAsset). Null and NOT_FOUND where there is none.',
  })
  asset(
    @Arg('assetId', () => GraphQLID, { description: 'Id of the asset in EnOS.' }) assetId: string,
    @Arg('orgId', () => GraphQLID, ORG_ID) orgId: string | null | undefined,
    @Ctx() context: GraphContext,
  ): MaybePromise<AssetRecord> {
    return context.loaders.assets.byId({ orgId: orgOf(context, orgId), assetId });
  }

  @Extensions({ listSize: idCountOf('assetIds', 1) })
  @Query(() => [Asset], {
    nullable: 'items',
    description:
      'Assets by their EnOS ids, in the order of the ids (searchAssetNode). Null and NOT_FOUND at one that does not exist, the others whole.',
  })
  assetsById(
    @Arg('assetIds', () => [GraphQLID], { description: 'Ids of the assets in EnOS, at most 1000.' })
    assetIds: string[],
    @Arg('orgId', () => GraphQLID, ORG_ID) orgId: string | null | undefined,
    @Ctx() context: GraphContext,
  ): MaybePromise<AssetRecord>[] {
    const org = orgOf(context, orgId);
    checkLength(assetIds, 'assetIds');
    return assetIds.map((assetId) => context.loaders.assets.byId({ orgId: org, assetId }));
  }

  @Extensions({ listSize: pageSizeOf })
  @Query(() => AssetConnection, {
    nullable: true,
    description: 'Assets of an organization (searchAssetNode).',
  })
  assets(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => AssetFilterInput, FILTER) input: AssetFilterInput | null | undefined,
    @Arg('orgId', () => GraphQLID, ORG_ID) orgId: string | null | undefined,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<Connection<AssetRecord>> {
    const filter = toAssetFilter(input);
    if (matchesNothing(filter)) return emptyConnection(page);
    const org = orgOf(context, orgId);
    const parts = selectedParts(info);
    return connect(page, info, (window) => context.loaders.assets.search(org, filter, window, parts));
  }
}
