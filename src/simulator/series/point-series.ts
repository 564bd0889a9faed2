/**
 * The records of one point of one asset, and the ways to make them from a function of time.
 */
import type { WorldSample } from '../world/world.js';

/** Records of one (asset, point); `read` is lazy, ascending, over `from <= time < to`. */
export interface PointSeries {
  read(from: number, to: number): Iterable<WorldSample>;
  /** The newest record with `after < time <= at`. */
  latest(at: number, after: number): WorldSample | null;
}

export type SampleValue = WorldSample['value'];

/** What the makers of series need to know beside the function. */
export interface Recording {
  /** Unix milliseconds of the newest moment that can have been recorded. */
  until(): number;
  quality: number | null;
}

/** Records at every multiple of `every` milliseconds. */
export function sampledSeries(
  every: number,
  valueAt: (t: number) => SampleValue,
  recording: Recording,
): PointSeries {
  const sample = (time: number): WorldSample => ({ time, value: valueAt(time), quality: recording.quality });
  return {
    *read(from, to) {
      const end = Math.min(to, recording.until() + 1);
      for (let t = Math.ceil(from / every) * every; t < end; t += every) yield sample(t);
    },
    latest(at, after) {
      const t = Math.floor(Math.min(at, recording.until()) / every) * every;
      return t > after ? sample(t) : null;
    },
  };
}

/**
 * States that hold for a while: the value of each ten-minute block, recorded at the second within the block where it
 * changes, and at midnight UTC even without a change: whenever it is asked, the newest record is at most a day old.
 */
export class StateTrack {
  static readonly BLOCK = 600_000;
  static readonly BLOCKS_PER_DAY = 144;

  /** `stateOf` must be a pure function of the block's number; `shift` gives the second of its change, 0 to 1. */
  constructor(
    private readonly stateOf: (block: number) => number,
    private readonly shift: (block: number) => number,
  ) {}

  /** The state at an instant. */
  at(t: number): number {
    const block = Math.floor(t / StateTrack.BLOCK);
    return this.stateOf(t >= this.timeOf(block) ? block : block - 1);
  }

  /** The records, `label` turning states into what is stored. */
  series(label: (state: number) => SampleValue, recording: Recording): PointSeries {
    const record = (block: number): WorldSample | null => {
      const state = this.stateOf(block);
      const kept = isDaily(block) || state !== this.stateOf(block - 1);
      return kept ? { time: this.timeOf(block), value: label(state), quality: recording.quality } : null;
    };
    const read = function* (from: number, to: number): Iterable<WorldSample> {
      const end = Math.min(to, recording.until() + 1);
      for (let block = Math.floor(from / StateTrack.BLOCK); block * StateTrack.BLOCK < end; block++) {
        const sample = record(block);
        if (sample && sample.time >= from && sample.time < end) yield sample;
      }
    };
    return {
      read,
      latest(at, after) {
        const newest = Math.min(at, recording.until());
        let block = Math.floor(newest / StateTrack.BLOCK);
        for (; (block + 1) * StateTrack.BLOCK > after; block--) {
          const sample = record(block);
          if (sample && sample.time <= newest) return sample.time > after ? sample : null;
        }
        return null;
      },
    };
  }

  private timeOf(block: number): number {
    // Were the daily record shifted too, two of them could lie more than a day apart, with no state in between.
    const shift = isDaily(block) ? 0 : Math.floor(this.shift(block) * 600) * 1000;
    return block * StateTrack.BLOCK + shift;
  }
}

/** Whether a block is the first of its day, whose state is recorded in any case. */
function isDaily(block: number): boolean {
  return block % StateTrack.BLOCKS_PER_DAY === 0;
}

/** Records that are held in memory, ascending by time. */
export function storedSeries(times: readonly number[], valueOf: (index: number) => SampleValue): PointSeries {
  const firstFrom = (t: number): number => {
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((times[middle] ?? 0) < t) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const sample = (index: number, time: number): WorldSample => ({
    time,
    value: valueOf(index),
    quality: null,
  });
  return {
    *read(from, to) {
      for (let i = firstFrom(from); i < times.length; i++) {
        const time = times[i];
        if (time === undefined || time >= to) return;
        yield sample(i, time);
      }
    },
    latest(at, after) {
      const index = firstFrom(at + 1) - 1;
      const time = times[index];
      return time !== undefined && time > after ? sample(index, time) : null;
    },
  };
}
