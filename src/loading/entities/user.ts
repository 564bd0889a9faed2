/** Users of organizations. The Application Portal lists them and has no search by id. */
import { special } from '../entity/special.js';

/** getOrganizationUserList. */
export const user = special({
  type: 'User',
  nouns: { one: 'user', many: 'users' },
  right: { name: 'users:read', allows: 'see the users of the organization', personal: true },
  // The viewer is a user too, and may see himself: the field that lists others says what it needs.
  shownBy: [],
  lifetime: { setting: 'CACHE_TTL_USERS', fallback: 60_000 },
  reads: 'users',
  assets: 'none',
  load: null,
});
