/**
 * JWTs of an issuer that is trusted: signature by its public keys, algorithm among those that the settings name, issuer,
 * audience, times. What the claims say of the user is taken from the claims that the settings name.
 */
import { errors, jwtVerify, type JWTPayload } from 'jose';
import type { JwtAlgorithm } from '../../config/jwt-algorithms.js';
import { callerOf, type IdentifiedCaller } from '../caller.js';
import { KnownCallers, type Finding } from '../known-callers.js';
import { cannotTell, credentialRefused } from '../refusal.js';
import type { RoleRights } from '../role-rights.js';
import { KeySet, NoKeys, keySource } from './key-set.js';

/** How tokens are verified and read. Times in milliseconds. */
export interface JwtSettings {
  issuer: string;
  audience: string;
  /** Address or file of the key set. */
  keys: string;
  algorithms: readonly JwtAlgorithm[];
  clockTolerance: number;
  keysMaxAge: number;
  keysCoolDown: number;
  /** Names of claims. Without one for the organization, every user is of `orgId`. */
  claims: { user: string; name: string; organization: string | undefined; roles: string };
}

/** Around the settings. */
export interface JwtOptions {
  settings: JwtSettings;
  /** Organization of users whose tokens name none, as the settings allow. */
  orgId: string;
  roleRights: RoleRights;
  maxCallers: number;
  now: () => number;
  logger: (level: 'info' | 'warn', message: string, details: Record<string, unknown>) => void;
}

/** Verifies tokens of one issuer. */
export interface JwtIdentify {
  (token: string): IdentifiedCaller | Promise<IdentifiedCaller>;
}

/** How long a good token is taken without verifying it again, at most; it ends with the token itself. */
const MAX_KNOWN_MS = 5 * 60_000;
/** The same for a bad one, which may be one of a key that is about to be published. */
const REFUSAL_MS = 5_000;

/**
 * Makes the verifier. Keys in a file are read at once: rejects where that is not possible. Keys at an address are read when
 * the first token comes, so that the server starts without its issuer.
 */
export async function createJwtIdentify(options: JwtOptions): Promise<JwtIdentify> {
  const { settings, maxCallers, now, logger } = options;
  const known = new KnownCallers({ max: maxCallers, now });
  const keys = new KeySet({
    source: keySource(settings.keys),
    maxAge: settings.keysMaxAge,
    coolDown: settings.keysCoolDown,
    now,
    onChange: () => known.clear(),
    onFailure: (reason) =>
      logger('warn', 'The keys that verify JWTs cannot be read', { reason: lineOf(reason) }),
  });
  if (/^https?:\/\//i.test(settings.keys)) void keys.load().catch(() => undefined);
  else await keys.load();
  return (token) => {
    // A key that was withdrawn is noticed also while all tokens are known.
    keys.refresh();
    return known.identify(token, (unknown) => verify(unknown, keys, options));
  };
}

async function verify(token: string, keys: KeySet, options: JwtOptions): Promise<Finding> {
  const { settings, now } = options;
  const refused: Finding = { refusal: credentialRefused, until: now() + REFUSAL_MS };
  let payload: JWTPayload;
  try {
    ({ payload } = await jwtVerify(token, keys.find, {
      issuer: settings.issuer,
      audience: settings.audience,
      algorithms: [...settings.algorithms],
      clockTolerance: settings.clockTolerance / 1_000,
      requiredClaims: ['exp'],
      currentDate: new Date(now()),
    }));
  } catch (error) {
    if (error instanceof NoKeys) throw cannotTell();
    if (error instanceof errors.JOSEError) return refused;
    throw error;
  }
  const caller = toCaller(payload, options);
  if (caller === null) return refused;
  const ends = (caller.expiresAt ?? 0) + settings.clockTolerance;
  return { caller, until: Math.min(ends, now() + MAX_KNOWN_MS) };
}

/** The caller that verified claims describe; null where they lack their id or their organization. */
function toCaller(payload: JWTPayload, { settings, orgId, roleRights }: JwtOptions): IdentifiedCaller | null {
  const { claims } = settings;
  const userId = textClaim(payload, claims.user);
  const organization = claims.organization === undefined ? orgId : textClaim(payload, claims.organization);
  if (userId === null || organization === null) return null;
  const roles = wordsClaim(payload, claims.roles);
  return callerOf({
    id: `jwt:${userId}@${organization}`,
    kind: 'USER',
    userId,
    userName: textClaim(payload, claims.name),
    orgId: organization,
    orgName: null,
    organizations: new Set([organization]),
    roles,
    rights: roleRights.of(roles),
    expiresAt: payload.exp === undefined ? null : payload.exp * 1_000,
  });
}

/** Addresses stand in the settings, not in errors. */
function lineOf(reason: string): string {
  return reason.replace(/\s+/g, ' ').slice(0, 200);
}

/** Reading claims: a name, or names joined by dots for a claim within a claim (`realm_access.roles`). */

/** The text of a claim; null where it is absent, empty, or no text. */
export function textClaim(payload: JWTPayload, name: string): string | null {
  const value = claimAt(payload, name);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The words of a claim: a list of texts, or one text with spaces between them, as `scope` is written. */
export function wordsClaim(payload: JWTPayload, name: string): string[] {
  const value = claimAt(payload, name);
  const words: unknown[] = typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : [];
  return words.filter((word): word is string => typeof word === 'string' && word !== '');
}

/** Names with dots in them (`https://example.com/roles`) are taken as they are before they are taken apart. */
function claimAt(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  let current: unknown = payload;
  for (const part of name.split('.')) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) return undefined;
    current = (current as Record<string, unknown>)[part];
  }
  return current;
}
