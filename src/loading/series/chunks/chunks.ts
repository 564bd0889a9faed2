/**
 * Series in chunks of time. A window of the past does not change, so what is read of a series is cached in chunks on a fixed
 * grid of UTC, shared by all ranges that overlap, by all requests and replicas. Chunks that are missing next to one another
 * are one range, and equal ranges of different series are read together: the first read of a range costs no more calls
 * than without chunks, and a window that slides costs one for the chunks at its end.
 */
import { createBatchLoader } from '../../read/batch-loader.js';
import type { EnosCall } from '../../enos-call.js';
import type { LoadContext } from '../../load-context.js';
import { all } from '../../maybe.js';
import { planSpans } from './chunk-plan.js';
import { addSamples, columnsOf, lowerBound, compactValues } from './columns.js';
import type {
  Chunk,
  ChunkedSeries,
  ChunkKey,
  ChunkSource,
  LoadRange,
  Span,
  SpanAnswer,
} from './chunk-types.js';
import { rangeLifetime } from '../times.js';
import type { Sample } from '../types.js';
import type { Codec } from '../../read/codec.js';

/** The loader of ranges of one kind. `direct` reads a range past the chunks. */
export function createChunkLoader<Series extends ChunkedSeries>(
  context: LoadContext,
  source: ChunkSource<Series>,
  direct: LoadRange<Series>,
): LoadRange<Series> {
  const { lifetimes } = context.settings;
  const open = new Map<string, ChunkKey<Series>>();
  const loader = createBatchLoader<ChunkKey<Series>, Chunk>({
    context,
    kind: source.kind,
    operation: source.operation,
    keyOf: ({ series, index }) => [series.assetId, series.pointId, ...series.name, series.length, index],
    label: ({ series, index }) =>
      `${series.assetId} ${series.pointId} from ${new Date(index * series.length).toISOString()}`,
    codec: CHUNK_CODEC,
    // A chunk in part serves only the reads that wait for it.
    lifetime: (chunk, { series: { length }, index }) =>
      chunk.from <= index * length && chunk.to >= (index + 1) * length
        ? rangeLifetime((index + 1) * length, context.now(), lifetimes)
        : 0,
    fetch: (keys, call) => {
      for (const key of keys) key.sent = true;
      return fetchChunks(keys, source, call);
    },
  });
  const keyOf = (series: Series, index: number, from: number, to: number): ChunkKey<Series> => {
    const name = JSON.stringify([
      series.orgId,
      series.assetId,
      series.pointId,
      series.name,
      series.length,
      index,
    ]);
    const known = open.get(name);
    if (known && !known.sent) {
      known.from = Math.min(known.from, from);
      known.to = Math.max(known.to, to);
      known.loads += 1;
      return known;
    }
    const key = { orgId: series.orgId, series, index, from, to, loads: 1, sent: false };
    open.set(name, key);
    return key;
  };
  return async (series, from, to) => {
    const { length } = series;
    const keys: ChunkKey<Series>[] = [];
    for (let index = Math.floor(from / length); index * length < to; index += 1) {
      const start = Math.max(from, index * length);
      keys.push(keyOf(series, index, start, Math.min(to, (index + 1) * length)));
    }
    const chunks = await all(keys.map((key) => loader.load(key)));
    const isKnown = chunks.every(({ from: known, to: end }, position) => {
      const start = (Math.floor(from / length) + position) * length;
      return known <= Math.max(from, start) && end >= Math.min(to, start + length);
    });
    // Only where another load wanted less of a chunk, and asking for it whole would have cost calls.
    if (!isKnown) return direct(series, from, to);
    const samples: Sample[] = [];
    for (const { columns } of chunks) addSamples(samples, columns, from, to);
    return samples;
  };
}

async function fetchChunks<Series extends ChunkedSeries>(
  keys: readonly ChunkKey<Series>[],
  source: ChunkSource<Series>,
  call: EnosCall,
): Promise<Map<ChunkKey<Series>, Chunk | Error>> {
  const spans = planSpans(keys, source);
  const found = await source.read([...spans.keys()], call);
  const answers = new Map<ChunkKey<Series>, Chunk | Error>();
  for (const [span, ofSpan] of spans) {
    const answer = found.get(span);
    if (answer === undefined) continue;
    for (const [key, chunk] of cutUp(span, ofSpan, answer)) answers.set(key, chunk);
  }
  return answers;
}

function cutUp<Series extends ChunkedSeries>(
  span: Span<Series>,
  keys: readonly ChunkKey<Series>[],
  answer: SpanAnswer | Error,
): [ChunkKey<Series>, Chunk | Error][] {
  if (answer instanceof Error) return keys.map((key) => [key, answer]);
  const { length } = span.series;
  const { samples, stopped } = answer;
  const placeOf = (time: number): number => lowerBound(samples.length, (at) => samples[at]!.time, time);
  return keys.map((key) => {
    const [start, end] = [key.index * length, (key.index + 1) * length];
    if (stopped && end > stopped.time) return [key, stopped.error];
    // Between the first and the last chunk all is known; at the ends, as much as was asked.
    const [from, to] = span.whole ? [start, end] : [Math.max(start, span.from), Math.min(end, span.to)];
    return [key, { columns: columnsOf(samples, placeOf(start), placeOf(end)), from, to }];
  });
}

/** Chunks as they are cached as text: columns, too, with times as steps, which are short. */

interface ChunkText {
  from: number;
  to: number;
  /** Milliseconds since the sample before; of the first, since `from`. */
  steps: number[];
  values: readonly unknown[];
  /** Absent where no value has a quality. */
  qualities?: readonly (number | null)[];
}

/** Writes a chunk as JSON data, and back. */
export const CHUNK_CODEC: Codec<Chunk> = {
  toJson: ({ columns: { times, values, qualities }, from, to }): ChunkText => {
    const steps: number[] = [];
    let before = from;
    for (const time of times) {
      steps.push(time - before);
      before = time;
    }
    return { from, to, steps, values: Array.from<unknown>(values), ...(qualities ? { qualities } : {}) };
  },
  fromJson: (json) => {
    const { from, to, steps, values, qualities } = json as ChunkText;
    const times = new Float64Array(steps.length);
    let time = from;
    for (let index = 0; index < steps.length; index += 1) {
      time += steps[index]!;
      times[index] = time;
    }
    return { columns: { times, values: compactValues(values), qualities }, from, to };
  },
};
