/** Chunks as they are cached as text: columns, too, with times as steps, which are short. */
import type { Codec } from '../codec.js';
import type { Chunk } from './chunk-types.js';
import { compact } from './columns.js';

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
    return { columns: { times, values: compact(values), qualities }, from, to };
  },
};
