import { SpanKind, SpanStatusCode, defaultTextMapSetter, trace } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import { enosChannel } from '../../enos/channels.js';
import type { AttemptEnded, CallFailed, CallInfo, CallStarted, CallSucceeded } from '../../enos/channels.js';
import type { TraceHeaders } from '../../enos/client.js';
import type { SpanTools } from './span-tools.js';

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
