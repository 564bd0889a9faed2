/**
 * What the portal's handlers share: the session of a request, its refusals, pages, times and texts.
 */
import { ServiceError } from '../../operation.js';
import type { OperationRequest, SimulatorContext } from '../../operation.js';
import type { PortalSession } from '../../portal/sessions.js';
import type { I18nText, WorldPortal, WorldUser } from '../../world/world.js';

/** 31401: no token, or one that is unknown, expired or logged out. */
export const notSignedIn = (): ServiceError => new ServiceError(31401, 'Please login first');

/** 31404: a user, an organization or an asset that does not exist. */
export const noSuch = (what: string): ServiceError => new ServiceError(31404, `Can not find this ${what}.`);

/** 31400: a parameter is missing or not valid. */
export const badParameter = (text: string): ServiceError => new ServiceError(31400, text);

/** The portal of the world. */
export function portalOf({ world }: SimulatorContext): WorldPortal {
  return (
    world.portal ?? { organizations: new Map(), roles: new Map(), permissions: new Map(), users: new Map() }
  );
}

/** The token that a request carries; most samples of 2.1 leave out the word Bearer. */
export function tokenOf({ headers }: OperationRequest): string {
  const { authorization } = headers;
  return typeof authorization === 'string' ? authorization.replace(/^Bearer +/i, '') : '';
}

/** The live session of a request, whatever its organization. */
export function signedIn(request: OperationRequest, { sessions }: SimulatorContext): PortalSession {
  const session = sessions.find(tokenOf(request));
  if (session === null) throw notSignedIn();
  return session;
}

/** The live session of a request, with its organization chosen. */
export function workingSession(
  request: OperationRequest,
  context: SimulatorContext,
): { user: WorldUser; orgId: string; orgName: string } {
  const { user, orgId } = signedIn(request, context);
  if (orgId === null) throw new ServiceError(31512, 'Organization unselected');
  return { user, orgId, orgName: portalOf(context).organizations.get(orgId) ?? '' };
}

/** A user of an organization. */
export function memberOf(context: SimulatorContext, orgId: string, userId: string): WorldUser {
  if (!portalOf(context).organizations.has(orgId)) throw noSuch('organization');
  const user = portalOf(context).users.get(userId);
  if (!user?.organizationIds.includes(orgId)) throw noSuch('user');
  return user;
}

/** All users of an organization. */
export function membersOf(context: SimulatorContext, orgId: string): WorldUser[] {
  if (!portalOf(context).organizations.has(orgId)) throw noSuch('organization');
  return [...portalOf(context).users.values()].filter(({ organizationIds }) =>
    organizationIds.includes(orgId),
  );
}

/** Assets that a user may access in an organization; only the world's own has any. */
export function assetsOf({ world }: SimulatorContext, user: WorldUser, orgId: string): string[] {
  return orgId === world.orgId ? user.assetIds : [];
}

/** One page, counted from 0, and the block that describes it. */
export function portalPage<T>(rows: readonly T[], pagination: unknown): { pagination: object; rows: T[] } {
  const { pageNo = 0, pageSize = 1000 } = (pagination ?? {}) as { pageNo?: number; pageSize?: number };
  return {
    pagination: { pageNo, pageSize, totalElements: rows.length },
    rows: rows.slice(pageNo * pageSize, (pageNo + 1) * pageSize),
  };
}

/** Texts as the portal writes them. */
export function portalText({ defaultValue, i18nValue }: I18nText): Record<string, string> {
  return { default: defaultValue, ...i18nValue };
}

/** Local time as the portal writes it. */
export function portalTime(time: number): string {
  return new Date(time)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.(\d)\d\dZ$/, '.$1');
}
