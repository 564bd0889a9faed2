/**
 * The API keys in force. The file is looked at again every few seconds and on SIGHUP; one that cannot be used leaves the keys
 * as they are, so that a slip of an editor neither locks out nor lets in.
 */
import { unwatchFile, watchFile } from 'node:fs';
import { callerOf, type IdentifiedCaller } from '../caller.js';
import { credentialRefused } from '../refusal.js';
import { toRights, type RoleRights } from '../role-rights.js';
import { readKeyFile, type KeyEntry, hashOfKey, idOfKey, isKeyOf, newKey } from './file.js';

/** Where keys come from and what they give. */
export interface ApiKeyOptions {
  file: string;
  /** Milliseconds between two looks at the file. */
  interval: number;
  roleRights: RoleRights;
  now: () => number;
  logger: (level: 'info' | 'warn', message: string, details: Record<string, unknown>) => void;
}

/** Tells whose a key is, at once. */
export interface ApiKeys {
  /** Throws the refusal of a key that is unknown or expired. */
  readonly identify: (key: string) => IdentifiedCaller;
  /** Reads the file again. */
  reload(): Promise<void>;
  close(): void;
}

interface ActiveKey {
  hash: string;
  caller: IdentifiedCaller;
  /** Unix milliseconds. */
  endsAt: number;
}

/** What unknown ids are compared with, so that their refusal takes as long as that of a wrong secret. */
const NOBODY = hashOfKey(newKey('nobody'));

/** Reads the file and keeps watching it. Rejects with `KeyFileError`, or `UnknownRight`, where it cannot be used. */
export async function createApiKeys(options: ApiKeyOptions): Promise<ApiKeys> {
  const { file, interval, roleRights, now, logger } = options;
  let keys = activeKeys(await readKeyFile(file), roleRights);
  const reload = async (): Promise<void> => {
    try {
      keys = activeKeys(await readKeyFile(file), roleRights);
      logger('info', 'API keys read again', { keys: keys.size });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger('warn', 'The file of API keys cannot be used; the keys stay as they were', { reason });
    }
  };
  const onChange = (): void => void reload();
  // Polled, because watching by events misses files that are replaced, and mounted ones.
  watchFile(file, { interval, persistent: false }, onChange);
  process.on('SIGHUP', onChange);
  return {
    identify: (key) => {
      const id = idOfKey(key);
      const found = id === undefined ? undefined : keys.get(id);
      const isRight = isKeyOf(key, found?.hash ?? NOBODY);
      if (!found || !isRight || found.endsAt <= now()) throw credentialRefused();
      return found.caller;
    },
    reload,
    close: () => {
      unwatchFile(file, onChange);
      process.off('SIGHUP', onChange);
    },
  };
}

function activeKeys(entries: readonly KeyEntry[], roleRights: RoleRights): Map<string, ActiveKey> {
  return new Map(
    entries.map(({ id, hash, orgId, roles, rights, expires, note }) => {
      const endsAt = expires === undefined ? Infinity : Date.parse(expires);
      const caller = callerOf({
        id: `key:${id}`,
        kind: 'API_KEY',
        userId: null,
        userName: note ?? id,
        orgId,
        orgName: null,
        organizations: new Set([orgId]),
        roles,
        rights: rights === undefined ? roleRights.of(roles) : toRights(rights),
        expiresAt: expires === undefined ? null : endsAt,
      });
      return [id, { hash, caller, endsAt }];
    }),
  );
}
