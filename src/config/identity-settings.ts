/** The settings of identity as the rest of the server gets them, and what of them does not go together. */
import type { z } from 'zod';
import type { IDENTITY_DEFINITIONS, AuthMode } from './definitions/identity-definitions.js';
import type { JwtAlgorithm } from './jwt-algorithms.js';
import { isLoopbackHost } from './definitions/values.js';
import { shownInError } from './definitions/definition.js';

type Definitions = typeof IDENTITY_DEFINITIONS;
/** Values by name: undefined where there is no default. */
export type IdentityValues = {
  [N in keyof Definitions]:
    | (Definitions[N]['schema'] extends z.ZodType<infer T, string> ? T : never)
    | (Definitions[N]['fallback'] extends string ? never : undefined);
};

/** Who is let in, and what they may see. Times in milliseconds. */
export interface IdentitySettings {
  modes: AuthMode[];
  noneConfirmed: boolean;
  maxCallers: number;
  portal: { lifetime: number; refusalLifetime: number; timeout: number; unknownPerMinute: number };
  trustedProxies: string[];
  jwt: {
    issuer?: string;
    audience?: string;
    keys?: string;
    algorithms: JwtAlgorithm[];
    clockTolerance: number;
    keysMaxAge: number;
    keysCoolDown: number;
    claims: { user: string; name: string; organization?: string; roles: string };
  };
  apiKeys: { file?: string; interval: number };
  rights: { everybody: string[]; byRole: ReadonlyMap<string, readonly string[]> };
  assetRights: { source: 'off' | 'portal'; treeId?: string; lifetime: number };
}

/** Values in their places. */
export function composeIdentity(values: IdentityValues): IdentitySettings {
  return {
    modes: values.AUTH_MODES,
    noneConfirmed: values.AUTH_NONE_CONFIRMED,
    maxCallers: values.AUTH_CACHE_SIZE,
    portal: {
      lifetime: values.AUTH_PORTAL_TTL,
      refusalLifetime: values.AUTH_PORTAL_REFUSAL_TTL,
      timeout: values.AUTH_TIMEOUT,
      unknownPerMinute: values.AUTH_UNKNOWN_TOKENS,
    },
    trustedProxies: values.TRUSTED_PROXIES,
    jwt: {
      issuer: values.AUTH_JWT_ISSUER,
      audience: values.AUTH_JWT_AUDIENCE,
      keys: values.AUTH_JWT_KEYS,
      algorithms: values.AUTH_JWT_ALGORITHMS,
      clockTolerance: values.AUTH_JWT_CLOCK_TOLERANCE,
      keysMaxAge: values.AUTH_JWT_KEYS_TTL,
      keysCoolDown: values.AUTH_JWT_KEYS_COOLDOWN,
      claims: {
        user: values.AUTH_JWT_USER_CLAIM,
        name: values.AUTH_JWT_NAME_CLAIM,
        organization: values.AUTH_JWT_ORG_CLAIM,
        roles: values.AUTH_JWT_ROLES_CLAIM,
      },
    },
    apiKeys: { file: values.AUTH_API_KEYS_FILE, interval: values.AUTH_API_KEYS_INTERVAL },
    rights: { everybody: values.RIGHTS_EVERYBODY, byRole: values.RIGHTS_BY_ROLE },
    assetRights: {
      source: values.ASSET_RIGHTS,
      treeId: values.ASSET_RIGHTS_TREE,
      lifetime: values.ASSET_RIGHTS_TTL,
    },
  };
}

/** What a check of the values must know around them. */
export interface IdentityCircumstances {
  /** NODE_ENV=production. */
  production: boolean;
  /** Whether the server listens on this machine only. */
  loopback: boolean;
  /** Whether AUTH_MODES was written out. */
  modesGiven: boolean;
}

/** What does not go together, in lines that name the setting. Values that could not be read are missing. */
export function identityProblems(
  values: Partial<IdentityValues>,
  { production, loopback, modesGiven }: IdentityCircumstances,
): string[] {
  const problems: string[] = [];
  const { AUTH_MODES: modes } = values;
  if (modes === undefined) return problems;
  if (modes.includes('none')) {
    if (modes.length > 1)
      problems.push(
        `AUTH_MODES: expected none alone, or other ways without it, got ${shownInError(modes.join(','))}`,
      );
    if ((production || !loopback) && !(modesGiven && values.AUTH_NONE_CONFIRMED === true)) {
      const why = production ? 'NODE_ENV is production' : 'HOST is reachable from other machines';
      problems.push(
        `AUTH_MODES: expected portal, jwt or api-key, since ${why}; to let everybody in all the same, set AUTH_MODES=none and AUTH_NONE_CONFIRMED=on`,
      );
    }
    if (values.ASSET_RIGHTS === 'portal')
      problems.push('ASSET_RIGHTS: expected off, since AUTH_MODES=none tells no users apart, got "portal"');
  }
  if (modes.includes('jwt')) {
    for (const name of ['AUTH_JWT_ISSUER', 'AUTH_JWT_AUDIENCE', 'AUTH_JWT_KEYS'] as const)
      if (values[name] === undefined) problems.push(`${name}: expected a value, since AUTH_MODES has jwt`);
    if (values.AUTH_JWT_KEYS !== undefined && !isSafeLocation(values.AUTH_JWT_KEYS))
      problems.push(
        `AUTH_JWT_KEYS: expected an https:// address (http:// on this machine only), or a file, got ${shownInError(values.AUTH_JWT_KEYS)}`,
      );
  }
  if (modes.includes('api-key') && values.AUTH_API_KEYS_FILE === undefined)
    problems.push('AUTH_API_KEYS_FILE: expected a value, since AUTH_MODES has api-key');
  return problems;
}

/** Whether keys may be fetched from there: nothing between may change them. */
function isSafeLocation(location: string): boolean {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(location)) return true;
  if (!URL.canParse(location)) return false;
  const { protocol, hostname } = new URL(location);
  if (protocol === 'https:') return true;
  return protocol === 'http:' && isLoopbackHost(hostname);
}
