/**
 * The circuit breaker: it stops the calls to what fails, so that callers hear so at once and it can recover.
 *
 * closed: calls go through; when its trip says so, it opens. open: calls are refused for a while. half-open: one call is let
 * through as a probe; its success closes the breaker, its failure opens it again, for twice as long.
 */

/** Where a breaker stands. It is half-open from the moment at which a probe has gone. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** What a call says about what was called. `nothing`: it was cancelled, or its reply is for others to judge. */
export type Verdict = 'success' | 'failure' | 'nothing';

/** What a call that goes is known by, until its verdict. */
export type Permit = number;

/** Decides when a breaker opens. Times are those of the breaker's clock. */
export interface Trip {
  /** Counts a call; true where the breaker is to open. */
  count(failed: boolean, now: number): boolean;
  /** Calls that count at present, and those of them that failed. */
  recent(now: number): { calls: number; failures: number };
  /** Forgets everything. */
  reset(): void;
}

/** How a breaker opens, and for how long. Times are in milliseconds. */
export interface BreakerOptions {
  trip: Trip;
  /** Until the first probe; it doubles with each failed one. */
  pause: number;
  /** Bound of the pause. */
  longestPause: number;
  /** Share of the pause that may be cut at random, so that replicas do not probe in step. Default 0. */
  jitter?: number;
  /** Told of each change of state, with what the trip has counted. */
  onChange?: BreakerListener;
  /** Clock that never goes back. Default performance.now. */
  now?: () => number;
  /** Number from 0 (included) to 1, for the jitter. Default Math.random. */
  random?: () => number;
}

/** A change of state. */
export type BreakerListener = (from: BreakerState, to: BreakerState, calls: number, failures: number) => void;

/** While a probe is out, it is not known for how long calls are refused: so many milliseconds are said. */
const PROBE_MS = 1_000;

/** The breaker of one service. */
export class CircuitBreaker {
  #state: BreakerState = 'closed';
  #openUntil = 0;
  #pauses = 0;
  #probing = false;
  /** Counts changes of state: what a call of an earlier era says no longer matters. */
  #era = 0;
  readonly #now: () => number;

  constructor(private readonly options: BreakerOptions) {
    this.#now = options.now ?? (() => performance.now());
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Milliseconds for which a call would be refused; 0 if it would not. */
  refusedFor(): number {
    if (this.#state === 'closed') return 0;
    if (this.#state === 'half-open') return this.#probing ? PROBE_MS : 0;
    return Math.max(0, this.#openUntil - this.#now());
  }

  /** A call that is not refused goes. Its verdict must follow once, with the permit. */
  enter(): Permit {
    if (this.#state === 'open') this.#change('half-open');
    this.#probing = this.#state === 'half-open';
    return this.#era;
  }

  /** What became of a call that went. */
  leave(permit: Permit, verdict: Verdict): void {
    if (permit !== this.#era) return;
    if (this.#state === 'half-open') this.#settleProbe(verdict);
    else if (verdict !== 'nothing' && this.options.trip.count(verdict === 'failure', this.#now()))
      this.#open();
  }

  /** Closes the breaker: something else has shown that calls make sense (a fresh connection, say). */
  reset(): void {
    this.#pauses = 0;
    this.#probing = false;
    this.options.trip.reset();
    if (this.#state !== 'closed') this.#change('closed');
  }

  /** Calls that count at present, and those of them that failed. */
  recent(): { calls: number; failures: number } {
    return this.options.trip.recent(this.#now());
  }

  #settleProbe(verdict: Verdict): void {
    this.#probing = false;
    if (verdict === 'failure') this.#open();
    else if (verdict === 'success') this.reset();
  }

  #open(): void {
    const { pause, longestPause, jitter = 0, random = Math.random } = this.options;
    const longest = Math.min(longestPause, pause * 2 ** Math.min(this.#pauses++, 30));
    this.#openUntil = this.#now() + longest * (1 - jitter + jitter * random());
    this.#change('open');
  }

  #change(to: BreakerState): void {
    const from = this.#state;
    this.#state = to;
    this.#era += 1;
    const { calls, failures } = this.recent();
    this.options.onChange?.(from, to, calls, failures);
  }
}

/** Opens after so many failures without a success between them. */
export class FailuresInRow implements Trip {
  #failures = 0;

  constructor(private readonly most: number) {}

  count(failed: boolean): boolean {
    this.#failures = failed ? this.#failures + 1 : 0;
    return this.#failures >= this.most;
  }

  recent(): { calls: number; failures: number } {
    return { calls: this.#failures, failures: this.#failures };
  }

  reset(): void {
    this.#failures = 0;
  }
}

/** Of how many calls so many must fail, within which time. */
export interface FailureRateOptions {
  /** Per cent of the calls in the window that must have failed. */
  failurePercent: number;
  /** Calls that the window must hold, since two failures of two say little; 0: it never opens. */
  minimumCalls: number;
  /** Milliseconds that count. */
  window: number;
}

/** The window slides by a tenth of itself. */
const PARTS = 10;

/** Opens when enough of the latest calls failed. */
export class FailureRate implements Trip {
  /** Calls and failures by part of the window, and which part each slot holds now. */
  readonly #calls = new Array<number>(PARTS).fill(0);
  readonly #failures = new Array<number>(PARTS).fill(0);
  readonly #part = new Array<number>(PARTS).fill(-1);

  constructor(private readonly options: FailureRateOptions) {}

  count(failed: boolean, now: number): boolean {
    const part = this.#partAt(now);
    const slot = part % PARTS;
    if (this.#part[slot] !== part) {
      this.#part[slot] = part;
      this.#calls[slot] = 0;
      this.#failures[slot] = 0;
    }
    this.#calls[slot]! += 1;
    if (!failed) return false;
    this.#failures[slot]! += 1;
    const { minimumCalls, failurePercent } = this.options;
    const { calls, failures } = this.recent(now);
    return minimumCalls > 0 && calls >= minimumCalls && failures * 100 >= failurePercent * calls;
  }

  recent(now: number): { calls: number; failures: number } {
    const oldest = this.#partAt(now) - PARTS;
    let calls = 0;
    let failures = 0;
    for (let slot = 0; slot < PARTS; slot += 1) {
      if (this.#part[slot]! <= oldest) continue;
      calls += this.#calls[slot]!;
      failures += this.#failures[slot]!;
    }
    return { calls, failures };
  }

  reset(): void {
    this.#part.fill(-1);
  }

  #partAt(now: number): number {
    return Math.floor((now * PARTS) / this.options.window);
  }
}
