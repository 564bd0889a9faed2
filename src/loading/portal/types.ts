/** Users and what they may see, as the Application Portal tells. */
import type { Slice, Window } from '../common.js';
import type { MaybePromise } from '../maybe.js';

/** A key of a user. */
export interface UserKey {
  orgId: string;
  userId: string;
}

/** A user's profile. Empty texts of EnOS are null. */
export interface UserProfile {
  userId: string;
  name: string;
  nickName: string | null;
  description: string | null;
  email: string | null;
  phone: string | null;
  company: string | null;
  department: string | null;
  position: string | null;
}

/** An organization that a user belongs to. */
export interface OrganizationRecord {
  orgId: string;
  name: string | null;
}

/** What the Application Portal tells of the user who asks. */
export interface PortalLoaders {
  /** Profile of the user who asks: getUserInformation, with his token. Null where EnOS does not know him. */
  profile(): MaybePromise<UserProfile | null>;
  /** Organizations of the user who asks: getOrganizationList, with his token. Null where EnOS does not know him. */
  organizations(): MaybePromise<OrganizationRecord[] | null>;
  /** Ids of the assets that a user may access in an organization: getAssetsByOrganization. None for a stranger to it. */
  grantedAssets(key: UserKey): MaybePromise<string[]>;
}

/** Reads of users. */
export interface UserLoaders {
  /** Users of an organization: getOrganizationUserList. */
  list(orgId: string, window: Window): MaybePromise<Slice<UserProfile>>;
}
