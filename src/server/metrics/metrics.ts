/** The server's own metrics, and GET /metrics. docs/observability.md lists them. */
import type { RequestHandler } from 'express';
import { Counter, Gauge, collectDefaultMetrics } from 'prom-client';
import type { Registry } from 'prom-client';
import { CountedHistogram } from './counted-histogram.js';
import { isKnownCode } from '../errors/codes.js';
import { OperationLabels } from './operation-labels.js';
import type { RequestState } from '../request-state.js';

/** What the HTTP side counts. */
export interface ServerMetrics {
  /** A request to the route has come in. */
  begun(route: string): void;
  /** Its answer has been sent, or the caller has gone. */
  ended(state: RequestState, route: string): void;
  /** Counts one error of an answer. Codes outside our table count as OTHER, so that labels stay few. */
  countError(code: string): void;
}

const GRAPHQL_ROUTE = 'graphql';
const METHODS = new Set(['GET', 'POST', 'OPTIONS', 'HEAD']);
/** Status of a request whose caller has gone, as proxies put it. */
const ABANDONED = 499;
/** Operations that may earn a label of their own. */
const MAX_LABELS = 50;

/** Registers the metrics of the process and of the HTTP side. Once per registry. */
export function createServerMetrics(
  registry: Registry,
  knownOperations: readonly string[] = [],
): ServerMetrics {
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const labels = new OperationLabels({ max: MAX_LABELS, known: knownOperations });
  const errors = new Counter({
    name: 'graphql_errors_total',
    help: 'Errors in GraphQL answers, by code.',
    labelNames: ['code'] as const,
    registers,
  });
  const requests = new CountedHistogram<'route' | 'method' | 'status'>(registry, {
    name: 'http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer.',
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
  });
  const operations = new CountedHistogram<'operation' | 'type' | 'outcome'>(registry, {
    name: 'graphql_operation_duration_seconds',
    help: 'Time from the arrival of an operation that was let in or refused by a limit to the end of its answer.',
    buckets: [0.002, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
  });
  const cost = new CountedHistogram(registry, {
    name: 'graphql_operation_cost',
    help: 'Fields that the answers may have held, as estimated before the operations ran.',
    buckets: [1, 10, 100, 1_000, 10_000, 100_000],
  }).series({});
  const calls = new CountedHistogram(registry, {
    name: 'graphql_operation_enos_calls',
    help: 'HTTP exchanges with EnOS that one operation needed; those it shared count for the operation that began them.',
    buckets: [0, 1, 2, 4, 8, 16, 32, 64],
  }).series({});
  const inFlight = new Gauge({
    name: 'graphql_requests_in_flight',
    help: 'Requests to /graphql that have come in and are not answered yet.',
    registers,
  });
  const requestsBy = remembered((route, method, status) => requests.series({ route, method, status }));
  const operationsBy = remembered((operation, type, outcome) =>
    operations.series({ operation, type, outcome }),
  );
  return {
    begun: (route) => {
      if (route === GRAPHQL_ROUTE) inFlight.inc();
    },
    ended: (state, route) => {
      const { req, res, operationType } = state;
      const seconds = (performance.now() - state.startedAt) / 1_000;
      const method = METHODS.has(req.method ?? '') ? (req.method ?? '') : 'OTHER';
      const status = res.writableFinished ? res.statusCode : ABANDONED;
      requestsBy(route, method, String(status)).observe(seconds);
      if (route !== GRAPHQL_ROUTE) return;
      inFlight.dec();
      if (operationType === undefined) return;
      const outcome = status === ABANDONED ? 'abandoned' : state.errorCodeList ? 'error' : 'ok';
      operationsBy(labels.of(state.operationName), operationType, outcome).observe(seconds);
      if (state.cost !== undefined) cost.observe(state.cost);
      calls.observe(state.calls);
    },
    countError: (code) => errors.inc({ code: isKnownCode(code) ? code : 'OTHER' }),
  };
}

type ByThree<T> = (a: string, b: string, c: string) => T;

/** Makes a thing once for each three words. Most requests are like the one before, and are spared the look-up. */
function remembered<T>(make: ByThree<T>): ByThree<T> {
  const known = new Map<string, T>();
  let last: { a: string; b: string; c: string; made: T } | undefined;
  return (a, b, c) => {
    if (last !== undefined && last.a === a && last.b === b && last.c === c) return last.made;
    const key = `${a} ${b} ${c}`;
    let made = known.get(key);
    if (made === undefined) known.set(key, (made = make(a, b, c)));
    last = { a, b, c, made };
    return made;
  };
}

/** Where nothing is counted. */
export const NO_METRICS: ServerMetrics = {
  begun: () => undefined,
  ended: () => undefined,
  countError: () => undefined,
};

/** GET /metrics in Prometheus' text format. */
export function metricsRoute(registry: Registry): RequestHandler {
  return async (_req, res) => {
    const text = await registry.metrics();
    res.setHeader('Content-Type', registry.contentType);
    res.send(text);
  };
}
