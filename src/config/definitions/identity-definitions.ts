/** The settings that decide who is let in and what they may see. A part of the table in definitions.ts. */
import { group, time, words, type Kind } from './definition.js';
import { integer, onOff, oneOfWords, proxies } from './values.js';
import { z } from 'zod';
import { JWT_ALGORITHMS, type JwtAlgorithm } from '../jwt-algorithms.js';

const MODES = ['portal', 'jwt', 'api-key', 'none'] as const;

/** A way to be let in. */
export type AuthMode = (typeof MODES)[number];

/** Words separated by commas, each of a few, at least one. */
function wordsOf<const T extends string>(known: readonly T[], what: string): z.ZodType<T[], string> {
  return z.string().transform((value, context) => {
    const words = split(value, ',');
    const found = words.flatMap((word) => known.filter((candidate) => candidate === word));
    if (words.length > 0 && found.length === words.length) return [...new Set(found)];
    context.addIssue({
      code: 'custom',
      message: `expected ${what}, separated by commas: ${known.join(', ')}`,
    });
    return z.NEVER;
  });
}

/** Ways to be let in. */
export const authModes = (): z.ZodType<AuthMode[], string> => wordsOf(MODES, 'ways to be let in');

/** Algorithms of signatures. */
export const jwtAlgorithms = (): z.ZodType<JwtAlgorithm[], string> =>
  wordsOf(JWT_ALGORITHMS, 'asymmetric algorithms');

/** Rights separated by commas. Which rights there are is for the graph to say. */
export function rightsList(): z.ZodType<string[], string> {
  return z.string().transform((value, context) => {
    const words = split(value, ',');
    if (words.every((word) => /^[a-z*:-]+$/.test(word))) return words;
    context.addIssue({
      code: 'custom',
      message: 'expected rights separated by commas, such as read,alerts:write',
    });
    return z.NEVER;
  });
}

/** `role=right,right;role=right`. */
export function rightsByRole(): z.ZodType<ReadonlyMap<string, readonly string[]>, string> {
  return z.string().transform((value, context) => {
    const roles = new Map<string, readonly string[]>();
    for (const part of split(value, ';')) {
      const [role = '', rights, ...rest] = part.split('=').map((text) => text.trim());
      if (role === '' || !rights || rest.length > 0 || roles.has(role)) {
        context.addIssue({
          code: 'custom',
          message: 'expected roles with their rights, such as operator=read,alerts:write;admin=*',
        });
        return z.NEVER;
      }
      roles.set(role, split(rights, ','));
    }
    return roles;
  });
}

/** As it is written. */
export function formatRightsByRole(roles: ReadonlyMap<string, readonly string[]>): string {
  return [...roles].map(([role, rights]) => `${role}=${rights.join(',')}`).join(';');
}

function split(text: string, separator: string): string[] {
  return text.split(separator).flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
}

const identity = group('Identity');
const list: Kind<string[]> = { schema: rightsList(), show: (rights) => rights.join(',') };

