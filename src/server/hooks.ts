/**
 * What stands between an HTTP request and its operation: who asks, which document is meant, whether there is room for it.
 * Each is handed in and may be absent. The pipeline asks them in this order: `shed`, `identify`, `documents`, `admission`;
 * an answer that is cached is no exception.
 */
import type { IncomingMessage } from 'node:http';

/** A value, or a promise of it. Hooks answer at once wherever they can: most requests must not wait for a promise. */
export type MaybePromise<T> = T | Promise<T>;

/** Who asks. */
export interface Caller {
  /** Opaque and stable name of this one caller: what limits count by, and what logs may show. */
  readonly id: string;
  /** Callers of one partition have the same rights and organization: what one was answered may answer the other. */
  readonly partition: string;
}

/**
 * Tells who asks by the headers of a request; the body has not been read yet. Throws or rejects with a GraphQLError that
 * has a code of our table and `extensions.http` (401 with WWW-Authenticate, or 403).
 */
export type Identify<C extends Caller = Caller> = (req: IncomingMessage) => MaybePromise<C>;

/** How a request names its document (GraphQL over HTTP, and its extensions for documents known in advance). */
export interface DocumentRequest {
  method: 'GET' | 'POST';
  query?: string | undefined;
  documentId?: unknown;
  extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** Finds the text of the document that a request means: the text that it sent, or one known in advance. */
export interface DocumentSource {
  /** Throws or rejects with a GraphQLError of a known code (PERSISTED_QUERY_NOT_FOUND, BAD_USER_INPUT ...). */
  textOf(request: DocumentRequest, caller: Caller): MaybePromise<string | undefined>;
  /** Told the text of each operation that has passed validation: only such documents are kept for others. */
  validated?(text: string, callerId: string): void;
  /** Cache-Control for the answer to a request, where it may be kept; asked only for answers without errors. */
  cacheControl?(request: DocumentRequest, caller: Caller): string | undefined;
}

/** An operation that asks to be run. */
export interface AdmissionRequest {
  caller: Caller;
  /** As the document names it. */
  operationName: string | undefined;
  operationType: string;
  /** Fields that the answer may hold, estimated (limits/cost.ts). */
  cost: number;
  /** Whether the answer is there already, so that nothing will be executed. */
  answered: boolean;
  /** Whether the caller wants to see the price in the answer (`x-enos-cost: 1`). */
  showCost?: boolean;
  /** Aborted when the caller leaves or the deadline passes. It may be made when it is first read. */
  readonly signal: AbortSignal | undefined;
  /** Whether that has happened, known without the signal. */
  readonly hasEnded: boolean;
}

/** Leave to run one operation. `release` must be called exactly once, whatever becomes of it. */
export interface Ticket {
  /** For the answer, e.g. what is left of a quota. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Stands in the answer's `extensions`. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  release(): void;
}

/** Bounds what callers have under way and how much they ask for. */
export interface Admission {
  /** Throws or rejects with a GraphQLError, RATE_LIMITED with `extensions.http` 429 and Retry-After. */
  admit(request: AdmissionRequest): MaybePromise<Ticket>;
}

/** Seconds after which a client may try again, if the server is too busy to take a request now; else undefined. */
export type Shed = () => number | undefined;

/** All hooks of a server. */
export interface ServerHooks<C extends Caller = Caller> {
  shed?: Shed;
  identify?: Identify<C>;
  documents?: DocumentSource;
  admission?: Admission;
}

/** The caller where callers are not told apart. */
export const ANYBODY: Caller = { id: 'anybody', partition: 'anybody' };
