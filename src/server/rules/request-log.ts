/**
 * One log line per request: id, route, operation name, status, duration, error codes. Never the query, its variables, a
 * header or an address with its query string.
 */
import type { Logger } from 'pino';
import type { RequestState } from '../request-state.js';

/** Requests to these are many and tell nothing: they are logged at debug level. */
const QUIET = new Set(['health-live', 'health-ready', 'metrics', 'graphiql']);

/** Writes the line. Called once the answer is sent, or the caller has gone. */
export type RequestLog = (state: RequestState, route: string) => void;

/** Makes the rule. */
export function requestLog(logger: Logger): RequestLog {
  return (state, route) => {
    const { req, res } = state;
    const completed = res.writableFinished;
    const level = completed && res.statusCode >= 500 ? 'error' : QUIET.has(route) ? 'debug' : 'info';
    if (!logger.isLevelEnabled(level)) return;
    logger[level](
      {
        requestId: state.requestId,
        method: req.method,
        route,
        status: completed ? res.statusCode : undefined,
        durationMs: Math.round((performance.now() - state.startedAt) * 10) / 10,
        operationName: state.operationName,
        operationType: state.operationType,
        errorCodes: state.errorCodeList,
      },
      completed ? 'request' : 'request abandoned by the caller',
    );
  };
}
