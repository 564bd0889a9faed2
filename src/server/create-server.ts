/** The HTTP server: its parts, its two kinds of routes, how it listens and how it stops. */
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendAnswer } from './answer.js';
import { answerErrors } from './errors/answer-errors.js';
import { createDocumentChecker } from './documents/apollo.js';
import { createOperations } from './documents/operations.js';
import { Connections, pause } from './http/draining.js';
import { createErrorMask } from './errors/masking.js';
import type { Caller } from './hooks.js';
import { graphiqlRoutes, mayWantPage } from './graphiql/routes.js';
import { NO_METRICS, createServerMetrics, type ServerMetrics } from './metrics/metrics.js';
import type { GraphServer, ServerOptions } from './options.js';
import { boundConnections, connectionOptions, DEFAULT_CONNECTION_LIMITS } from './http/connections.js';
import { createFragmentCache } from './execution/fragment-cache.js';
import { createPages } from './http/pages.js';
import { createPipeline, type Pipeline } from './pipeline/pipeline.js';
import { createResponseCache } from './response-cache/store.js';
import { hostRule } from './http/allowed-host.js';
import { deadlines as createDeadlines, type Deadlines } from './http/deadline.js';
import { beginRequest, securityHeaders } from './http/headers.js';
import { requestLog, pathOf, routeLabel } from './http/request-log.js';

/** Makes the server; it does not listen yet. Rejects when the schema or a setting cannot be served. */
export async function createServer<Context extends object, C extends Caller = Caller>(
  options: ServerOptions<Context, C>,
): Promise<GraphServer> {
  const { registry, knownOperations } = options;
  const metrics = options.metrics === false ? NO_METRICS : createServerMetrics(registry, knownOperations);
  const operations = createOperations(options.schema, options.limits);
  const mask = createErrorMask(options.formatError, options.introspection);
  const errors = answerErrors(options, mask, metrics);
  const checker = await createDocumentChecker(options, { metrics, operations, mask, errors });
  const cache = createResponseCache(options.answers, registry);
  const fragments = createFragmentCache(options.answers, registry);
  const bounds = options.connections ?? DEFAULT_CONNECTION_LIMITS;
  const http = createHttpServer(connectionOptions(bounds));
  const connections = new Connections(http);
  const deadlines = createDeadlines(options.operationTimeout);
  const parts = { deadlines, checker, operations, errors, cache, fragments };
  const graphql = createPipeline(options, parts);
  http.on('request', await requestListener(options, { metrics, connections, deadlines, graphql }));
  boundConnections(http, bounds, options.operationTimeout);
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
      if (http.listening && delayMs > 0) {
        connections.startDraining();
        await pause(delayMs);
      }
      await connections.drain(graceMs);
      await checker.stop();
    },
  };
}

interface ListenerParts {
  metrics: ServerMetrics;
  connections: Connections;
  deadlines: Deadlines;
  graphql: Pipeline;
}

/** What every request goes through, and where it goes from there: /graphql over node:http alone, the pages over express. */
async function requestListener<Context extends object, C extends Caller>(
  options: ServerOptions<Context, C>,
  { metrics, connections, deadlines, graphql }: ListenerParts,
): Promise<RequestListener> {
  const graphiql = await graphiqlRoutes(options.graphiql, options.logger);
  const pages = createPages(options, { graphiql, graphql, isDraining: () => connections.isDraining });
  const log = requestLog(options.logger);
  const safe = securityHeaders();
  const refuseHost = options.allowedHosts && hostRule(options.allowedHosts);
  return (req, res) => {
    if (!connections.begin(req, res)) return;
    const state = beginRequest(req, res);
    const route = routeLabel(pathOf(req.url));
    metrics.begun(route);
    res.once('close', () => {
      if (state.deadline !== undefined) deadlines.end(state);
      state.end();
      connections.end(req, res);
      log(state, route);
      metrics.ended(state, route);
    });
    state.headers.push(...safe);
    const refused = refuseHost?.(state);
    if (refused) {
      sendAnswer(state, refused);
      return;
    }
    if (route !== 'graphql') {
      pages(state);
      return;
    }
    // By its Accept a browser gets the page from here, and other clients an answer.
    if (graphiql && (req.method === 'GET' || req.method === 'HEAD')) state.vary.push('Accept');
    if (graphiql && mayWantPage(req)) pages(state);
    else graphql(state);
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
