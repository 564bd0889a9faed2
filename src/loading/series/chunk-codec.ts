/** Chunks as they are cached: columns, since a chunk of records repeats its names hundreds of times. */
import type { Codec } from '../codec.js';
import type { Chunk } from './chunk-types.js';
import type { Sample } from './types.js';

interface Columns {
  from: number;
  to: number;
  /** Milliseconds since the sample before; of the first, since `from`. */
  steps: number[];
  values: unknown[];
  /** Absent where no value has a quality. */
  qualities?: (number | null)[];
}

/** Writes a chunk as columns, and back. */
export const CHUNK_CODEC: Codec<Chunk> = {
  toJson: ({ samples, from, to }): Columns => {
    const columns: Columns = { from, to, steps: [], values: [] };
    let before = from;
    let isKnown = false;
    for (const { time, value, quality } of samples) {
      columns.steps.push(time - before);
      columns.values.push(value);
      before = time;
      isKnown ||= quality !== null;
    }
    if (isKnown) columns.qualities = samples.map(({ quality }) => quality);
    return columns;
  },
  fromJson: (json) => {
    const { from, to, steps, values, qualities } = json as Columns;
    const samples: Sample[] = [];
    let time = from;
    for (let index = 0; index < steps.length; index += 1) {
      time += steps[index] ?? 0;
      samples.push({ time, value: values[index], quality: qualities?.[index] ?? null });
    }
    return { samples, from, to };
  },
};
