/** How long answers take, by route, method and status. */
import type { RequestHandler } from 'express';
import type { ServerMetrics } from '../metrics.js';
import { requestState } from '../request-state.js';
import { routeLabel } from './route-label.js';

const METHODS = new Set(['GET', 'POST', 'OPTIONS', 'HEAD']);

/** Observes each request once its answer is sent, or the caller has gone (status 499, as proxies put it). */
export function requestMetrics(metrics: ServerMetrics): RequestHandler {
  return (req, res, next) => {
    const route = routeLabel(req.path);
    const method = METHODS.has(req.method) ? req.method : 'OTHER';
    res.once('close', () => {
      const status = res.writableFinished ? res.statusCode : 499;
      const seconds = (performance.now() - requestState(req).startedAt) / 1000;
      metrics.requestDuration.observe({ route, method, status }, seconds);
    });
    next();
  };
}
