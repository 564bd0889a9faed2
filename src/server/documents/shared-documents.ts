/**
 * Registered documents in Redis, so that all replicas know them. Each caller has a quota of bytes, so that none
 * can fill the Redis that all share. The quota is counted in Redis, over all replicas.
 */
import { createHash } from 'node:crypto';

/** What is needed of Redis. Rejects when there is no answer in time. */
export interface DocumentStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  evaluate(script: string, key: string, args: readonly string[]): Promise<unknown>;
}

/** Documents that replicas share. Rejects when Redis does not answer. */
export interface SharedDocuments {
  get(hash: string): Promise<string | undefined>;
  /** Stores a document that is not there yet; not beyond the caller's quota, and then it is false. */
  set(hash: string, text: string, callerId: string): Promise<boolean>;
}

const DOCUMENT = 'document:';
const USED = 'documents-of:';
/** Documents live so long, and what a caller has used is counted for as long. */
const LIFETIME_MS = 7 * 86_400_000;

/** What a document takes in Redis in addition to its text, roughly: very short ones would otherwise be almost free. */
const OVERHEAD_BYTES = 200;

/** Counts bytes of a caller, unless that passes the bound. One key, so that a cluster can run it. */
const TAKE = `
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
local wanted = tonumber(ARGV[1])
if used + wanted > tonumber(ARGV[2]) then return 0 end
redis.call('INCRBY', KEYS[1], wanted)
if used == 0 then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return 1
`;

/** `maxBytes`: of UTF-8 text plus the overhead of each document, that one caller may store in a week. */
export function createSharedDocuments(store: DocumentStore, maxBytes: number): SharedDocuments {
  return {
    get: (hash) => store.get(DOCUMENT + hash),
    set: async (hash, text, callerId) => {
      // What another replica has stored, or this one before it was restarted, is not counted again, and its lifetime is not extended.
      if ((await store.get(DOCUMENT + hash)) === text) return true;
      const taken = await store.evaluate(TAKE, keyOf(callerId), [
        String(OVERHEAD_BYTES + Buffer.byteLength(text)),
        String(maxBytes),
        String(LIFETIME_MS),
      ]);
      if (taken !== 1) return false;
      await store.set(DOCUMENT + hash, text, LIFETIME_MS);
      return true;
    },
  };
}

/** Hashed: ids of callers may be long, and need not be readable in Redis. */
function keyOf(callerId: string): string {
  return USED + createHash('sha256').update(callerId).digest('base64url');
}
