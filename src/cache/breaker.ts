/** Settings of a circuit breaker. Times are in milliseconds. */
export interface BreakerOptions {
  /** Failures in a row that open the breaker. */
  failureThreshold: number;
  /** Longest wait before the first probe; it doubles with each failed probe. */
  retryDelay: number;
  /** Bound of that wait. */
  maxRetryDelay: number;
  /** Monotonic clock. Default: performance.now. */
  now?: () => number;
  /** Number from 0 (included) to 1, for the jitter. Default: Math.random. */
  random?: () => number;
}

/** closed: all may pass; open: none; half-open: the wait is over, one probe may pass or is on its way. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** The right to one attempt. Exactly one of its methods must be called when the attempt has ended. */
export interface Permit {
  succeeded(): void;
  failed(): void;
}

/**
 * Circuit breaker: after several failures in a row attempts stop, and after a jittered wait one probe at a time finds
 * out whether they make sense again. Jitter keeps the replicas of a server from probing in step.
 */
export class Breaker {
  private readonly now: () => number;
  private readonly random: () => number;
  private failuresInRow = 0;
  private failedProbes = 0;
  private openUntil: number | undefined;
  private probing = false;
  /** Counts changes between closed and open: what an attempt of an earlier era says no longer matters. */
  private era = 0;

  constructor(private readonly options: BreakerOptions) {
    this.now = options.now ?? (() => performance.now());
    this.random = options.random ?? Math.random;
  }

  get state(): BreakerState {
    if (this.openUntil === undefined) return 'closed';
    return this.now() < this.openUntil ? 'open' : 'half-open';
  }

  /** Milliseconds until a probe may pass; 0 unless open. */
  get waitMs(): number {
    return this.openUntil === undefined ? 0 : Math.max(0, this.openUntil - this.now());
  }

  /** A permit for one attempt, or undefined when none may be made now. */
  acquire(): Permit | undefined {
    const state = this.state;
    if (state === 'open' || (state === 'half-open' && this.probing)) return undefined;
    if (state === 'half-open') this.probing = true;
    const era = this.era;
    const report = (action: () => void) => () => {
      if (era === this.era) action();
    };
    return { succeeded: report(() => this.succeeded()), failed: report(() => this.failed()) };
  }

  /** Closes the breaker: something else has shown that attempts make sense (a fresh connection, say). */
  reset(): void {
    this.failuresInRow = 0;
    this.failedProbes = 0;
    this.probing = false;
    if (this.openUntil === undefined) return;
    this.openUntil = undefined;
    this.era += 1;
  }

  private succeeded(): void {
    this.failuresInRow = 0;
    if (this.probing) this.reset();
  }

  private failed(): void {
    if (this.probing) {
      this.failedProbes += 1;
      this.open();
      return;
    }
    this.failuresInRow += 1;
    if (this.failuresInRow >= this.options.failureThreshold) this.open();
  }

  private open(): void {
    const { retryDelay, maxRetryDelay } = this.options;
    const longest = Math.min(maxRetryDelay, retryDelay * 2 ** Math.min(this.failedProbes, 30));
    this.openUntil = this.now() + longest * (0.5 + 0.5 * this.random());
    this.probing = false;
    this.era += 1;
  }
}
