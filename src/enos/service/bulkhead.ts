/**
 * The way to one service of EnOS: its connections, the limit on exchanges with a bounded queue, its breaker and its budget of
 * repetitions. A service that hangs or fails takes nothing from the others.
 */
import type { Pool } from 'undici';
import { CircuitBreaker, FailureRate } from '../../resilience/circuit-breaker.js';
import type { FailureRateOptions, Permit, Verdict } from '../../resilience/circuit-breaker.js';
import { Semaphore } from '../../resilience/semaphore.js';
import type { CallScope } from '../attempts/call-scope.js';
import { enosChannel } from '../channels.js';
import type { ServiceState } from '../client.js';
import { RetryBudget } from './retry-budget.js';

/** When the breaker of a service opens, and for how long. */
export interface BreakerSettings extends FailureRateOptions {
  /** Milliseconds until the first probe. */
  pause: number;
}

/** Bounds of the way to each service. */
export interface LaneOptions {
  /** Exchanges at a time. */
  concurrency: number;
  /** Calls that may wait for one. */
  queueLimit: number;
  breaker: BreakerSettings;
  /** Repetitions per hundred calls. */
  retryPercent: number;
}

/** A call that is not let through to the service, in fixed words. */
export class LaneClosed extends Error {
  /** @param retryAfter seconds after which it may be let through */
  constructor(
    message: string,
    readonly retryAfter: number,
  ) {
    super(message);
    this.name = 'LaneClosed';
  }
}

/** The pause doubles with each failed probe, up to so many times its length. */
const LONGEST_PAUSE = 8;
const BREAKER = enosChannel('enos-graphql:breaker');

/** One service. */
export class ServiceLane {
  readonly budget: RetryBudget;
  readonly #semaphore: Semaphore;
  readonly #breaker: CircuitBreaker;
  #exchanges = 0;
  #retries = 0;
  #retriesDenied = 0;

  constructor(
    readonly service: string,
    readonly pool: Pool,
    options: LaneOptions,
    onBreaker: (service: string, state: 'open' | 'closed') => void,
  ) {
    this.budget = new RetryBudget(options.retryPercent);
    this.#semaphore = new Semaphore(options.concurrency, options.queueLimit);
    this.#breaker = new CircuitBreaker({
      trip: new FailureRate(options.breaker),
      pause: options.breaker.pause,
      longestPause: options.breaker.pause * LONGEST_PAUSE,
      onChange: (from, to, calls, failures) => {
        const openForMs = to === 'open' ? this.#breaker.refusedFor() : 0;
        BREAKER.publish({ service, from, to, calls, failures, openForMs });
        if (to !== 'half-open' && !(from === 'half-open' && to === 'open')) onBreaker(service, to);
        if (to === 'open') this.#semaphore.rejectWaiting(() => this.#resting());
      },
    });
  }

  /**
   * Takes a place for one exchange, and waits for it in the queue if there is none; a promise only where it waits. The
   * result is the breaker's permit, for `leave`. Throws or rejects with `LaneClosed`, or with `CallEnded`.
   */
  enter(scope: CallScope): Permit | Promise<Permit> {
    if (this.#breaker.refusedFor() > 0) throw this.#resting();
    if (this.#semaphore.tryAcquire()) return this.#go();
    if (!this.#semaphore.hasRoom()) throw new LaneClosed('Too many calls to EnOS are waiting', 1);
    const wait = this.#semaphore.acquire(scope);
    return wait === undefined ? this.#go() : wait.then(() => this.#go());
  }

  /** The exchange has ended. */
  leave(permit: Permit, verdict: Verdict): void {
    this.#breaker.leave(permit, verdict);
    this.#semaphore.release();
  }

  /** Takes a repetition out of the budget; false if it is empty. */
  spendRetry(): boolean {
    const granted = this.budget.spend();
    if (granted) this.#retries += 1;
    else this.#retriesDenied += 1;
    return granted;
  }

  state(): ServiceState {
    const { calls, failures } = this.#breaker.recent();
    return {
      service: this.service,
      breaker: this.#breaker.state,
      retryAfterMs: Math.ceil(this.#breaker.refusedFor()),
      recentCalls: calls,
      recentFailures: failures,
      inFlight: this.#semaphore.active,
      queued: this.#semaphore.waiting,
      exchanges: this.#exchanges,
      retries: this.#retries,
      retriesDenied: this.#retriesDenied,
      retryBudget: this.budget.left,
    };
  }

  /** Goes ahead with a place taken, unless the breaker has opened, or found its probe, during the wait. */
  #go(): Permit {
    if (this.#breaker.refusedFor() > 0) {
      this.#semaphore.release();
      throw this.#resting();
    }
    this.#exchanges += 1;
    return this.#breaker.enter();
  }

  #resting(): LaneClosed {
    const seconds = Math.max(1, Math.ceil(this.#breaker.refusedFor() / 1_000));
    return new LaneClosed('EnOS failed too often and is not asked at present', seconds);
  }
}
