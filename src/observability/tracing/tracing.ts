import type { TraceHeaders } from '../../enos/client.js';

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
