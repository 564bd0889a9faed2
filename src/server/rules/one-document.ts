/**
 * A POST has its operation in the body. One that also has an operation in its address is refused: whoever looks at it on the
 * way (a proxy, a log, a cache) could take the other for what runs.
 */
import type { IncomingMessage } from 'node:http';
import type { GraphQLFormattedError } from 'graphql';

/** The parameters by which a request names its document. */
const NAMES = ['query', 'documentId'];

/** The refusal. */
export const DOCUMENT_TWICE: GraphQLFormattedError = {
  message: 'The operation stands in the address and in the body of the request: leave one of them away.',
  extensions: { code: 'BAD_REQUEST' },
};

/** Whether a POST names a document in its address as well as in its body. */
export function hasDocumentTwice({ method, url = '' }: IncomingMessage, body: unknown): boolean {
  const start = url.indexOf('?');
  if (start < 0 || method !== 'POST' || typeof body !== 'object' || body === null) return false;
  const search = new URLSearchParams(url.slice(start));
  return NAMES.some((name) => search.has(name));
}
