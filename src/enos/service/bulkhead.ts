/**
 * The way to one service of EnOS: its connections, the limit on exchanges with a bounded queue, its breaker and its budget of
 * repetitions. A service that hangs or fails takes nothing from the others.
 */
import { Pool } from 'undici';
import {
  CircuitBreaker,
  FailureRate,
  type FailureRateOptions,
  type Permit,
  type Verdict,
} from '../../resilience/circuit-breaker.js';
import { Semaphore } from '../../resilience/semaphore.js';
import type { CallScope } from '../attempts/call-scope.js';
import { enosChannel } from '../channels.js';
import type { ServiceState } from '../client.js';
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';

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
export class BulkheadClosed extends Error {
  /** @param retryAfter seconds after which it may be let through */
  constructor(
    message: string,
    readonly retryAfter: number,
  ) {
    super(message);
    this.name = 'BulkheadClosed';
  }
}

/** The pause doubles with each failed probe, up to so many times its length. */
const LONGEST_PAUSE = 8;
const BREAKER = enosChannel('enos-graphql:breaker');

/** One service. */
export class Bulkhead {
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
   * result is the breaker's permit, for `leave`. Throws or rejects with `BulkheadClosed`, or with `CallEnded`.
   */
  enter(scope: CallScope): Permit | Promise<Permit> {
    if (this.#breaker.refusedFor() > 0) throw this.#resting();
    if (this.#semaphore.tryAcquire()) return this.#go();
    if (!this.#semaphore.hasRoom()) throw new BulkheadClosed('Too many calls to EnOS are waiting', 1);
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

  #resting(): BulkheadClosed {
    const seconds = Math.max(1, Math.ceil(this.#breaker.refusedFor() / 1_000));
    return new BulkheadClosed('EnOS failed too often and is not asked at present', seconds);
  }
}

/** How connections are made, and how many. */
export interface LanesOptions extends LaneOptions {
  /** Milliseconds until a connection, TLS included, must stand. */
  connectTimeout: number;
  /** PEM file of certificates to trust besides the public ones. */
  caFile?: string;
  /** Told when a service's breaker opens or closes; not about failed probes in between. */
  onBreaker: (service: string, state: 'open' | 'closed') => void;
}

/** Idle connections are kept so long, in milliseconds, unless the server announces another time. */
const KEEP_ALIVE = 15_000;

/** Bulkheads by host and service; made on first use. */
export class Bulkheads {
  readonly #bulkheads = new Map<string, Bulkhead>();
  readonly #poolOptions: Pool.Options;

  constructor(private readonly options: LanesOptions) {
    const { caFile, connectTimeout, concurrency } = options;
    const ca = caFile === undefined ? {} : { ca: [...rootCertificates, readFileSync(caFile, 'utf8')] };
    this.#poolOptions = {
      connections: concurrency,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE,
      connect: { timeout: connectTimeout, ...ca },
    };
  }

  /** The bulkhead for a service, which is the first segment of an operation's path. */
  of(base: URL, path: string): Bulkhead {
    const service = path.split('/')[1] ?? '';
    const key = JSON.stringify([base.origin, service]);
    let bulkhead = this.#bulkheads.get(key);
    if (!bulkhead) {
      const pool = new Pool(base.origin, this.#poolOptions);
      bulkhead = new Bulkhead(service, pool, this.options, this.options.onBreaker);
      this.#bulkheads.set(key, bulkhead);
    }
    return bulkhead;
  }

  /** All bulkheads so far. */
  all(): Bulkhead[] {
    return [...this.#bulkheads.values()];
  }

  /** Lets the exchanges under way end, then closes every connection. */
  async close(): Promise<void> {
    const pools = this.all().map(({ pool }) => pool);
    await Promise.all(pools.filter((pool) => !pool.closed).map((pool) => pool.close()));
  }
}

/**
 * How many repetitions a service may get: a share of the calls made to it. Without it, a service that fails under load
 * would get its load again, times the repetitions, at the worst moment.
 */
/** Repetitions that may be saved up; also what there is at the start, so that a service with few calls gets some. */
const SAVED = 10;

/** A bucket that every call fills by a share and every repetition empties by one. */
export class RetryBudget {
  #tokens: number;
  readonly #share: number;

  /** @param percent repetitions per hundred calls; 0 forbids them */
  constructor(percent: number) {
    this.#share = percent / 100;
    this.#tokens = percent > 0 ? SAVED : 0;
  }

  /** A call was made that is no repetition. */
  earn(): void {
    this.#tokens = Math.min(SAVED, this.#tokens + this.#share);
  }

  /** Takes one repetition; false if there is none left. */
  spend(): boolean {
    if (this.left < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Repetitions that may be made now, a fraction included. */
  get left(): number {
    // Tenths add up to a little less than the whole.
    return Math.round(this.#tokens * 1e6) / 1e6;
  }
}
