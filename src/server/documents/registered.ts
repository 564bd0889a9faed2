/**
 * Documents that clients have registered by their hash (automatic persisted queries): those used last in this process, and
 * all of them in Redis where replicas share one. What comes from Redis is believed only if it has the hash.
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { MaybePromise } from '../hooks.js';
import type { SharedDocuments } from './shared-documents.js';

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
  // Whoever sends rubbish with a right hash must not push out what others use.
  const offered = new LRUCache<string, string>({ maxSize: MAX_OFFERED, sizeCalculation: lengthOf });
  // Redis had no answer when they were to be stored: whoever sends such a text again has it stored then.
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
