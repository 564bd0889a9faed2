/** How long answers take, by route, method and status. */
import type { Histogram } from 'prom-client';
import type { ServerMetrics } from '../metrics.js';
import type { RequestState } from '../request-state.js';

const METHODS = new Set(['GET', 'POST', 'OPTIONS', 'HEAD']);

/** Observes a request. Called once its answer is sent, or the caller has gone (status 499, as proxies put it). */
export type RequestMetrics = (state: RequestState, route: string) => void;

/** Makes the rule. Looking labels up costs more than observing, so the few combinations that occur are kept. */
export function requestMetrics({ requestDuration }: ServerMetrics): RequestMetrics {
  const known = new Map<string, Histogram.Internal<'route' | 'method' | 'status'>>();
  return ({ req, res, startedAt }, route) => {
    const method = METHODS.has(req.method ?? '') ? (req.method ?? '') : 'OTHER';
    const status = res.writableFinished ? res.statusCode : 499;
    const key = `${route} ${method} ${status}`;
    let duration = known.get(key);
    if (!duration) known.set(key, (duration = requestDuration.labels({ route, method, status })));
    duration.observe((performance.now() - startedAt) / 1000);
  };
}
