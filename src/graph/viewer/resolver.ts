/** `viewer`: who asks, his organizations, the assets that are his. */
import type { GraphQLResolveInfo } from 'graphql';
import { asset, type AssetRecord } from '../../loading/entities/asset.js';
import { user as userDescription } from '../../loading/entities/user.js';
import { oneAfterTheOther, seenIds } from '../../loading/guard/narrow.js';
import type { OrganizationRecord, UserProfile } from '../../loading/portal/types.js';
import { FILTER, matchesNothing } from '../lists/filters.js';
import { AssetConnection, AssetFilterInput, assetGraph } from '../entities/asset.js';
import { toListQuery, withParts, type GivenFilter } from '../entity/filter-input.js';
import { selectedParts } from '../entity/parts.js';
import { ConnectionArgs, connect, emptyConnection } from '../lists/connection.js';
import type { Connection } from '../lists/connection.js';
import type { GraphContext, ViewerFacts } from '../context.js';
import { Arg, Args, Ctx, Extensions, FieldResolver, Info, Query, Resolver, Root } from '../decorators.js';
import { SHORT_LIST, pageSizeOf } from '../lists/limits.js';
import { Requires, usableRights } from '../rights.js';
import { selectsOnly } from '../selection.js';
import { Organization, User, UserConnection, Viewer } from './types.js';

/** What is known where nobody is told apart. */
const SERVICE: ViewerFacts = {
  kind: 'SERVICE',
  userId: null,
  userName: null,
  orgName: null,
  roles: [],
  expiresAt: null,
  hasGrants: false,
};

/** Fields of a user that his credential tells. */
const CARRIED = new Set(['userId', 'name']);

@Resolver()
class ViewerQueries {
  @Query(() => Viewer, { description: 'Who asks. Costs no call by itself.' })
  viewer(@Ctx() { identity }: GraphContext, @Info() { schema }: GraphQLResolveInfo): Viewer {
    const rights = usableRights(schema, identity.rights);
    return new Viewer(identity, identity.viewer ?? SERVICE, rights);
  }
}

@Resolver(() => Viewer)
class ViewerResolver {
  @FieldResolver(() => User, {
    nullable: true,
    description:
      'The user (getUserInformation, with his own token); null where no person asks. Id and name cost no call.',
  })
  async user(
    @Root() { facts }: Viewer,
    @Ctx() { loaders }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UserProfile | null> {
    const { userId, userName } = facts;
    if (userId === null) return null;
    const profile = userName !== null && selectsOnly(info, CARRIED) ? null : await loaders.portal.profile();
    return profile ?? { ...UNKNOWN, userId, name: userName ?? userId };
  }

  @Extensions({ listSize: SHORT_LIST })
  @FieldResolver(() => [Organization], {
    nullable: true,
    description:
      'Organizations that the user belongs to (getOrganizationList, with his own token). A session is bound to one of them: he sees another one by choosing it in the Application Portal.',
  })
  async organizations(
    @Root() { organization }: Viewer,
    @Ctx() { loaders }: GraphContext,
  ): Promise<OrganizationRecord[]> {
    return (await loaders.portal.organizations()) ?? [organization];
  }

  @Extensions({ listSize: pageSizeOf })
  @FieldResolver(() => AssetConnection, {
    nullable: true,
    description:
      'Assets that the Application Portal grants the user (getAssetsByOrganization, searchAssetNode); for callers that it does not know, those of the organization that they may see.',
  })
  async assets(
    @Root() { facts, organization }: Viewer,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => AssetFilterInput, FILTER) input: GivenFilter,
    @Ctx() { loaders }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<AssetRecord>> {
    const query = withParts(toListQuery(asset, input, undefined), selectedParts(info, assetGraph));
    const { filter } = query;
    if (matchesNothing(filter)) return emptyConnection(page);
    const { orgId } = organization;
    const { userId, hasGrants } = facts;
    const loader = loaders.of(asset);
    const granted =
      hasGrants && userId !== null ? new Set(await loaders.portal.grantedAssets({ orgId, userId })) : null;
    return connect(
      page,
      info,
      (window) =>
        granted === null
          ? loader.list(orgId, query, window)
          : oneAfterTheOther(
              seenIds(granted, filter['assetIds'] as readonly string[] | undefined),
              window,
              (assetIds, part) => loader.list(orgId, { ...query, filter: { ...filter, assetIds } }, part),
            ),
      (asset) => asset,
    );
  }
}

const UNKNOWN = {
  nickName: null,
  description: null,
  email: null,
  phone: null,
  company: null,
  department: null,
  position: null,
} as const;

@Resolver(() => Organization)
class OrganizationResolver {
  @Requires(userDescription.right.name)
  @Extensions({ listSize: pageSizeOf })
  @FieldResolver(() => UserConnection, {
    nullable: true,
    description: 'Users of the organization (getOrganizationUserList).',
  })
  async users(
    @Root() { orgId }: Organization,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() { loaders }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<UserProfile>> {
    return connect(
      page,
      info,
      (window) => loaders.users.list(orgId, window),
      (user) => user,
    );
  }
}

/** Resolvers of the viewer. */
export const viewerResolvers = [ViewerQueries, ViewerResolver, OrganizationResolver];
