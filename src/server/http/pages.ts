/** Everything besides the graph: health, metrics, GraphiQL, and what is said where there is nothing. Over express. */
import express, { type ErrorRequestHandler, type Router, type RequestHandler } from 'express';
import { errorAnswer, sendAnswer } from '../answer.js';
import { INTERNAL_CODE } from '../errors/codes.js';
import { metricsRoute } from '../metrics/metrics.js';
import type { ServerOptions, PartStatus } from '../options.js';
import { requestState, type RequestState } from '../request-state.js';
import type { Logger } from 'pino';

/** What the pages are made of. */
export interface PageParts {
  /** GraphiQL, where it is on. */
  graphiql: Router | undefined;
  /** Answers what asked for /graphql and turned out not to want the page. */
  graphql: (state: RequestState) => void;
  isDraining: () => boolean;
}

type PageOptions = Pick<ServerOptions, 'version' | 'readiness' | 'registry' | 'metrics' | 'logger'>;

/** Makes them. Headers that every answer has are taken over from the state of the request. */
export function createPages(options: PageOptions, parts: PageParts): (state: RequestState) => void {
  const { graphiql, graphql, isDraining } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((req, _res, next) => {
    setHeaders(requestState(req));
    next();
  });
  app.get('/health/live', liveRoute(options.version));
  app.get('/health/ready', readyRoute(options.readiness, isDraining, options.logger));
  if (options.metrics !== false) app.get('/metrics', metricsRoute(options.registry));
  if (graphiql) app.use(graphiql);
  app.all('/graphql', (req) => graphql(requestState(req)));
  app.use((req) => {
    const error = {
      message: 'There is nothing here. GraphQL is at /graphql.',
      extensions: { code: 'NOT_FOUND' },
    };
    sendAnswer(requestState(req), errorAnswer(requestState(req), 404, error));
  });
  app.use(lastResort(options));
  return ({ req, res }) => void app(req, res);
}

/** An error of our own while answering: logged whole, shown as nothing but the fact. */
function lastResort({ logger }: Pick<ServerOptions, 'logger'>): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    const state = requestState(req);
    if (res.headersSent) {
      logger.debug({ requestId: state.requestId, err: error }, 'failed after the answer');
      return;
    }
    const { status } = (error ?? {}) as { status?: unknown };
    if (typeof status === 'number' && status >= 400 && status < 500) {
      const message = 'The request cannot be read.';
      sendAnswer(state, errorAnswer(state, status, { message, extensions: { code: 'BAD_REQUEST' } }));
      return;
    }
    logger.error({ requestId: state.requestId, err: error }, 'request failed');
    const masked = { message: 'Internal server error', extensions: { code: INTERNAL_CODE } };
    sendAnswer(state, errorAnswer(state, 500, masked));
  };
}

/** Express sends what has been set on the answer; each header of the state stands there once. */
function setHeaders({ res, headers, vary }: RequestState): void {
  for (let index = 0; index < headers.length; index += 2)
    res.setHeader(headers[index] ?? '', headers[index + 1] ?? '');
  if (vary.length > 0) res.setHeader('Vary', vary.join(', '));
}

/** GET /health/live: the process answers. GET /health/ready: it can do its work; 503 and the parts that are out otherwise. */

/** Bound of the question whether the parts are ready; the orchestrator has a time-out of its own. */
const READINESS_TIMEOUT_MS = 2_000;

/** Alive as long as it answers. */
export function liveRoute(version: string): RequestHandler {
  return (_req, res) => {
    res.setHeader('Cache-Control', 'no-store');
    res.json({ status: 'live', version });
  };
}

/** Ready if every part is, and the server is not about to stop. */
export function readyRoute(
  readiness: ServerOptions['readiness'],
  isDraining: () => boolean,
  logger: Logger,
): RequestHandler {
  return async (_req, res) => {
    const parts = await askParts(readiness, logger);
    const all: Record<string, PartStatus> = isDraining()
      ? { ...parts, server: { ready: false, detail: 'stopping' } }
      : parts;
    const ready = Object.values(all).every((part) => part.ready);
    res.setHeader('Cache-Control', 'no-store');
    res.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready', parts: all });
  };
}

async function askParts(
  readiness: ServerOptions['readiness'],
  logger: Logger,
): Promise<Record<string, PartStatus>> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Record<string, PartStatus>>((resolve) => {
    const answer = { server: { ready: false, detail: 'the parts did not answer in time' } };
    timer = setTimeout(() => resolve(answer), READINESS_TIMEOUT_MS);
  });
  try {
    return await Promise.race([readiness(), timeout]);
  } catch (error) {
    logger.error({ err: error }, 'readiness could not be asked');
    return { server: { ready: false, detail: 'the parts could not be asked' } };
  } finally {
    clearTimeout(timer);
  }
}
