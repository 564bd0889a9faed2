/**
 * A breaker: it stops the calls to a service that fails, so that callers hear so at once and the service can recover.
 *
 * closed: calls go through; when enough of the latest failed, it opens. open: calls are refused for a while. half-open: one
 * call is let through as a probe; its success closes the breaker, its failure opens it again, for twice as long.
 */
import type { BreakerState } from './channels.js';

/** When a breaker opens, and for how long. */
export interface BreakerOptions {
  /** Per cent of the calls in the window that must have failed. */
  failurePercent: number;
  /** Calls that the window must hold, since two failures of two say little; 0: it never opens. */
  minimumCalls: number;
  /** Milliseconds that count. */
  window: number;
  /** Milliseconds until the first probe. */
  pause: number;
}

/** What an exchange says about the service. `nothing`: it was cancelled, or its reply is for others to judge. */
export type Verdict = 'success' | 'failure' | 'nothing';

/** A change of state, with what the window held. */
export type BreakerListener = (from: BreakerState, to: BreakerState, calls: number, failures: number) => void;

/** The window slides by a tenth of itself. */
const PARTS = 10;
/** The pause doubles with each failed probe, up to so many times its length. */
const LONGEST_PAUSE = 8;

/** The breaker of one service. Times are those of a clock that never goes back, in milliseconds. */
export class Breaker {
  #state: BreakerState = 'closed';
  #openUntil = 0;
  #pauses = 0;
  #probing = false;
  /** Calls and failures by part of the window, and which part each place holds now. */
  readonly #calls = new Array<number>(PARTS).fill(0);
  readonly #failures = new Array<number>(PARTS).fill(0);
  readonly #part = new Array<number>(PARTS).fill(-1);

  constructor(
    private readonly options: BreakerOptions,
    private readonly onChange: BreakerListener = () => undefined,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get state(): BreakerState {
    return this.#state;
  }

  /** Milliseconds for which a call would be refused; 0 if it would not. While a probe is out nobody knows: 1 s. */
  refusedFor(): number {
    if (this.#state === 'closed') return 0;
    if (this.#state === 'half-open') return this.#probing ? 1_000 : 0;
    return Math.max(0, this.#openUntil - this.now());
  }

  /** A call that is not refused goes; true if it goes as the probe. Its verdict must follow. */
  enter(): boolean {
    if (this.#state === 'closed') return false;
    if (this.#state === 'open') this.#change('half-open');
    this.#probing = true;
    return true;
  }

  /** What became of a call that went. */
  leave(probe: boolean, verdict: Verdict): void {
    if (probe) this.#settleProbe(verdict);
    // Calls that went before it opened say nothing about the time since.
    else if (this.#state === 'closed' && verdict !== 'nothing') this.#count(verdict === 'failure');
  }

  /** Calls in the window, and those of them that failed. */
  recent(): { calls: number; failures: number } {
    const oldest = this.#partNow() - PARTS;
    let calls = 0;
    let failures = 0;
    for (let i = 0; i < PARTS; i++) {
      if (this.#part[i]! <= oldest) continue;
      calls += this.#calls[i]!;
      failures += this.#failures[i]!;
    }
    return { calls, failures };
  }

  #settleProbe(verdict: Verdict): void {
    this.#probing = false;
    if (verdict === 'failure') this.#open();
    if (verdict !== 'success') return;
    this.#pauses = 0;
    this.#part.fill(-1);
    this.#change('closed');
  }

  #count(failed: boolean): void {
    const part = this.#partNow();
    const place = part % PARTS;
    if (this.#part[place] !== part) {
      this.#part[place] = part;
      this.#calls[place] = 0;
      this.#failures[place] = 0;
    }
    this.#calls[place]! += 1;
    if (!failed) return;
    this.#failures[place]! += 1;
    const { minimumCalls, failurePercent } = this.options;
    const { calls, failures } = this.recent();
    if (minimumCalls > 0 && calls >= minimumCalls && failures * 100 >= failurePercent * calls) this.#open();
  }

  #open(): void {
    const pause = this.options.pause * Math.min(2 ** this.#pauses++, LONGEST_PAUSE);
    this.#openUntil = this.now() + pause;
    this.#change('open');
  }

  #change(to: BreakerState): void {
    const from = this.#state;
    this.#state = to;
    const { calls, failures } = this.recent();
    this.onChange(from, to, calls, failures);
  }

  #partNow(): number {
    return Math.floor((this.now() * PARTS) / this.options.window);
  }
}
