/**
 * Leases: of the replicas that find a key missing, the first one leases it and fetches, and the others wait for
 * what it brings. A lease is a hint. It ends by itself, nothing is wrong where one is lost, and a reader waits for a
 * bounded time and only as long as Redis answers.
 */
import { randomUUID } from 'node:crypto';
import type { Lease, LeasedKey, Leases, ReadToken, WaitSignal } from '../cache.js';
import type { Dated } from '../tags/table.js';

/** What leases need of Redis (redis-store.ts). */
export interface LeaseStore {
  /** Whether it is worth asking. */
  answers(): boolean;
  lease(keys: readonly string[], text: string, ttlMs: number): Promise<LeaseReply[]>;
  leasesOn(keys: readonly string[]): Promise<(string | null | undefined)[]>;
  /** False where Redis has refused. */
  release(keys: readonly string[], text: string): Promise<boolean>;
}

/**
 * Whether a key has been leased; false where another holds it. `refused` where Redis does not let us; undefined where it has not said, and
 * may have done it all the same.
 */
export type LeaseReply = boolean | 'refused' | undefined;

/** Counters since start, in keys. */
export interface LeaseCounts {
  /** Leased here. */
  taken: number;
  /** Found to be leased elsewhere. */
  elsewhere: number;
}

const PREFIX = 'lease:';
/** Waits between two looks at the leases of others, in milliseconds: they grow, and each is varied by a quarter. */
const FIRST_LOOK = 4;
const LONGEST_LOOK = 25;
const GROWTH = 1.5;
/** Where Redis refuses leases, or to release them (no right to run scripts), none are taken for so long. */
const REFUSED_PAUSE = 60_000;
const NONE: ReadonlySet<string> = new Set();

/** Leases in Redis, by the keys that they are on. */
export class RedisLeases implements Leases {
  readonly counts: LeaseCounts = { taken: 0, elsewhere: 0 };
  private readonly process = randomUUID();
  private batches = 0;
  private pausedUntil = 0;

  constructor(
    private readonly store: LeaseStore,
    /** Whether data of a place in the order of invalidations may still be used. */
    private readonly admits: (data: Dated) => boolean,
    /** Milliseconds: the life of a lease, and the longest wait for one. */
    readonly waitMs: number,
  ) {}

  async take(keys: readonly LeasedKey[], asOf: ReadToken): Promise<Lease> {
    if (!this.store.answers() || performance.now() < this.pausedUntil) return NO_LEASE;
    this.batches += 1;
    // One text for the batch: a read that waits for several of its keys looks at one of them.
    const text = `${asOf.position}|${this.process}.${this.batches}`;
    const names = keys.map(({ key }) => PREFIX + key);
    const replies = await this.store.lease(names, text, this.waitMs);
    const others = keys.filter((_, index) => replies[index] === false);
    if (replies.includes('refused')) this.holdOff();
    const own = names.filter((_, index) => replies[index] === true || replies[index] === undefined);
    this.counts.taken += own.length;
    this.counts.elsewhere += others.length;
    return {
      elsewhere: others.length === 0 ? NONE : new Set(others.map(({ key }) => key)),
      settled: (ms, signal) => this.settled(others, Math.min(ms, this.waitMs), signal),
      release: () => this.release(own, text),
    };
  }

  private async release(names: readonly string[], text: string): Promise<void> {
    if (names.length === 0) return;
    const isKnown = await this.store.release(names, text);
    if (!isKnown) this.holdOff();
  }

  private holdOff(): void {
    this.pausedUntil = performance.now() + REFUSED_PAUSE;
  }

  private async settled(keys: readonly LeasedKey[], ms: number, signal: WaitSignal): Promise<void> {
    const end = performance.now() + ms;
    // Of each batch of another replica one key is looked at, once it is known which they are: its leases go together.
    let batches = keys.map((key) => [key]);
    for (let delay = FIRST_LOOK; batches.length > 0; delay = Math.min(delay * GROWTH, LONGEST_LOOK)) {
      const left = end - performance.now();
      if (left <= 0) return;
      await pause(Math.min(left, delay * (0.75 + 0.5 * Math.random())), signal);
      if (signal.aborted) return;
      const texts = await this.store.leasesOn(batches.map(([first]) => PREFIX + (first?.key ?? '')));
      const byText = new Map<string, LeasedKey[]>();
      for (const [index, batch] of batches.entries()) {
        const text = texts[index];
        // Redis has not said, or what comes will be of no use: no more waiting, for any of them.
        if (text === undefined) return;
        if (text === null) continue;
        const position = positionOf(text);
        if (!batch.every(({ tags }) => this.admits({ tags, position }))) return;
        const same = byText.get(text);
        if (same === undefined) byText.set(text, [...batch]);
        else same.push(...batch);
      }
      batches = [...byText.values()];
    }
  }
}

/** For fetches without one. */
const NO_LEASE: Lease = {
  elsewhere: NONE,
  settled: async () => undefined,
  release: async () => undefined,
};

function positionOf(text: string): string {
  return text.slice(0, Math.max(0, text.indexOf('|')));
}

function pause(ms: number, signal: WaitSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = {
      handleEvent: (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      },
    };
    const timer = setTimeout(end.handleEvent, ms);
    signal.addEventListener('abort', end);
  });
}
