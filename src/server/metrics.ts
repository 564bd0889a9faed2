/** The server's own metrics, and GET /metrics. */
import type { RequestHandler } from 'express';
import { Counter, Histogram, collectDefaultMetrics } from 'prom-client';
import type { Registry } from 'prom-client';
import { isKnownCode } from './error-codes.js';

/** What the HTTP side counts. */
export interface ServerMetrics {
  requestDuration: Histogram<'route' | 'method' | 'status'>;
  /** Counts one error of an answer. Codes outside our table count as OTHER, so that labels stay few. */
  countError(code: string): void;
}

/** Registers the metrics of the process and of the HTTP side. Once per registry. */
export function createServerMetrics(registry: Registry): ServerMetrics {
  collectDefaultMetrics({ register: registry });
  const errors = new Counter({
    name: 'graphql_errors_total',
    help: 'Errors in GraphQL answers, by code.',
    labelNames: ['code'] as const,
    registers: [registry],
  });
  return {
    requestDuration: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the arrival of a request to the end of its answer.',
      labelNames: ['route', 'method', 'status'] as const,
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
      registers: [registry],
    }),
    countError: (code) => errors.inc({ code: isKnownCode(code) ? code : 'OTHER' }),
  };
}

/** GET /metrics in Prometheus' text format. */
export function metricsRoute(registry: Registry): RequestHandler {
  return async (_req, res) => {
    const text = await registry.metrics();
    res.setHeader('Content-Type', registry.contentType);
    res.send(text);
  };
}
