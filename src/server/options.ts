/** What the server is made of: everything it needs is handed in, so that any schema can be served and tested. */
import type { IncomingMessage } from 'node:http';
import type { DocumentNode, GraphQLFormattedError, GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Limits } from '../config/shape.js';
import type { Compression } from './response-cache/compression.js';
import type { Caller, ServerHooks } from './hooks.js';
import type { AllowedHosts } from './http/allowed-host.js';
import type { ConnectionLimits } from './http/connections.js';

export type { Limits };

/** What one GraphQL request knows of itself; the context function makes the graph's context of it. */
export interface RequestInfo<C extends Caller = Caller> {
  req: IncomingMessage;
  caller: C;
  /** Aborted when the caller goes away or the deadline passes. */
  signal: AbortSignal;
  /** Unix milliseconds by which the request must be answered. */
  deadline: number;
  /** Of this request, in its log lines and in the answer's X-Request-Id. */
  requestId: string;
  /** As the browser sent it. */
  acceptLanguage: string | undefined;
  /** Whether the caller asked for an explanation (x-enos-explain: 1) and may have one. */
  explain: boolean;
  /** Whether the answer is to be kept for others, and no client waits for it: what is near its end is to be read again. */
  renews: boolean;
}

/** Whose signal ends the work for a request, and what it is for. */
export interface Work {
  readonly signal: AbortSignal;
  /** See `RequestInfo`. */
  readonly renews?: boolean;
}

/** What an answer was made of, as far as keeping it needs to know. */
export interface AnswerSources {
  /** Unix milliseconds: end of life of the shortest-lived part; +Infinity if nothing was loaded; 0 if a part must not be kept. */
  freshUntil: number;
  /** Unix milliseconds: from when on reading its parts has one of them fetched again behind the answer. */
  refreshAt: number;
  /** Unix milliseconds: when the oldest part was fetched. */
  oldest: number | null;
  /** Whether a stale part was served. */
  stale: boolean;
  /** Of every part, for `isCurrent`. */
  tags: readonly string[];
  /** The moment before the first part was read, for `isCurrent`. */
  asOf: { readonly position: string; readonly at: number };
}

/** The same of one object of the answer. */
export interface PartSources extends AnswerSources {
  /** Known to the maker; as many as there are. */
  readonly reads: readonly unknown[];
  /** What was noted while it was made; belongs to each answer that holds it. */
  readonly remarks: readonly object[];
}

/** Tells what single objects of an answer are made of, while it is being made. */
export interface SourceMarks {
  /** Whether something stale was used, so that it may show in every object. */
  readonly hasStale: boolean;
  /** What is read from now on belongs to one object. */
  begin(): void;
  /** What it was made of; undefined where it is not wanted, is nothing, or cannot be told. */
  end(isWanted: boolean): PartSources | undefined;
  /** The answer is also made of what an object was made of before. */
  use(sources: PartSources): void;
}

/** Answers kept and shared as bytes. */
export interface AnswerOptions {
  /** Bound of what is kept, in approximate bytes; 0 keeps nothing. */
  maxBytes: number;
  /** The same of objects of answers, kept as text; 0, or absent, keeps none. */
  maxPartBytes?: number;
  /** Whether equal requests that are under way at once are executed once. */
  share: boolean;
  compression: Compression;
  /** Whether data that began to be read at `asOf` and carries these tags may be used still. Absent: always. */
  isCurrent?: (tags: readonly string[], asOf: AnswerSources['asOf']) => boolean;
}

/** What the server expects of the graph's context, which resolvers are handed as it is: nothing but these optional methods. */
export interface ServerContext {
  /** Called once the answer is complete: its `extensions` that are the same for every caller, and are kept with it. */
  answerExtensions?(): Record<string, unknown>;
  /** The same for this request alone: an answer that has any is not kept. */
  responseExtensions?(): Record<string, unknown>;
  /**
   * Runs the resolver of a field, where it must be known for which field something is done. Absent, as it is
   * for all but a few requests: resolvers are called by themselves.
   */
  aroundField?: (info: Pick<GraphQLResolveInfo, 'path'>, resolve: () => unknown) => unknown;
  /** Called once the answer is complete: what it was made of. A context without it has answers of its own request only. */
  sources?(): AnswerSources;
  /** Tells what single objects are made of; undefined, or absent, where each is to be made for this request alone. */
  sourceMarks?(): SourceMarks | undefined;
}

/** One part of the server that must work before it can answer. */
export interface PartStatus {
  ready: boolean;
  /** A word or two for the operator. No address, no secret. */
  detail?: string;
}

/**
 * Turns an error thrown by a resolver into what the caller may see, or returns undefined for an error it does not know.
 * Only `message` and `extensions` of the result are used.
 */
export type FormatError = (
  original: unknown,
) => Pick<GraphQLFormattedError, 'message' | 'extensions'> | undefined;

/** An operation that is to be planned instead of executed. */
export interface PlannedOperation {
  document: DocumentNode;
  operationName: string | undefined;
  variables: Readonly<Record<string, unknown>> | undefined;
}

/** Parts and rules of a server. */
export interface ServerOptions<
  Context extends object = object,
  C extends Caller = Caller,
> extends ServerHooks<C> {
  schema: GraphQLSchema;
  /**
   * The same schema with resolvers that heed `aroundField`, for mutations while an explanation is wanted; asked for once, when it
   * is needed. Absent: explanations of mutations name no fields.
   */
  watchedSchema?: (() => GraphQLSchema) | undefined;
  context: (request: RequestInfo<C>) => Promise<Context> | Context;
  formatError?: FormatError;
  limits: Limits;
  /** Milliseconds that one GraphQL request may take. */
  operationTimeout: number;
  /** Bounds of connections; absent: those of the documentation. */
  connections?: ConnectionLimits;
  /** Host names by which the server may be asked; absent: any. */
  allowedHosts?: AllowedHosts;
  /** Web origins whose pages may call; none: CORS is off. */
  corsOrigins: readonly string[];
  /** Request headers that such pages may send in addition to those that the server reads. */
  corsHeaders?: readonly string[];
  /** The page for browsers and the folder with the operations that it opens on. */
  graphiql: { enabled: boolean; operationsDir: string };
  introspection: boolean;
  /** Absent: nothing is kept, shared or compressed. */
  answers?: AnswerOptions;
  /** Whether x-enos-explain is heeded. */
  explain: boolean;
  /**
   * What an operation would cost, for `x-enos-explain: plan`; stands in `extensions.plan`. Called with valid documents only.
   * Absent: such requests are executed like others.
   */
  planOperation?: (asked: PlannedOperation) => unknown;
  /** State of the parts by name, asked at each GET /health/ready. */
  readiness: () => Promise<Record<string, PartStatus>>;
  /** Metrics of the whole process; the server adds its own. */
  registry: Registry;
  /** Whether the server counts anything and answers /metrics; it does unless told otherwise. */
  metrics?: boolean;
  /** Names of operations that have metrics of their own from the start. */
  knownOperations?: readonly string[];
  logger: Logger;
  version: string;
}

/** A server that can be started and drained. */
export interface GraphServer {
  /** Resolves with the base address once it listens. Port 0 takes any free one. Rejects when the port is taken. */
  listen(port: number, host: string): Promise<string>;
  /** Base address without a slash at the end; undefined before it listens. */
  readonly url: string | undefined;
  /**
   * Not ready from now on. For `delayMs` (0 unless told) requests are taken as before, each answer asking its client to
   * connect again; then no new connections, and requests under way have `graceMs` before their connections are closed.
   */
  close(graceMs: number, delayMs?: number): Promise<void>;
}
