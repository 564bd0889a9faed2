/**
 * One log line per request: id, route, operation name, status, duration, error codes. Never the query, its variables, a
 * header or an address with its query string.
 */
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { requestState } from '../request-state.js';
import { routeLabel } from './route-label.js';

/** Requests to these are many and tell nothing: they are logged at debug level. */
const QUIET = new Set(['health-live', 'health-ready', 'metrics', 'graphiql']);

/** Writes the line once the answer is sent, or the caller has gone. */
export function requestLog(logger: Logger): RequestHandler {
  return (req, res, next) => {
    const route = routeLabel(req.path);
    const { method } = req;
    res.once('close', () => {
      const state = requestState(req);
      const completed = res.writableFinished;
      const level = completed && res.statusCode >= 500 ? 'error' : QUIET.has(route) ? 'debug' : 'info';
      logger[level](
        {
          requestId: state.requestId,
          method,
          route,
          status: completed ? res.statusCode : undefined,
          durationMs: Math.round((performance.now() - state.startedAt) * 10) / 10,
          operationName: state.operationName,
          operationType: state.operationType,
          errorCodes: state.errorCodes.size > 0 ? [...state.errorCodes] : undefined,
        },
        completed ? 'request' : 'request abandoned by the caller',
      );
    });
    next();
  };
}
