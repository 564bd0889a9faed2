import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  defaultTextMapGetter,
  trace,
  type Attributes,
  type Context,
  type Span,
  defaultTextMapSetter,
  type Tracer,
} from '@opentelemetry/api';
import type { RequestState } from '../../server/request-state.js';
import {
  enosChannel,
  type AttemptEnded,
  type CallFailed,
  type CallInfo,
  type CallStarted,
  type CallSucceeded,
} from '../../enos/channels.js';
import type { TraceHeaders } from '../../enos/client.js';
import type { BatchFetch } from '../../loading/channels.js';
import type { W3CTraceContextPropagator } from '@opentelemetry/core';

/**
 * The span of a request to /graphql, child of the span that the caller names in their traceparent header, and under it the
 * span of the plan: reading, parsing, validating and measuring the operation. Names and attributes are those of
 * OpenTelemetry's conventions for HTTP and GraphQL; never the document, its variables or a header.
 */
export function requestSpans({ tracer, propagator }: SpanTools): (state: RequestState) => Context {
  return (state) => {
    const { req, res } = state;
    const from = propagator.extract(ROOT_CONTEXT, req.headers, defaultTextMapGetter);
    const span = tracer.startSpan(
      `${req.method ?? ''} /graphql`,
      {
        kind: SpanKind.SERVER,
        startTime: epoch(state.startedAt),
        attributes: { 'http.request.method': req.method ?? '', 'http.route': '/graphql' },
      },
      from,
    );
    const context = trace.setSpan(from, span);
    if (span.isRecording()) {
      state.traceId = span.spanContext().traceId;
      res.once('close', () => {
        const plan = tracer.startSpan('graphql.plan', { startTime: epoch(state.startedAt) }, context);
        plan.end(epoch(state.plannedAt ?? performance.now()));
        finish(span, state, res.writableFinished ? res.statusCode : undefined);
      });
    } else {
      res.once('close', () => span.end());
    }
    return context;
  };
}

function finish(span: Span, state: RequestState, status: number | undefined): void {
  const { operationType, operationName } = state;
  if (operationType !== undefined) span.updateName([operationType, operationName].filter(Boolean).join(' '));
  span.setAttributes(attributesOf(state, status));
  const failed = status === undefined || status >= 500 || state.errorCodes.size > 0;
  if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

function attributesOf(state: RequestState, status: number | undefined): Attributes {
  return {
    'http.response.status_code': status,
    'graphql.operation.type': state.operationType,
    'graphql.operation.name': state.operationName,
    'enos_graphql.operation.hash': state.operationHash,
    'enos_graphql.operation.cost': state.cost,
    'enos_graphql.calls': state.calls,
    'enos_graphql.request_id': state.requestId,
    'enos_graphql.abandoned': status === undefined ? true : undefined,
    'error.type': [...state.errorCodes][0],
    'enos_graphql.error_codes': [...state.errorCodes],
  };
}

/** A reading of `performance.now()` as Unix milliseconds. */
function epoch(reading: number): number {
  return performance.timeOrigin + reading;
}

/** Spans of calls to EnOS, their HTTP exchanges as events. */
export interface CallSpans {
  headers: TraceHeaders;
  /** Stops listening. */
  stop(): void;
}

/** Makes a span for each call to EnOS that is made for a request. */
export function callSpans({ tracer, propagator, current }: SpanTools): CallSpans {
  const open = new WeakMap<CallInfo, { span: Span; context: Context }>();
  const started = ({ call }: CallStarted): void => {
    const parent = current();
    // The token that a readiness check asks for, say, belongs to no request.
    if (!parent) return;
    const attributes = { 'rpc.system': 'enos', 'rpc.service': call.service, 'rpc.method': call.operation };
    const span = tracer.startSpan(call.operation, { kind: SpanKind.CLIENT, attributes }, parent);
    open.set(call, { span, context: trace.setSpan(parent, span) });
  };
  const attempted = ({ call, attempt }: AttemptEnded): void => {
    open.get(call)?.span.addEvent('exchange', {
      attempt: attempt.attempt,
      outcome: attempt.outcome,
      durationMs: Math.round(attempt.durationMs * 10) / 10,
      httpStatus: attempt.httpStatus ?? undefined,
    });
  };
  const succeeded = ({ call, attempts, queuedMs, requestId }: CallSucceeded): void => {
    const span = open.get(call)?.span;
    span?.setAttributes({
      'enos_graphql.attempts': attempts,
      'enos_graphql.queued_ms': Math.round(queuedMs),
      'enos.request_id': requestId ?? undefined,
    });
    span?.end();
  };
  const failed = ({ call, attempts, queuedMs, error }: CallFailed): void => {
    const span = open.get(call)?.span;
    span?.setAttributes({
      'enos_graphql.attempts': attempts,
      'enos_graphql.queued_ms': Math.round(queuedMs),
      'enos.request_id': error.requestId ?? undefined,
      'enos.code': error.code ?? undefined,
      'error.type': error.kind,
    });
    span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
  };
  const start = enosChannel('enos-graphql:call:start');
  const attempt = enosChannel('enos-graphql:attempt');
  const end = enosChannel('enos-graphql:call:end');
  const error = enosChannel('enos-graphql:call:error');
  start.subscribe(started);
  attempt.subscribe(attempted);
  end.subscribe(succeeded);
  error.subscribe(failed);
  return {
    headers: (call) => {
      const headers: Record<string, string> = {};
      const context = open.get(call)?.context;
      if (context) propagator.inject(context, headers, defaultTextMapSetter);
      return headers;
    },
    stop: () => {
      start.unsubscribe(started);
      attempt.unsubscribe(attempted);
      end.unsubscribe(succeeded);
      error.unsubscribe(failed);
    },
  };
}

/** Spans of batches: keys that the cache did not have, fetched together. */
export interface BatchSpans {
  /** Begins one; what runs in the context that it returns belongs to it. */
  begin: (batch: BatchFetch) => Context | undefined;
  end: (batch: BatchFetch & { error?: unknown }) => void;
}

/** Makes the spans of batches under the request that began them. */
export function batchSpans({ tracer, current }: SpanTools): BatchSpans {
  const open = new WeakMap<BatchFetch, Span>();
  return {
    begin: (batch) => {
      const parent = current();
      if (!parent) return undefined;
      const attributes = {
        'enos_graphql.batch.keys': batch.keys,
        'enos_graphql.batch.cached': batch.cached,
      };
      const span = tracer.startSpan(`batch ${batch.operation}`, { attributes }, parent);
      open.set(batch, span);
      return trace.setSpan(parent, span);
    },
    end: (batch) => {
      const span = open.get(batch);
      if (batch.error !== undefined) span?.setStatus({ code: SpanStatusCode.ERROR });
      span?.end();
    },
  };
}

/** What every maker of spans works with. */
export interface SpanTools {
  tracer: Tracer;
  propagator: W3CTraceContextPropagator;
  /** The span under which the present code runs. */
  current: () => Context | undefined;
}
