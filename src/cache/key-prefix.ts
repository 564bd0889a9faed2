/** What all keys of a server in Redis begin with. */
import { hash } from 'node:crypto';

/** The prefix where none is set. */
export const DEFAULT_KEY_PREFIX = 'enos-graphql:';

/** Characters of the digest: 96 bits, in base64url. */
const DIGEST_LENGTH = 16;

/**
 * The prefix that is set, and a digest of the access key: what one application fetched by its rights must not answer the
 * callers of another one that shares the Redis, nor may one of them end or count what is the other's. The access key itself
 * does not stand in Redis.
 */
export function keyPrefixOf(prefix: string, accessKey: string): string {
  return `${prefix}${hash('sha256', accessKey, 'base64url').slice(0, DIGEST_LENGTH)}:`;
}
