/**
 * Finds the document that a request means: by the text that it sent, by an id that is known in advance (`documentId`, as the
 * GraphQL over HTTP drafts have it), or by the hash in `extensions.persistedQuery` (Apollo's protocol).
 */
import { GraphQLError } from 'graphql';
import { ANYBODY } from '../hooks.js';
import type { Caller, DocumentRequest, DocumentSource, MaybePromise } from '../hooks.js';
import { hashOf } from './registered.js';
import type { RegisteredDocuments } from './registered.js';
import type { TrustedDocuments } from './trusted.js';

/** What may be run, and who may keep its answers. */
export interface DocumentOptions {
  /** Operations known in advance, if there are any. */
  trusted?: TrustedDocuments | undefined;
  /** Absent: clients cannot register any. */
  registered?: RegisteredDocuments | undefined;
  /** Whether only trusted documents run. */
  only: boolean;
  /** Milliseconds that the answer to a GET by id may be kept; 0 is not at all. */
  maxAge: number;
  /** Whether shared caches may keep it as well, where the caller has no identity. */
  shared: boolean;
}

const SHA256 = /^[0-9a-f]{64}$/;
const PREFIX = 'sha256:';
const MAX_ID_LENGTH = 256;

/** Makes the source. */
export function createDocumentSource(options: DocumentOptions): DocumentSource {
  const { trusted, registered, only } = options;
  const checked = (text: string): string => {
    if (only && !trusted?.has(text)) throw notKnownInAdvance();
    return text;
  };
  const byHash = (hash: string): MaybePromise<string | undefined> =>
    trusted?.find(hash) ?? (only ? undefined : registered?.find(hash));

  const byDocumentId = (id: string): MaybePromise<string> => {
    const hash = id.startsWith(PREFIX) ? id.slice(PREFIX.length) : id;
    const text = trusted?.find(id) ?? (SHA256.test(hash) ? byHash(hash) : undefined);
    return found(text, () => unknownId());
  };
  const byPersistedQuery = (hash: string, query: string | undefined): MaybePromise<string> => {
    if (query !== undefined) {
      if (hashOf(query) !== hash) throw refusal('BAD_USER_INPUT', 'provided sha does not match query');
      const text = checked(query);
      registered?.offer(hash, text);
      return text;
    }
    return found(byHash(hash), () => (registered || trusted ? notFound() : notSupported()));
  };
  return {
    textOf: ({ query, documentId, extensions }) => {
      if (documentId !== undefined) {
        if (query !== undefined)
          throw refusal('BAD_REQUEST', 'A request names its document either by "query" or by "documentId".');
        return byDocumentId(checkedId(documentId));
      }
      const persisted = persistedQueryOf(extensions);
      if (persisted !== undefined) return byPersistedQuery(persisted, query);
      return query === undefined ? undefined : checked(query);
    },
    ...(registered
      ? { validated: (text: string, callerId: string) => registered.validated(text, callerId) }
      : {}),
    ...(options.maxAge > 0 ? { cacheControl: cacheControlOf(options) } : {}),
  };
}

/**
 * Only for a GET that names its document: such an address is short and always the same. What one caller may see is not for
 * others, so shared caches keep it only where callers have no identity at all.
 */
function cacheControlOf({ maxAge, shared }: DocumentOptions): DocumentSource['cacheControl'] {
  const seconds = Math.floor(maxAge / 1_000);
  return ({ method, documentId, extensions, query }: DocumentRequest, caller: Caller) => {
    const isById = documentId !== undefined || extensions?.['persistedQuery'] !== undefined;
    if (method !== 'GET' || !isById || query !== undefined) return undefined;
    return `${shared && caller.id === ANYBODY.id ? 'public' : 'private'}, max-age=${seconds}`;
  };
}

/** The hash in `extensions.persistedQuery`, if that is there. Throws BAD_USER_INPUT where it makes no sense. */
function persistedQueryOf(extensions: DocumentRequest['extensions']): string | undefined {
  const persisted = extensions?.['persistedQuery'];
  if (persisted === undefined || persisted === null) return undefined;
  const { version, sha256Hash } = (typeof persisted === 'object' ? persisted : {}) as Record<string, unknown>;
  if (version !== 1)
    throw refusal('BAD_USER_INPUT', 'Unsupported persisted query version: expected "version": 1.');
  if (typeof sha256Hash !== 'string' || !SHA256.test(sha256Hash))
    throw refusal(
      'BAD_USER_INPUT',
      '"extensions.persistedQuery.sha256Hash": expected the SHA-256 of the query as 64 lower-case hexadecimal digits.',
    );
  return sha256Hash;
}

function checkedId(id: unknown): string {
  if (typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH) return id;
  throw refusal('BAD_REQUEST', `"documentId": expected a text of 1 to ${MAX_ID_LENGTH} characters.`);
}

function found(text: MaybePromise<string | undefined>, missing: () => GraphQLError): MaybePromise<string> {
  if (text instanceof Promise) return text.then((known) => orThrow(known, missing));
  return orThrow(text, missing);
}

function orThrow(text: string | undefined, missing: () => GraphQLError): string {
  if (text === undefined) throw missing();
  return text;
}

/** Apollo's clients know this message, and send the text next. 200, since it is a step of a protocol, not a fault. */
function notFound(): GraphQLError {
  return refusal('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound', 200);
}

function unknownId(): GraphQLError {
  return refusal('PERSISTED_QUERY_NOT_FOUND', 'No document with this "documentId" is known here.', 404);
}

function notSupported(): GraphQLError {
  return refusal('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported', 200);
}

function notKnownInAdvance(): GraphQLError {
  const message =
    'Only operations that are known in advance run here: send the "documentId" of one, or exactly its text.';
  return refusal('FORBIDDEN', message, 403);
}

function refusal(code: string, message: string, status = 400): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status, headers: new Map() } } });
}
