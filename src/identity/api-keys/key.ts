/**
 * API keys: `enosk_<id>_<secret>`, the secret being 256 random bits. Kept is a SHA-256 of the whole key: with that many
 * random bits nothing can be guessed from it, and a slow hash would only let callers make the server slow.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { API_KEY_PREFIX } from '../credential.js';

/** Ids of keys: names that people choose. */
export const KEY_ID = /^[a-z0-9][a-z0-9-]{0,62}$/;
const KEY = /^enosk_([a-z0-9][a-z0-9-]{0,62})_[A-Za-z0-9_-]{43}$/;
const SCHEME = 'sha256:';

/** A new key of that id. It is shown once and kept nowhere. */
export function newKey(id: string): string {
  return `${API_KEY_PREFIX}${id}_${randomBytes(32).toString('base64url')}`;
}

/** What is kept of a key. */
export function hashOfKey(key: string): string {
  return SCHEME + createHash('sha256').update(key).digest('hex');
}

/** The id in a key; undefined for text that no key can be. */
export function idOfKey(key: string): string | undefined {
  return KEY.exec(key)?.[1];
}

/** Whether a key is the one that a hash was made of. Takes as long for a wrong one as for the right one. */
export function isKeyOf(key: string, hash: string): boolean {
  const expected = Buffer.from(hash);
  const actual = Buffer.from(hashOfKey(key));
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
