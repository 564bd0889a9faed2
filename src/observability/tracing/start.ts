/** Traces are off unless a place to send them is named; then nothing of OpenTelemetry is even loaded. */
import type { Log, Tracing, TracingOptions } from './tracing.js';

/** Turns traces on where the options name a place for them. */
export async function startTracing(options: TracingOptions, log: Log): Promise<Tracing | undefined> {
  const { endpoint } = options;
  if (endpoint === undefined) return undefined;
  const { createTracing } = await import('./otel.js');
  return createTracing({ ...options, endpoint }, log);
}
