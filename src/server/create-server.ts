/** The HTTP server: which rule applies where, and in which order. What each rule does stands in its own file. */
import { createServer as createHttpServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { ErrorRequestHandler, Express, RequestHandler } from 'express';
import { createGraphqlHandler } from './apollo.js';
import type { GraphqlHandler } from './apollo.js';
import { drain, pause } from './drain.js';
import { INTERNAL_CODE } from './error-codes.js';
import type { Caller } from './hooks.js';
import { graphiqlRoutes } from './graphiql/routes.js';
import { sendGraphqlError } from './graphql-errors.js';
import { liveRoute, readyRoute } from './health.js';
import { runObserved } from './channels.js';
import { NO_METRICS, createServerMetrics, metricsRoute } from './metrics.js';
import type { ServerMetrics } from './metrics.js';
import { createOperations } from './operations.js';
import type { GraphServer, ServerOptions } from './options.js';
import { requestState } from './request-state.js';
import { bodyErrors, readBody } from './rules/body.js';
import { cors } from './rules/cors.js';
import { deadline } from './rules/deadline.js';
import { requestId } from './rules/request-id.js';
import { requestWatch } from './rules/request-watch.js';
import type { RequestWatch } from './rules/request-watch.js';
import { safeGet } from './rules/safe-get.js';
import { securityHeaders } from './rules/security-headers.js';

/** Time for the headers of a request to arrive, against connections that are held open for nothing. */
const HEADERS_TIMEOUT_MS = 10_000;
/** Time for a whole request to arrive. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than load balancers keep an idle connection, so that it is they who close it. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** Makes the server; it does not listen yet. Rejects when the schema or a setting cannot be served. */
export async function createServer<Context extends object, C extends Caller = Caller>(
  options: ServerOptions<Context, C>,
): Promise<GraphServer> {
  const metrics =
    options.metrics === false
      ? NO_METRICS
      : createServerMetrics(options.registry, { known: options.knownOperations });
  const operations = createOperations(options.schema, options.limits);
  const graphql = await createGraphqlHandler(options, metrics, operations);
  let draining = false;
  const http = createHttpServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    },
    await createApp(options, metrics, graphql, () => draining),
  );
  let url: string | undefined;
  return {
    get url() {
      return url;
    },
    listen: async (port, host) => {
      await listen(http, port, host);
      const address = http.address() as AddressInfo;
      url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
      return url;
    },
    close: async (graceMs, delayMs = 0) => {
      draining = true;
      if (http.listening && delayMs > 0) await pause(delayMs);
      await drain(http, graceMs);
      await graphql.stop();
    },
  };
}

async function createApp<Context extends object, C extends Caller>(
  options: ServerOptions<Context, C>,
  metrics: ServerMetrics,
  graphql: GraphqlHandler,
  isDraining: () => boolean,
): Promise<Express> {
  const { limits, logger } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(requestId(), watched(requestWatch(logger, metrics)), securityHeaders());
  app.use(closeWhileDraining(isDraining));
  app.get('/health/live', liveRoute(options.version));
  app.get('/health/ready', readyRoute(options.readiness, isDraining, logger));
  if (options.metrics !== false) app.get('/metrics', metricsRoute(options.registry));
  app.use(await graphiqlRoutes(options.graphiql, logger));
  app.all(
    '/graphql',
    observed(),
    noStore(),
    cors(options.corsOrigins),
    deadline(options.operationTimeout),
    readBody(limits.maxBodyBytes),
    safeGet(),
    graphql.handler,
  );
  app.use((req, res) => {
    sendGraphqlError(req, res, 404, {
      message: 'There is nothing here. GraphQL is at /graphql.',
      extensions: { code: 'NOT_FOUND' },
    });
  });
  app.use(bodyErrors(limits.maxBodyBytes), lastResort(options));
  return app;
}

function watched(watch: RequestWatch): RequestHandler {
  return (req, res, next) => {
    watch(req, res);
    next();
  };
}

function observed(): RequestHandler {
  return (req, res, next) => runObserved({ req, res, state: requestState(req) }, () => next());
}

/** Answers hold data of one caller: nothing between us and him may keep them. */
function noStore(): RequestHandler {
  return (_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    next();
  };
}

/** While the server stops, each answer asks its client to connect anew, and so to another replica. */
function closeWhileDraining(isDraining: () => boolean): RequestHandler {
  return (_req, res, next) => {
    if (isDraining()) res.setHeader('Connection', 'close');
    next();
  };
}

/** An error of our own on the way to an answer: logged whole, shown as nothing but the fact. */
function lastResort({ logger }: Pick<ServerOptions, 'logger'>): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    if (res.headersSent) {
      // The answer was given meanwhile, as by the deadline: nobody waits for this one any more.
      logger.debug({ requestId: requestState(req).requestId, err: error }, 'failed after the answer');
      return;
    }
    const { status } = (error ?? {}) as { status?: unknown };
    if (typeof status === 'number' && status >= 400 && status < 500) {
      const message = 'The request cannot be read.';
      sendGraphqlError(req, res, status, { message, extensions: { code: 'BAD_REQUEST' } });
      return;
    }
    logger.error({ requestId: requestState(req).requestId, err: error }, 'request failed');
    sendGraphqlError(req, res, 500, {
      message: 'Internal server error',
      extensions: { code: INTERNAL_CODE },
    });
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
