import type { Context, Tracer } from '@opentelemetry/api';
import type { W3CTraceContextPropagator } from '@opentelemetry/core';

/** What every maker of spans works with. */
export interface SpanTools {
  tracer: Tracer;
  propagator: W3CTraceContextPropagator;
  /** The span under which the present code runs. */
  current: () => Context | undefined;
}
