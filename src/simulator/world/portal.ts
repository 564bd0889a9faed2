/**
 * Users of a world, linked to its assets.
 */
import type { AssetBook } from './assets.js';
import { idsOf } from './assets.js';
import { uuidOfSlug } from './ids.js';
import type { PortalFile } from './schema/portal.js';
import type { WorldPortal, WorldUser } from './world.js';
import { WorldError } from './yaml.js';

/** The portal of a world without users.yaml: nobody can sign in. */
export function emptyPortal(orgId: string): WorldPortal {
  return {
    organizations: new Map([[orgId, orgId]]),
    roles: new Map(),
    permissions: new Map(),
    users: new Map(),
  };
}

/** Makes the users of the file. */
export function buildPortal(file: string, content: PortalFile, book: AssetBook, orgId: string): WorldPortal {
  const portal: WorldPortal = {
    organizations: new Map([
      [orgId, content.organization],
      ...content.organizations.map(({ id, name }) => [id, name] as const),
    ]),
    roles: new Map(content.roles.map(({ id, name }) => [id, name])),
    permissions: new Map(
      content.permissions.map(({ identifier, name }) => [
        identifier,
        { id: uuidOfSlug(`permission-${identifier}`), name },
      ]),
    ),
    users: new Map(),
  };
  const taken = { accounts: new Set<string>(), tokens: new Set<string>() };
  for (const {
    id,
    account,
    token,
    created,
    organizations,
    roles,
    permissions,
    assets,
    ...rest
  } of content.users) {
    const problem = (text: string): WorldError => new WorldError(file, `user ${id}: ${text}`);
    if (portal.users.has(id)) throw problem('the id is there twice');
    if (taken.accounts.has(account)) throw problem(`the account ${account} is there twice`);
    if (token !== undefined && taken.tokens.has(token)) throw problem('the token is there twice');
    taken.accounts.add(account);
    if (token !== undefined) taken.tokens.add(token);
    for (const organization of organizations)
      if (!portal.organizations.has(organization)) throw problem(`no organization ${organization}`);
    for (const role of roles) if (!portal.roles.has(role)) throw problem(`no role ${role}`);
    for (const permission of permissions)
      if (!portal.permissions.has(permission)) throw problem(`no permission ${permission}`);
    const user: WorldUser = {
      ...rest,
      userId: id,
      name: account,
      token: token ?? null,
      createTime: Date.parse(created),
      organizationIds: [orgId, ...organizations],
      roleIds: roles,
      permissions,
      assetIds: assets === 'all' ? [...book.assets.keys()] : assets.flatMap((slug) => idsOrFail(slug)),
    };
    portal.users.set(id, user);
    function idsOrFail(slug: string): string[] {
      const ids = idsOf(book, slug);
      if (ids === undefined) throw problem(`no asset or range ${slug}`);
      return ids;
    }
  }
  return portal;
}
