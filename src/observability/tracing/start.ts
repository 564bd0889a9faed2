/** Traces are off unless a place to send them is named; then nothing of OpenTelemetry is even loaded. */
import type { TraceHeaders } from '../../enos/client.js';
import type { Log } from '../log.js';

/** What decides about traces. */
export interface TracingOptions {
  /** Address of the collector, without /v1/traces. */
  endpoint?: string;
  headers?: Record<string, string>;
  serviceName: string;
  /** Share of requests that are traced where the caller has not decided; from 0 to 1. */
  sampledShare: number;
  /** Of this server. */
  version: string;
}

/** Traces that are on. */
export interface Tracing {
  /** Trace context that a call takes along to EnOS. */
  traceHeaders: TraceHeaders;
  /** Sends what has not been sent yet, and stops listening. */
  close(): Promise<void>;
}

/** Turns traces on where the options name a place for them. */
export async function startTracing(options: TracingOptions, log: Log): Promise<Tracing | undefined> {
  const { endpoint } = options;
  if (endpoint === undefined) return undefined;
  const { createTracing } = await import('./otel.js');
  return createTracing({ ...options, endpoint }, log);
}
