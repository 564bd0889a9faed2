/**
 * Sheds load while the event loop is late: a request that is refused at once costs next to nothing, while one that is taken
 * makes all the others later. It begins when the mean delay of the loop passes the bound twice in a row, and ends when the
 * delay has fallen to half of it, so that it does not flap. One long pause (garbage, one heavy answer) does not begin it.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Shed } from '../hooks.js';

/** Settings of the shedding. Times are milliseconds. */
export interface ShedOptions {
  /** Mean delay from which requests are refused. */
  maxDelay: number;
  /** Told when it begins and ends, with the delay in milliseconds. */
  onChange?: (isShedding: boolean, delay: number) => void;
}

/** A running watch over the event loop. */
export interface LoadShedding {
  readonly shed: Shed;
  stop(): void;
}

/** How long a delay is averaged over. */
const SAMPLE_MS = 250;
/** The monitor's timer: what it measures beyond that is delay. */
const RESOLUTION_MS = 10;
const NANOSECONDS_PER_MS = 1e6;
/** Samples in a row over the bound before anything is refused. */
const SAMPLES_TO_BEGIN = 2;
const RETRY_AFTER_SECONDS = 1;

/** Starts watching. */
export function startShedding({ maxDelay, onChange }: ShedOptions): LoadShedding {
  const monitor = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  monitor.enable();
  const level = new LoadLevel(maxDelay);
  const timer = setInterval(() => {
    // NaN where the loop has not turned once since the last sample.
    const mean = Number.isFinite(monitor.mean) ? monitor.mean / NANOSECONDS_PER_MS : SAMPLE_MS;
    monitor.reset();
    const delay = Math.max(0, mean - RESOLUTION_MS);
    const before = level.isHigh;
    level.observe(delay);
    if (level.isHigh !== before) onChange?.(level.isHigh, Math.round(delay));
  }, SAMPLE_MS).unref();
  return {
    shed: () => (level.isHigh ? RETRY_AFTER_SECONDS : undefined),
    stop: () => {
      clearInterval(timer);
      monitor.disable();
    },
  };
}

/** Whether the load is too high, by the delays observed one after the other. */
export class LoadLevel {
  private above = 0;
  private high = false;

  /** `bound` in milliseconds. */
  constructor(private readonly bound: number) {}

  get isHigh(): boolean {
    return this.high;
  }

  observe(delay: number): void {
    this.above = delay > this.bound ? this.above + 1 : 0;
    if (this.above >= SAMPLES_TO_BEGIN) this.high = true;
    else if (delay <= this.bound / 2) this.high = false;
  }
}
