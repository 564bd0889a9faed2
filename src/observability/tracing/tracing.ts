import type { TraceHeaders, EnosClient } from '../../enos/client.js';

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

/** A client whose calls take the context of their trace along to EnOS; the client itself where there are no traces. */
export function tracedClient(client: EnosClient, tracing: Tracing | undefined): EnosClient {
  if (!tracing) return client;
  const { traceHeaders } = tracing;
  return {
    gateway: client.gateway,
    ...(client.maxResponseBytes === undefined ? {} : { maxResponseBytes: client.maxResponseBytes }),
    call: (operation, args, options) => client.call(operation, args, { ...options, traceHeaders }),
    credentialsAccepted: () => client.credentialsAccepted(),
    connect: (options) => client.connect(options),
    close: () => client.close(),
  };
}

/** Where the parts that watch write what they have to say of themselves. */
export type Log = (level: 'info' | 'warn' | 'error', message: string) => void;
