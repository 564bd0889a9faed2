/**
 * Documents that clients have registered by their hash (automatic persisted queries): those used last in this process, and
 * all of them in Redis where replicas share one. What comes from Redis is believed only if it has the hash.
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { MaybePromise } from '../hooks.js';

/** The documents by hash (SHA-256, lower-case hex). */
export interface RegisteredDocuments {
  find(hash: string): MaybePromise<string | undefined>;
  /** Keeps a document, whose hash has been checked, once it has turned out to be valid. */
  offer(hash: string, text: string): void;
  /** Tells that a text is valid, and whose request brought it. */
  validated(text: string, callerId: string): void;
}

/** Bounds in characters: of what is registered, and of what waits for its validation. */
const MAX_CHARACTERS = 16 * 1024 * 1024;
const MAX_OFFERED = 1024 * 1024;
/** Hashes of texts that Redis did not take. */
const MAX_UNSHARED = 10_000;

/** The hash by which a document is known. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Makes the store. */
export function createRegisteredDocuments(shared: SharedDocuments | undefined): RegisteredDocuments {
  const texts = new LRUCache<string, string>({ maxSize: MAX_CHARACTERS, sizeCalculation: lengthOf });
  // Rubbish with a right hash must not push out what others use.
  const offered = new LRUCache<string, string>({ maxSize: MAX_OFFERED, sizeCalculation: lengthOf });
  // Redis had no answer when they were to be stored: a text that is sent again is stored then.
  const unshared = new LRUCache<string, true>({ max: MAX_UNSHARED });

  const share = (store: SharedDocuments, hash: string, text: string, callerId: string): void => {
    // What is beyond the caller's quota stays in this process.
    store.set(hash, text, callerId).then(
      () => unshared.delete(hash),
      () => unshared.set(hash, true),
    );
  };
  const fromShared = async (store: SharedDocuments, hash: string): Promise<string | undefined> => {
    const text = await store.get(hash).catch(() => undefined);
    if (text === undefined || hashOf(text) !== hash) return undefined;
    texts.set(hash, text);
    return text;
  };
  return {
    find: (hash) => texts.get(hash) ?? (shared ? fromShared(shared, hash) : undefined),
    offer: (hash, text) => {
      if (!texts.has(hash) || unshared.has(hash)) offered.set(text, hash);
    },
    validated: (text, callerId) => {
      if (offered.size === 0) return;
      const hash = offered.get(text);
      if (hash === undefined) return;
      offered.delete(text);
      texts.set(hash, text);
      // Without Redis the other replicas ask the client for the text once more.
      if (shared) share(shared, hash, text, callerId);
    },
  };
}

function lengthOf(text: string, other: string): number {
  return text.length + other.length;
}

/**
 * Registered documents in Redis, so that all replicas know them. Each caller has a quota of bytes, so that none
 * can fill the Redis that all share. The quota is counted in Redis, over all replicas.
 */

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
