/** What the server is made of: everything it needs is handed in, so that any schema can be served and tested. */
import type { IncomingMessage } from 'node:http';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Caller, ServerHooks } from './hooks.js';

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
}

/**
 * What the server expects of the graph's context: nothing but this one optional method. Apollo hands resolvers a shallow
 * copy of the context, so a class with #private members cannot be one.
 */
export interface ServerContext {
  /** Called once the answer is complete; what it returns stands in the answer's `extensions`. */
  responseExtensions?(): Record<string, unknown>;
}

/** Bounds of what a caller may ask. */
export interface Limits {
  /** Bytes. */
  maxBodyBytes: number;
  /** Lexical tokens of the document. */
  maxTokens: number;
  maxDepth: number;
  maxRootFields: number;
  /** Fields that the answer may hold, estimated. */
  maxCost: number;
  maxVariableDepth: number;
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

/** Parts and rules of a server. */
export interface ServerOptions<
  Context extends object = object,
  C extends Caller = Caller,
> extends ServerHooks<C> {
  schema: GraphQLSchema;
  context: (request: RequestInfo<C>) => Promise<Context> | Context;
  formatError?: FormatError;
  limits: Limits;
  /** Milliseconds that one GraphQL request may take. */
  operationTimeout: number;
  /** Web origins whose pages may call; none: CORS is off. */
  corsOrigins: readonly string[];
  /** The page for browsers and the folder with the operations that it opens on. */
  graphiql: { enabled: boolean; operationsDir: string };
  introspection: boolean;
  /** Whether operations that were answered before go without Apollo's pipeline; on unless the two are compared. */
  takeShortRoad?: boolean;
  /** Whether x-enos-explain is heeded. */
  explain: boolean;
  /** State of the parts by name, asked at each GET /health/ready. */
  readiness: () => Promise<Record<string, PartStatus>>;
  /** Metrics of the whole process; the server adds its own. */
  registry: Registry;
  logger: Logger;
  version: string;
}

/** A server that can be started and drained. */
export interface GraphServer {
  /** Resolves with the base address once it listens. Port 0 takes any free one. Rejects when the port is taken. */
  listen(port: number, host: string): Promise<string>;
  /** Base address without a slash at the end; undefined before it listens. */
  readonly url: string | undefined;
  /** Not ready from now on, no new connections; requests under way have `graceMs`, then their connections are closed. */
  close(graceMs: number): Promise<void>;
}
