/**
 * OpenTelemetry: makes spans of what the channels of server, loading and client tell, and sends them by OTLP over HTTP.
 * The span under which something happens travels in an AsyncLocalStorage that is bound to the channels.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context } from '@opentelemetry/api';
import { ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type ReadableSpan,
  type SpanExporter,
} from '@opentelemetry/sdk-trace';
import { batchChannel, type BatchFetch } from '../../loading/channels.js';
import { requestChannel } from '../../server/request-state.js';
import type { Log, Tracing, TracingOptions } from './tracing.js';
import { batchSpans, callSpans, requestSpans, type SpanTools } from './spans.js';

/** Time for sending spans once; what could not be sent by then is lost. */
const EXPORT_TIMEOUT_MS = 5_000;
/** Spans that wait to be sent; further ones are lost rather than filling the memory. */
const MAX_QUEUE = 4_096;
const SEND_EVERY_MS = 1_000;
/** Time for the last spans when the server ends. */
const CLOSE_TIMEOUT_MS = 2_000;

/** Starts listening. Spans that cannot be sent are lost, and said once. */
export function createTracing(options: TracingOptions & { endpoint: string }, log: Log): Tracing {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': options.serviceName,
      'service.version': options.version,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.sampledShare) }),
    spanLimits: { attributeValueLengthLimit: 1_000 },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: exporterTo(options, log),
        maxQueueSize: MAX_QUEUE,
        scheduledDelayMillis: SEND_EVERY_MS,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
      }),
    ],
  });
  const storage = new AsyncLocalStorage<Context | undefined>();
  const tools: SpanTools = {
    tracer: provider.getTracer('enos-graphql', options.version),
    propagator: new W3CTraceContextPropagator(),
    current: () => storage.getStore(),
  };
  const batches = batchSpans(tools);
  const calls = callSpans(tools);
  // Node types every message as unknown; loading/channels.ts says what is published.
  const batchEnded = (message: unknown): void => batches.end(message as BatchFetch);
  requestChannel.bindStore(storage, requestSpans(tools));
  batchChannel.start.bindStore(storage, batches.begin);
  batchChannel.asyncEnd.subscribe(batchEnded);
  return {
    traceHeaders: calls.headers,
    close: async () => {
      requestChannel.unbindStore(storage);
      batchChannel.start.unbindStore(storage);
      batchChannel.asyncEnd.unsubscribe(batchEnded);
      calls.stop();
      await Promise.race([provider.shutdown().catch(() => undefined), sleep(CLOSE_TIMEOUT_MS)]);
    },
  };
}

/** Sends spans; the first failure after a success is logged, without the address, and the first success after it. */
function exporterTo({ endpoint, headers }: { endpoint: string; headers?: Record<string, string> }, log: Log) {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint}/v1/traces`,
    headers: headers ?? {},
    timeoutMillis: EXPORT_TIMEOUT_MS,
  });
  let failing = false;
  const send: SpanExporter['export'] = (spans: ReadableSpan[], done) =>
    exporter.export(spans, (result) => {
      const failed = result.code !== ExportResultCode.SUCCESS;
      if (failed !== failing) {
        if (failed) log('warn', 'traces cannot be sent; the spans are lost');
        else log('info', 'traces are sent again');
      }
      failing = failed;
      // The failure has been told; the processor would print it, address included.
      done({ code: ExportResultCode.SUCCESS });
    });
  return { export: send, shutdown: () => exporter.shutdown(), forceFlush: () => exporter.forceFlush() };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
