/** What an operation is known by in logs and traces, where its text must not stand: literals in it may be anything. */
import { createHash } from 'node:crypto';
import { print } from 'graphql';
import type { DocumentNode } from 'graphql';

const HASH_LENGTH = 16;

/**
 * First 16 hexadecimal digits of the SHA-256 of the document as graphql-js prints it: the same whatever the caller's
 * blanks, commas and comments, and the same in every release that prints alike.
 */
export function documentHash(document: DocumentNode): string {
  return createHash('sha256').update(print(document)).digest('hex').slice(0, HASH_LENGTH);
}
