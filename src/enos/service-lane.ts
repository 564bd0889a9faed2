/**
 * The way to one service of EnOS: its connections, the limit on exchanges with a bounded queue, its breaker and its budget of
 * repetitions. A service that hangs or fails takes nothing from the others.
 */
import type { Pool } from 'undici';
import { Breaker } from './breaker.js';
import type { BreakerOptions, Verdict } from './breaker.js';
import type { CallScope } from './call-scope.js';
import { enosChannel } from './channels.js';
import type { ServiceState } from './client.js';
import { Gate } from './gate.js';
import { RetryBudget } from './retry-budget.js';

/** Bounds of the way to each service. */
export interface LaneOptions {
  /** Exchanges at a time. */
  concurrency: number;
  /** Calls that may wait for one. */
  queueLimit: number;
  breaker: BreakerOptions;
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

const BREAKER = enosChannel('enos-graphql:breaker');

/** One service. */
export class ServiceLane {
  readonly budget: RetryBudget;
  readonly #gate: Gate;
  readonly #breaker: Breaker;
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
    this.#gate = new Gate(options.concurrency, options.queueLimit);
    this.#breaker = new Breaker(options.breaker, (from, to, calls, failures) => {
      const openForMs = to === 'open' ? this.#breaker.refusedFor() : 0;
      BREAKER.publish({ service, from, to, calls, failures, openForMs });
      if (to !== 'half-open' && !(from === 'half-open' && to === 'open')) onBreaker(service, to);
      if (to === 'open') this.#gate.turnAway(() => this.#resting());
    });
  }

  /**
   * Takes a place for one exchange, and waits for it in the queue if there is none; a promise only where it waits. The
   * result, whether it goes as the breaker's probe, is for `leave`. Throws or rejects with `LaneClosed`, or with `CallEnded`.
   */
  enter(scope: CallScope): boolean | Promise<boolean> {
    if (this.#breaker.refusedFor() > 0) throw this.#resting();
    if (this.#gate.tryEnter()) return this.#go();
    if (!this.#gate.hasRoom()) throw new LaneClosed('Too many calls to EnOS are waiting', 1);
    return this.#gate.wait(scope).then(() => this.#go());
  }

  /** The exchange has ended. */
  leave(probe: boolean, verdict: Verdict): void {
    this.#breaker.leave(probe, verdict);
    this.#gate.leave();
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
      inFlight: this.#gate.inside,
      queued: this.#gate.queued,
      exchanges: this.#exchanges,
      retries: this.#retries,
      retriesDenied: this.#retriesDenied,
      retryBudget: this.budget.left,
    };
  }

  /** Goes ahead with a place taken, unless the breaker has opened, or found its probe, during the wait. */
  #go(): boolean {
    if (this.#breaker.refusedFor() > 0) {
      this.#gate.leave();
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
