/**
 * The one place where rights are checked on the way to data: a guard around the loaders. Resolvers have no other way to
 * anything, so that none can forget the check, whatever path of the graph leads to it.
 */
import type { Loaders } from '../loaders.js';
import { seenOnly, type SeenAssets } from './assets.js';
import { refusalOf, scopedLoaders, type Scope } from './scope.js';

/** What a caller may see. */
export interface GuardRules extends Scope {
  /** Assets that he may see; absent: all that the application may read. */
  assets?: SeenAssets | undefined;
}

/** The loaders as a caller may use them. They are handed back as they are to one who may do everything. */
export function guardLoaders(loaders: Loaders, rules: GuardRules): Loaders {
  const { organizations, rights, assets } = rules;
  const refusal = refusalOf(rules);
  const { portal } = loaders;
  const guarded: Loaders = {
    ...scopedLoaders(loaders, { organizations, rights }),
    portal: {
      profile: () => portal.profile(),
      organizations: () => portal.organizations(),
      // Asked by the guard itself, and for the caller's own grants only.
      grantedAssets: (key) => portal.grantedAssets(key),
      users: (orgId, window) => {
        const refused = refusal('users:read', orgId);
        return refused ? Promise.reject(refused) : portal.users(orgId, window);
      },
    },
  };
  return assets === undefined ? guarded : { ...guarded, ...seenOnly(guarded, assets) };
}
