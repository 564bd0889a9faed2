/**
 * Who asks, by the ways that the settings allow. A credential's shape decides which way it goes; no two ways are tried for
 * one credential, so that a mistake in one cannot be made good by another.
 */
import type { IncomingMessage } from 'node:http';
import type { EnosClient } from '../enos/client.js';
import type { Edition } from '../enos/editions.js';
import { ALL_RIGHTS } from '../loading/guard/rights.js';
import { createApiKeys } from './api-keys/store.js';
import { callerOf, type IdentifiedCaller } from './caller.js';
import { clientAddresses } from './client-address.js';
import { readCredential } from './credential.js';
import { createJwtIdentify, type JwtSettings } from './jwt/verify.js';
import { createPortalIdentify } from './portal/introspection.js';
import { credentialAmbiguous, credentialMissing, credentialRefused } from './refusal.js';
import { createRoleRights, type RoleRightsSettings } from './role-rights.js';

/** Everything that decides who is let in. Times in milliseconds. */
export interface IdentityOptions {
  /** None: all callers are let in, and not told apart. */
  modes: ReadonlySet<'portal' | 'jwt' | 'api-key'>;
  rights: RoleRightsSettings;
  portal: { lifetime: number; refusalLifetime: number; timeout: number; unknownPerMinute: number };
  /** Whose X-Forwarded-For is believed, for limits per address. */
  trustedProxies: readonly string[];
  jwt: JwtSettings | undefined;
  apiKeys: { file: string; interval: number } | undefined;
  /** Callers that are remembered. */
  maxCallers: number;
}

/** What identification rests on. */
export interface IdentityParts {
  enos: EnosClient;
  edition: Edition;
  accessKey: string;
  /** Introspections that may be under way at once. */
  concurrency: number;
  /** Organization of callers whose credential names none. */
  orgId: string;
  now?: () => number;
  logger: (level: 'info' | 'warn', message: string, details: Record<string, unknown>) => void;
}

/** Tells callers apart. */
export interface Identities {
  /** Answers at once where the credential is known. Throws or rejects with a GraphQLError (401, 403, 503). */
  readonly identify: (req: IncomingMessage) => IdentifiedCaller | Promise<IdentifiedCaller>;
  readonly close: () => void;
}

/** `address` tells where the request comes from, for limits per address. */
type Way = (token: string, address: () => string) => IdentifiedCaller | Promise<IdentifiedCaller>;

/** Makes it. Rejects where a setting cannot be used: a right that does not exist, a file that cannot be read. */
export async function createIdentities(settings: IdentityOptions, parts: IdentityParts): Promise<Identities> {
  const { modes, maxCallers } = settings;
  const { now = Date.now, orgId, logger } = parts;
  const roleRights = createRoleRights(settings.rights);
  if (modes.size === 0) {
    const anybody = anybodyOf(orgId);
    return { identify: () => anybody, close: () => undefined };
  }
  const common = { roleRights, maxCallers, now };
  const portal: Way | undefined = modes.has('portal')
    ? createPortalIdentify({ ...common, ...settings.portal, ...parts, now })
    : undefined;
  const jwt: Way | undefined =
    modes.has('jwt') && settings.jwt
      ? await createJwtIdentify({ ...common, settings: settings.jwt, orgId, logger })
      : undefined;
  const apiKeys =
    modes.has('api-key') && settings.apiKeys
      ? await createApiKeys({ ...settings.apiKeys, roleRights, now, logger })
      : undefined;
  const ways: Record<'api-key' | 'jwt' | 'opaque', Way | undefined> = {
    'api-key': apiKeys?.identify,
    // Without trust in an issuer, a token of that shape is as opaque as any other.
    jwt: jwt ?? portal,
    opaque: portal,
  };
  const addressOf = clientAddresses(settings.trustedProxies);
  return {
    identify: (req) => {
      const credential = readCredential(req);
      if (credential.kind === 'missing') throw credentialMissing();
      if (credential.kind === 'ambiguous') throw credentialAmbiguous();
      const way = credential.kind === 'malformed' ? undefined : ways[credential.kind];
      if (credential.kind === 'malformed' || way === undefined) throw credentialRefused();
      return way(credential.token, () => addressOf(req));
    },
    close: () => apiKeys?.close(),
  };
}

/** The one caller where callers are not told apart: the application itself. */
function anybodyOf(orgId: string): IdentifiedCaller {
  return callerOf({
    id: 'anybody',
    kind: 'SERVICE',
    userId: null,
    userName: null,
    orgId,
    orgName: null,
    organizations: null,
    roles: [],
    rights: ALL_RIGHTS,
    expiresAt: null,
  });
}
