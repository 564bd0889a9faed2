/**
 * Identity as the settings have it: who is let in (identity), whose rights fetch what (loading), what they may see (the guard),
 * and what `viewer` shows of them (graph). A part of the composition root.
 */
import type { Logger } from 'pino';
import { type IdentitySettings, type Settings, SettingsError } from './config/settings.js';
import { shownInError } from './config/definitions/definition.js';
import type { EnosClient } from './enos/client.js';
import type { GraphIdentity } from './graph/context.js';
import { KeyFileError } from './identity/api-keys/file.js';
import type { IdentifiedCaller } from './identity/caller.js';
import { createIdentities, type Identities } from './identity/create-identity.js';
import { NoKeys } from './identity/jwt/key-set.js';
import { UnknownRight } from './identity/role-rights.js';
import { GrantedAssets, SEES_NOTHING } from './loading/guard/granted-assets.js';
import { guardLoaders } from './loading/guard/guard.js';
import type { Identity, UserIdentity } from './loading/load-context.js';
import type { Loaders } from './loading/loaders.js';

/** Callers, and what follows from who they are. */
export interface Callers {
  readonly identify: Identities['identify'];
  /** Under which identities the loaders of their requests fetch and keep data. */
  identitiesOf(caller: IdentifiedCaller): { identity: Identity; user?: UserIdentity };
  /** The loaders as they may use them. `onGrants` is told until when (Unix milliseconds) rights by asset count. */
  guard(loaders: Loaders, caller: IdentifiedCaller, onGrants: (until: number) => void): Loaders;
  /** What the graph knows of them. */
  graphIdentity(caller: IdentifiedCaller): GraphIdentity;
  readonly close: () => void;
}

/** Data that the application fetches for everybody is shared by everybody: rights are checked after it. */
const SERVICE_ACCOUNT = 'service-account';
/** Organizations whose identity is remembered. */
const MAX_ORGANIZATIONS = 1_000;

/** The application in an organization: the same object each time, so that what is made for an identity is made once. */
class ServiceIdentities {
  private readonly byOrg = new Map<string, Identity>();

  of(orgId: string): Identity {
    const known = this.byOrg.get(orgId);
    if (known !== undefined) return known;
    const made: Identity = { id: SERVICE_ACCOUNT, orgId };
    if (this.byOrg.size >= MAX_ORGANIZATIONS) this.byOrg.clear();
    this.byOrg.set(orgId, made);
    return made;
  }
}

/** Makes them. Rejects with `SettingsError` where a setting names what does not exist. */
export async function createCallers(settings: Settings, enos: EnosClient, logger: Logger): Promise<Callers> {
  const { identity, enos: gateway } = settings;
  const identities = await usable(
    createIdentities(identitySettings(identity), {
      enos,
      edition: gateway.edition,
      accessKey: gateway.accessKey,
      concurrency: gateway.serviceConcurrency,
      orgId: gateway.orgId,
      logger: (level, message, details) => logger[level](details, message),
    }),
    identity,
  );
  const { source, ...grantOptions } = identity.assetRights;
  const grants = source === 'portal' ? new GrantedAssets({ ...grantOptions, now: Date.now }) : undefined;
  const services = new ServiceIdentities();
  return {
    identify: identities.identify,
    close: identities.close,
    identitiesOf: ({ id, orgId, userId, userToken }) => ({
      identity: services.of(orgId),
      ...(userId === null || userToken === undefined ? {} : { user: { id, orgId, userId, userToken } }),
    }),
    guard: (loaders, { organizations, rights, userId, kind }, onGrants) => {
      // Callers are not told apart: all may do what the application may.
      if (kind === 'SERVICE') return loaders;
      const seesAll = grants === undefined || rights.has('assets:all');
      const own = userId === null ? SEES_NOTHING : grants?.forRequest(userId, loaders, onGrants);
      return guardLoaders(loaders, { organizations, rights, assets: seesAll ? undefined : own });
    },
    graphIdentity: ({ id, orgId, rights, kind, userId, userName, orgName, roles, expiresAt, userToken }) => ({
      id,
      orgId,
      rights,
      viewer: {
        kind,
        userId,
        userName,
        orgName,
        roles,
        expiresAt,
        hasGrants:
          userToken !== undefined || (grants !== undefined && userId !== null && !rights.has('assets:all')),
      },
    }),
  };
}

function identitySettings(identity: IdentitySettings): Parameters<typeof createIdentities>[0] {
  const { modes, rights, portal, trustedProxies, jwt, apiKeys, maxCallers } = identity;
  const { issuer, audience, keys, algorithms, clockTolerance, keysMaxAge, keysCoolDown, claims } = jwt;
  return {
    modes: new Set(modes.flatMap((mode) => (mode === 'none' ? [] : [mode]))),
    rights,
    portal,
    trustedProxies,
    // What a mode needs is there: the settings are checked for it.
    jwt:
      issuer === undefined || audience === undefined || keys === undefined
        ? undefined
        : {
            issuer,
            audience,
            keys,
            algorithms,
            clockTolerance,
            keysMaxAge,
            keysCoolDown,
            claims: { ...claims, organization: claims.organization },
          },
    apiKeys: apiKeys.file === undefined ? undefined : { file: apiKeys.file, interval: apiKeys.interval },
    maxCallers,
  };
}

/** What is wrong with a setting is said like everything else that is. */
async function usable<T>(made: Promise<T>, { jwt: { keys = '' } }: IdentitySettings): Promise<T> {
  try {
    return await made;
  } catch (error) {
    if (error instanceof UnknownRight)
      throw new SettingsError([`RIGHTS_EVERYBODY, RIGHTS_BY_ROLE or an API key: ${error.message}`]);
    if (error instanceof KeyFileError) throw new SettingsError([`AUTH_API_KEYS_FILE: ${error.message}`]);
    if (error instanceof NoKeys) {
      const expected = 'expected a file with a key set (JWKS) of public keys';
      throw new SettingsError([`AUTH_JWT_KEYS: ${expected}, got ${shownInError(keys)}`]);
    }
    throw error;
  }
}
