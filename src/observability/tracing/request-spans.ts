import { ROOT_CONTEXT, SpanKind, SpanStatusCode, defaultTextMapGetter, trace } from '@opentelemetry/api';
import type { Attributes, Context, Span } from '@opentelemetry/api';
import type { RequestState } from '../../server/request-state.js';
import type { SpanTools } from './span-tools.js';

/**
 * The span of a request to /graphql, child of the span that the caller names in his traceparent header, and under it the
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
