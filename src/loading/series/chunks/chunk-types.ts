/** What chunks of series are spoken of in. */
import type { OperationId } from '../../../enos/operation.js';
import type { KeyPart } from '../../read/key-table.js';
import type { EnosCall } from '../../enos-call.js';
import type { SampleColumns } from './columns.js';
import type { PointKey, Sample } from '../types.js';

/** A series as chunks know it. */
export interface ChunkedSeries extends PointKey {
  /** What tells the kinds of reads of one point apart: raw with or without quality, interval and aggregate ... */
  readonly name: readonly KeyPart[];
  /** Length of a chunk, milliseconds. Chunk n starts n lengths after 1970. */
  readonly length: number;
  /** What series of an organization must have in common to be read in one call. */
  readonly alike: string;
}

/** A range of one series that is to be read. */
export interface Span<Series> {
  readonly series: Series;
  /** Unix milliseconds, inclusive and exclusive. */
  readonly from: number;
  readonly to: number;
  /** Whether it holds all of its chunks: it may then begin or end besides their borders, where the nearest interval does. */
  readonly whole: boolean;
  /** How many loads want a part of it. */
  readonly loads: number;
}

/** Samples of a part of a chunk's time. */
export interface Chunk {
  columns: SampleColumns;
  /** The part that is known: the whole chunk, or what one load wanted of it. */
  from: number;
  to: number;
}

/** How chunks of one kind of series are read. */
export interface ChunkSource<Series extends ChunkedSeries> {
  kind: string;
  operation: OperationId;
  /** The first instant at or after a border of chunks at which a range may begin or end. */
  border(series: Series, time: number): number;
  /** Calls that a range of so many alike series costs, as far as it can be known. */
  calls(series: Series, from: number, to: number, together: number): number;
  /**
   * Samples of the spans in order of time; those outside are ignored. `until`: where the reading ended before the span
   * did, with the error for what lies behind.
   */
  read(
    spans: readonly Span<Series>[],
    call: EnosCall,
  ): Promise<ReadonlyMap<Span<Series>, SpanAnswer | Error>>;
}

/** What came back for a span. */
export interface SpanAnswer {
  samples: Sample[];
  /** Set where reading stopped early: what lies at or behind `time` fails with `error`. */
  stopped?: { time: number; error: Error };
}

/** A chunk that is wanted. */
export interface ChunkKey<Series> {
  orgId: string;
  series: Series;
  index: number;
  /** The part of the chunk that is wanted; grows with every load until the batch is sent. */
  from: number;
  to: number;
  loads: number;
  sent: boolean;
}

/** Reads a range of a series: samples from `from` to `to`, in order of time. */
export type LoadRange<Series> = (series: Series, from: number, to: number) => Promise<Sample[]>;
