/** What all keys of a server in Redis begin with. */
import { hash } from 'node:crypto';

/** The prefix where none is set. */
export const DEFAULT_KEY_PREFIX = 'enos-graphql:';

/** Characters of the digest: 96 bits, in base64url. */
const DIGEST_LENGTH = 16;

/**
 * The configured prefix and a digest of the access key. Applications that share a Redis must not read, invalidate or count
 * each other's entries, since each fetches with its own rights. The access key itself is not stored in Redis.
 */
export function keyPrefixOf(prefix: string, accessKey: string): string {
  return `${prefix}${hash('sha256', accessKey, 'base64url').slice(0, DIGEST_LENGTH)}:`;
}
