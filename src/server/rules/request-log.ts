/**
 * One log line per request: id, route, status, duration, and of its operation the name, type, hash, cost, calls to EnOS
 * and error codes. Never the query, its variables, a header or an address with its query string.
 */
import type { Logger } from 'pino';
import { ABANDONED } from '../metrics.js';
import type { Exchange } from '../metrics.js';
import type { RequestState } from '../request-state.js';

/** Requests to these are many and tell nothing: they are logged at debug level. */
const QUIET = new Set(['health-live', 'health-ready', 'metrics', 'graphiql']);

/** Writes the line once the answer is sent, or the caller has gone. */
export function logRequest(
  logger: Logger,
  { route, method, status, seconds }: Exchange,
  state: RequestState,
): void {
  const completed = status !== ABANDONED;
  const level = completed && status >= 500 ? 'error' : QUIET.has(route) ? 'debug' : 'info';
  if (!logger.isLevelEnabled(level)) return;
  const { requestId, traceId, caller, operationName, operationType, operationHash, cost, calls } = state;
  logger[level](
    {
      requestId,
      traceId,
      method,
      route,
      status: completed ? status : undefined,
      durationMs: Math.round(seconds * 10_000) / 10,
      caller: caller?.id,
      operationName,
      operationType,
      operationHash,
      cost,
      calls: operationType === undefined ? undefined : (calls ?? 0),
      errorCodes: state.errorCodes.size > 0 ? [...state.errorCodes] : undefined,
    },
    completed ? 'request' : 'request abandoned by the caller',
  );
}