/** The table. Its order is that of the documentation. */
export const IDENTITY_DEFINITIONS = {
  AUTH_MODES: identity(
    { schema: authModes(), show: (modes) => modes.join(',') },
    'none',
    'How callers may identify themselves, separated by commas: portal (access tokens of the Application Portal), jwt, api-key; or none: everybody is let in and reads with the service account.',
  ),
  AUTH_NONE_CONFIRMED: identity(
    { schema: onOff(), show: (value) => (value ? 'on' : 'off') },
    'off',
    'Together with AUTH_MODES=none, which must then be written out: lets everybody in although NODE_ENV is production or HOST is reachable from other machines.',
  ),
  AUTH_CACHE_SIZE: identity(
    { schema: integer(1, 10_000_000), show: String },
    '10000',
    'Most callers whose credentials are remembered.',
  ),
  AUTH_PORTAL_TTL: identity(
    time(0),
    '30s',
    'How long a portal token is taken without asking EnOS again: the longest that a revoked one is still good.',
  ),
  AUTH_PORTAL_REFUSAL_TTL: identity(time(0), '5s', 'The same for a token that EnOS refused.'),
  AUTH_TIMEOUT: identity(time(1), '5s', 'Time that EnOS may take to tell whose a portal token is.'),
  AUTH_UNKNOWN_TOKENS: identity(
    { schema: integer(1, 1_000_000), show: String },
    '120',
    'Unknown portal tokens of one client address that EnOS is asked about in a minute. Those that turn out to be good do not count; beyond it unknown ones get 429.',
  ),
  TRUSTED_PROXIES: identity(
    { schema: proxies(), show: (addresses) => addresses.join(',') },
    '',
    'Proxies whose X-Forwarded-For tells the address of a client, separated by commas: addresses, ranges such as 10.0.0.0/8, or loopback, linklocal, uniquelocal (private networks). Empty: the address is that of the connection.',
  ),
  AUTH_JWT_ISSUER: identity(words, undefined, 'Who must have issued a JWT (`iss`). Needed for jwt.'),
  AUTH_JWT_AUDIENCE: identity(words, undefined, 'Whom a JWT must be for (`aud`). Needed for jwt.'),
  AUTH_JWT_KEYS: identity(
    words,
    undefined,
    'Key set (JWKS) that verifies JWTs: an https address (http on this machine only), or a file. Needed for jwt.',
  ),
  AUTH_JWT_ALGORITHMS: identity(
    { schema: jwtAlgorithms(), show: (algorithms) => algorithms.join(',') },
    'RS256,ES256',
    'Algorithms that JWTs may be signed with. Asymmetric ones only.',
  ),
  AUTH_JWT_CLOCK_TOLERANCE: identity(time(0), '5s', 'How far the clocks of issuer and server may be apart.'),
  AUTH_JWT_KEYS_TTL: identity(
    time(1_000),
    '10m',
    'Age at which the key set is read again: the longest that a withdrawn key is still good.',
  ),
  AUTH_JWT_KEYS_COOLDOWN: identity(
    time(0),
    '30s',
    'Least time between two readings of the key set, however many tokens name unknown keys.',
  ),
  AUTH_JWT_USER_CLAIM: identity(
    words,
    'sub',
    'Claim with the id of the user. Names joined by dots lead into claims, such as realm_access.roles.',
  ),
  AUTH_JWT_NAME_CLAIM: identity(words, 'name', 'Claim with the name of the user.'),
  AUTH_JWT_ORG_CLAIM: identity(
    words,
    undefined,
    'Claim with the organization of the user; a JWT without it is refused. Absent: every user is of ENOS_ORG_ID.',
  ),
  AUTH_JWT_ROLES_CLAIM: identity(
    words,
    'roles',
    'Claim with the roles of the user: a list, or words with spaces between them.',
  ),
  AUTH_API_KEYS_FILE: identity(
    words,
    undefined,
    'File of API keys, kept by `npm run api-key`. Needed for api-key.',
  ),
  AUTH_API_KEYS_INTERVAL: identity(
    time(100),
    '5s',
    'How often that file is looked at; SIGHUP has it read at once.',
  ),
  RIGHTS_EVERYBODY: identity(list, 'read', 'Rights of every caller who was let in, separated by commas.'),
  RIGHTS_BY_ROLE: identity(
    { schema: rightsByRole(), show: formatRightsByRole },
    '',
    'Further rights by role, such as operator=alerts:write;admin=*. Roles of portal users: their permission points in this application, and the ids and names of their roles.',
  ),
  ASSET_RIGHTS: identity(
    { schema: oneOfWords('off', 'portal'), show: String },
    'off',
    'portal: users see only the assets that the Application Portal grants them. off: all that the service account may read.',
  ),
  ASSET_RIGHTS_TREE: identity(
    words,
    undefined,
    'With ASSET_RIGHTS=portal: id of a tree in which a right to an asset covers everything below it.',
  ),
  ASSET_RIGHTS_TTL: identity(
    time(0),
    '30s',
    'How long the assets granted to a user are remembered: the longest that a withdrawn right still counts.',
  ),
} as const;
