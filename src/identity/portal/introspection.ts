/**
 * Access tokens of the Application Portal: EnOS says whose they are (getTokenInformation). It does not say until when, so
 * a finding holds for a short time of ours, which is also the longest that a revoked token is still taken.
 */
import { Semaphore } from '../../resilience/semaphore.js';
import type { EnosClient } from '../../enos/client.js';
import { callInEdition, isInEdition, type Edition } from '../../enos/editions.js';
import { EnosError } from '../../enos/errors.js';
import { callerOf, type IdentifiedCaller } from '../caller.js';
import { KnownCallers, type Finding } from '../known-callers.js';
import { cannotTell, credentialRefused, organizationUnselected } from '../refusal.js';
import type { RoleRights } from '../role-rights.js';
import { Newcomers } from './newcomers.js';

/** How tokens of the portal are introspected. */
export interface IntrospectionOptions {
  enos: EnosClient;
  edition: Edition;
  /** Access key of this application, whose permission points count as roles. */
  accessKey: string;
  roleRights: RoleRights;
  /** Milliseconds that a good token is taken without asking again. */
  lifetime: number;
  /** The same for a bad one. */
  refusalLifetime: number;
  /** Milliseconds that an introspection may take. */
  timeout: number;
  maxCallers: number;
  /** Unknown tokens of one address, refused in the end, that EnOS is asked about in a minute. */
  unknownPerMinute: number;
  /** Introspections under way at once; half of them may be of unknown tokens. */
  concurrency: number;
  now: () => number;
}

/** Introspections that may wait for their turn. */
const MAX_WAITING = 1_000;

const SESSION = 'app-portal.getTokenInformation';
const PERMISSIONS = 'app-portal.getAppMenuAndPermission';
const ROLES = 'app-portal.getUserRoles';

/** Tells whose a token is. */
export function createPortalIdentify(
  options: IntrospectionOptions,
): (token: string, address: () => string) => IdentifiedCaller | Promise<IdentifiedCaller> {
  const { now, concurrency, unknownPerMinute } = options;
  const known = new KnownCallers({ max: options.maxCallers, now });
  const newcomers = new Newcomers({
    perMinute: unknownPerMinute,
    concurrency: Math.max(1, Math.floor(concurrency / 2)),
    now,
  });
  // Tokens that were good have a queue of their own: a flood of unknown tokens does not delay asking about them again.
  const again = new Semaphore(concurrency, MAX_WAITING);
  return (token, address) =>
    known.identify(token, async (unknown, wasGood) => {
      const ask = (): Promise<Finding> => introspect(unknown, options);
      if (!wasGood) return newcomers.ask(address(), ask);
      if (!again.hasRoom()) throw cannotTell();
      return again.run(ask);
    });
}

async function introspect(token: string, options: IntrospectionOptions): Promise<Finding> {
  const { now, lifetime, refusalLifetime, roleRights } = options;
  const call = { userToken: token, deadline: now() + options.timeout };
  try {
    const { userId, userName, currentOrgId, currentOrgName } = await sessionOf(options, call);
    if (!isText(userId) || !isText(currentOrgId)) throw cannotTell();
    const roles = roleRights.usesRoles ? await rolesOf(userId, currentOrgId, options, call) : [];
    const caller = callerOf({
      id: `portal:${userId}@${currentOrgId}`,
      kind: 'USER',
      userId,
      userName: isText(userName) ? userName : null,
      orgId: currentOrgId,
      orgName: isText(currentOrgName) ? currentOrgName : null,
      organizations: new Set([currentOrgId]),
      roles,
      rights: roleRights.of(roles),
      expiresAt: null,
      userToken: () => token,
    });
    return { caller, until: now() + lifetime };
  } catch (error) {
    if (!(error instanceof EnosError)) throw error;
    // Text that cannot be a token: EnOS was not asked.
    if (error.kind === 'argument') return { refusal: credentialRefused, until: now() + refusalLifetime };
    const { meaning } = error;
    if (meaning === 'signed-out' || meaning === 'signed-in-elsewhere')
      return { refusal: credentialRefused, until: now() + refusalLifetime };
    // May be chosen at any moment.
    if (meaning === 'no-organization') return { refusal: organizationUnselected, until: 0 };
    throw cannotTell(error.retryAfter ?? undefined);
  }
}

interface CallAs {
  userToken: string;
  deadline: number;
}

/** What introspection answers; every member is checked before it is believed. */
interface Session {
  userId?: unknown;
  userName?: unknown;
  currentOrgId?: unknown;
  currentOrgName?: unknown;
}

async function sessionOf({ enos, edition }: IntrospectionOptions, call: CallAs): Promise<Session> {
  return (await callInEdition(edition, SESSION, (id) => enos.call(id, {}, call))).data;
}

/** Permission points of the user in this application; from 2.3 on also the ids and names of their roles. */
async function rolesOf(
  userId: string,
  orgId: string,
  { enos, edition, accessKey }: IntrospectionOptions,
  call: CallAs,
): Promise<string[]> {
  const permissions = async (): Promise<string[]> => {
    const query = { accessKey };
    const { data } = await callInEdition(edition, PERMISSIONS, (id) => enos.call(id, { query }, call));
    return data.permissions.map(({ identifier }) => identifier);
  };
  const roles = async (): Promise<string[]> => {
    if (!isInEdition(edition, ROLES)) return [];
    const { deadline } = call;
    const { data } = await enos.call(ROLES, { query: { orgId, userId } }, { deadline });
    return data.roles.flatMap(({ id, name }) => [id, name]);
  };
  const found = await Promise.all([permissions(), roles()].map(orNone));
  return [...new Set(found.flat())].filter(isText);
}

async function orNone(roles: Promise<string[]>): Promise<string[]> {
  try {
    return await roles;
  } catch (error) {
    // The user or the application has no rights there: the user then has no roles.
    if (error instanceof EnosError && (error.meaning === 'denied' || error.meaning === 'not-found'))
      return [];
    throw error;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
