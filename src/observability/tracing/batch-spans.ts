import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import type { BatchFetch } from '../../loading/channels.js';
import type { SpanTools } from './span-tools.js';

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
