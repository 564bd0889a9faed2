/** `viewer`: who asks, his organizations, the assets that are his. */
import type { GraphQLResolveInfo } from 'graphql';
import type { AssetRecord } from '../../loading/assets/types.js';
import { user as userDescription } from '../../loading/entities/user.js';
import { oneAfterTheOther, seenIds } from '../../loading/guard/narrow.js';
import type { OrganizationRecord, UserProfile } from '../../loading/portal/types.js';
import { FILTER, matchesNothing } from '../lists/filters.js';
import { AssetFilterInput, toAssetFilter } from '../asset/filters.js';
import { selectedParts } from '../asset/parts.js';
import { AssetConnection } from '../asset/types.js';
import { ConnectionArgs, connect, emptyConnection, type Connection } from '../lists/connection.js';
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
    @Arg('filter', () => AssetFilterInput, FILTER) input: AssetFilterInput | null | undefined,
    @Ctx() { loaders }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<AssetRecord>> {
    const filter = toAssetFilter(input);
    if (matchesNothing(filter)) return emptyConnection(page);
    const { orgId } = organization;
    const { userId, hasGrants } = facts;
    const parts = selectedParts(info);
    const granted =
      hasGrants && userId !== null ? new Set(await loaders.portal.grantedAssets({ orgId, userId })) : null;
    return connect(
      page,
      info,
      (window) =>
        granted === null
          ? loaders.assets.search(orgId, filter, window, parts)
          : oneAfterTheOther(seenIds(granted, filter.assetIds), window, (assetIds, part) =>
              loaders.assets.search(orgId, { ...filter, assetIds }, part, parts),
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
