/** A real server over a small schema, for tests of the HTTP side. */
import { makeSchema } from './small-schema.js';
import pino from 'pino';
import { Registry } from 'prom-client';
import { createServer } from '../../src/server/create-server.js';
import type { GraphServer, Limits, ServerOptions } from '../../src/server/options.js';

/** The limits of the server in tests, those of the documentation. */
export const LIMITS: Limits = {
  maxBodyBytes: 256 * 1024,
  maxTokens: 5_000,
  maxDepth: 20,
  maxRootFields: 100,
  maxAliases: 500,
  maxDirectives: 200,
  maxCost: 100_000,
  maxVariableDepth: 20,
  maxVariableBytes: 128 * 1024,
  maxBatch: 1,
};

/** A server that listens on a free port, what it has logged, and how to stop it. */
export interface RunningServer {
  url: string;
  server: GraphServer;
  registry: Registry;
  /** Log lines, parsed. */
  logs: Record<string, unknown>[];
  /** Asks by POST and returns status, headers and parsed body. */
  ask(query: string, more?: AskOptions): Promise<Answer>;
  close(): Promise<void>;
}

/** What a request may have beyond its query. */
export interface AskOptions {
  variables?: unknown;
  operationName?: string;
  headers?: Record<string, string>;
}

/** What came back. */
export interface Answer {
  status: number;
  headers: Headers;
  body: {
    data?: Record<string, unknown> | null;
    errors?: {
      message: string;
      path?: (string | number)[];
      locations?: unknown;
      extensions: Record<string, unknown>;
    }[];
    extensions?: Record<string, unknown>;
  };
}

/** Starts the server; every option has a default fit for tests. */
export async function startGraphServer<Context extends object = object>(
  options: Partial<ServerOptions<Context>> = {},
): Promise<RunningServer> {
  const logs: Record<string, unknown>[] = [];
  const logger = pino(
    { level: 'debug' },
    { write: (line: string) => void logs.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const registry = new Registry();
  const server = await createServer<Context>({
    schema: makeSchema(),
    context: () => ({}) as Context,
    limits: LIMITS,
    operationTimeout: 15_000,
    corsOrigins: [],
    graphiql: { enabled: false, operationsDir: '' },
    introspection: true,
    explain: true,
    readiness: async () => ({}),
    registry,
    logger,
    version: '0.0.0-test',
    ...options,
  });
  const url = await server.listen(0, '127.0.0.1');
  return {
    url,
    server,
    registry,
    logs,
    ask: async (query, { variables, operationName, headers } = {}) => {
      const reply = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json;q=0.9',
          ...headers,
        },
        body: JSON.stringify({ query, variables, operationName }),
      });
      return { status: reply.status, headers: reply.headers, body: (await reply.json()) as Answer['body'] };
    },
    close: () => server.close(0),
  };
}
