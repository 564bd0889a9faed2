/** What is seen of every request, whichever way it takes through the server: a log line, and metrics. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { ABANDONED } from '../metrics.js';
import type { ServerMetrics } from '../metrics.js';
import { requestState } from '../request-state.js';
import { logRequest } from './request-log.js';
import { routeLabel } from './route-label.js';

const METHODS = new Set(['GET', 'POST', 'OPTIONS', 'HEAD']);

/** To be called once for each request, after rules/request-id.ts has given it its state. */
export type RequestWatch = (req: IncomingMessage, res: ServerResponse) => void;

/** Makes it from what it tells. */
export function requestWatch(logger: Logger, metrics: ServerMetrics): RequestWatch {
  return (req, res) => {
    const route = routeLabel(pathOf(req.url ?? ''));
    metrics.started(route);
    res.once('close', () => {
      const state = requestState(req);
      const exchange = {
        route,
        method: METHODS.has(req.method ?? '') ? (req.method ?? '') : 'OTHER',
        status: res.writableFinished ? res.statusCode : ABANDONED,
        seconds: (performance.now() - state.startedAt) / 1_000,
      };
      metrics.ended(exchange, state);
      logRequest(logger, exchange, state);
    });
  };
}

function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}
