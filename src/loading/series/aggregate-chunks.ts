/** Aggregates that EnOS computes, in chunks: an interval belongs to the chunk in which it starts. */
import type { LoadContext } from '../load-context.js';
import type { ChunkedSeries, LoadRange, Span, SpanAnswer } from './chunk-types.js';
import { createChunkLoader } from './chunks.js';
import { callsOf, readEnosAggregates, type EnosAggregate } from './enos-aggregates.js';
import type { gridOf, Interval } from './grid.js';
import { RECORD_OPERATIONS } from './raw-records.js';
import type { Denials } from './read-pairs.js';
import type { AggregateFunction } from './types.js';

/** A series of aggregates. */
export interface AggregateSeries extends ChunkedSeries {
  operation: 'ai-normalized' | 'electric-power';
  interval: Interval;
  timezone: string;
  aggregate: AggregateFunction;
}

/** Ranges of aggregates, in chunks. `direct` reads one past them. */
export function createAggregateChunks(
  context: LoadContext,
  denials: Denials,
  gridFor: typeof gridOf,
  direct: LoadRange<AggregateSeries>,
): LoadRange<AggregateSeries> {
  return createChunkLoader<AggregateSeries>(
    context,
    {
      kind: 'series.intervals',
      operation: RECORD_OPERATIONS['ai-normalized'],
      border: ({ interval, timezone }, time) => {
        const grid = gridFor(time, time + 1, interval, timezone);
        return grid.from === time ? time : grid.to;
      },
      calls: ({ interval, timezone }, from, to, together) =>
        callsOf(gridFor(from, to, interval, timezone), together),
      read: async (spans, call) => {
        const wanted = spans.map((span): EnosAggregate<Span<AggregateSeries>> => {
          const { series, from, to } = span;
          return {
            ...series,
            key: span,
            grid: gridFor(from, to, series.interval, series.timezone),
            limit: null,
          };
        });
        const found = await readEnosAggregates(wanted, call, denials);
        const answers = new Map<Span<AggregateSeries>, SpanAnswer | Error>();
        for (const [span, samples] of found) {
          answers.set(span, samples instanceof Error ? samples : { samples });
        }
        return answers;
      },
    },
    direct,
  );
}
