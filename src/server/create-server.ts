/** The HTTP server: its parts, its two kinds of routes, how it listens and how it stops. */
import { createServer as createHttpServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerErrors } from './answer-errors.js';
import { createApolloRoad } from './apollo.js';
import type { ApolloRoad } from './apollo.js';
import { createErrorMask } from './error-masking.js';
import type { Caller } from './hooks.js';
import { graphiqlRoutes, mayWantPage } from './graphiql/routes.js';
import { createServerMetrics } from './metrics.js';
import type { ServerMetrics } from './metrics.js';
import { createOperations } from './operations.js';
import type { GraphServer, ServerOptions } from './options.js';
import { createPages } from './pages.js';
import { graphqlRoute } from './road/graphql-route.js';
import { createShortRoad } from './road/short-road.js';
import { deadlines as createDeadlines } from './rules/deadline.js';
import { beginRequest } from './rules/request-id.js';
import { requestLog } from './rules/request-log.js';
import { requestMetrics } from './rules/request-metrics.js';
import { pathOf, routeLabel } from './rules/route-label.js';
import { securityHeaders } from './rules/security-headers.js';

/** Time for the headers of a request to arrive, against connections that are held open for nothing. */
const HEADERS_TIMEOUT_MS = 10_000;
/** Time for a whole request to arrive. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than load balancers keep an idle connection, so that it is they who close it. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** How often connections that have become idle are closed while the server stops. */
const DRAIN_INTERVAL_MS = 50;

/** Makes the server; it does not listen yet. Rejects when the schema or a setting cannot be served. */
export async function createServer<Context extends object, C extends Caller = Caller>(
  options: ServerOptions<Context, C>,
): Promise<GraphServer> {
  const metrics = createServerMetrics(options.registry);
  const operations = createOperations(options.schema, options.limits);
  const mask = createErrorMask(options.formatError);
  const errors = answerErrors(options, mask, metrics);
  const apollo = await createApolloRoad(options, { metrics, operations, mask, errors });
  const shortRoad = createShortRoad({ operations, errors, admission: options.admission });
  let draining = false;
  const http = createHttpServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    },
    await requestListener(options, { metrics, errors, apollo, shortRoad }, () => draining),
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
    close: async (graceMs) => {
      draining = true;
      await drain(http, graceMs);
      await apollo.stop();
    },
  };
}

interface Parts {
  metrics: ServerMetrics;
  errors: ReturnType<typeof answerErrors>;
  apollo: ApolloRoad;
  shortRoad: ReturnType<typeof createShortRoad>;
}

/** What every request goes through, and where it goes from there: /graphql over node:http alone, the pages over express. */
async function requestListener<Context extends object, C extends Caller>(
  options: ServerOptions<Context, C>,
  { metrics, ...parts }: Parts,
  isDraining: () => boolean,
): Promise<RequestListener> {
  const deadlines = createDeadlines(options.operationTimeout);
  const graphql = graphqlRoute(options, { ...parts, deadlines });
  const graphiql = await graphiqlRoutes(options.graphiql, options.logger);
  const pages = createPages(options, { graphiql, graphql, isDraining });
  const log = requestLog(options.logger);
  const measure = requestMetrics(metrics);
  const safe = securityHeaders();
  return (req, res) => {
    const state = beginRequest(req, res);
    const route = routeLabel(pathOf(req.url));
    res.once('close', () => {
      if (state.deadline !== undefined) deadlines.end(state);
      state.end();
      log(state, route);
      measure(state, route);
    });
    state.headers.push(...safe);
    // While the server stops, each answer asks its client to connect anew, and so to another replica.
    if (isDraining()) state.headers.push('Connection', 'close');
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

/** Resolves once no connection is left. */
function drain(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) {
      resolve();
      return;
    }
    // A connection that is kept alive after its last answer would otherwise be waited for as if it still worked.
    const idle = setInterval(() => server.closeIdleConnections(), DRAIN_INTERVAL_MS);
    const end = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(end);
      resolve();
    });
  });
}
