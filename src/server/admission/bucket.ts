/** What a caller may spend over time: a bucket of requests and one of cost, both refilled evenly. Times are milliseconds. */

/** An amount in both units. */
export interface Price {
  requests: number;
  cost: number;
}

/** What may be spent within a window; Infinity where a unit is not bounded. */
export interface Quota extends Price {
  windowMs: number;
}

/** The bucket of one caller in this process. */
export class TokenBucket {
  private requests: number;
  private cost: number;

  /** Full at first. `now` is of a monotonic clock, as everywhere here. */
  constructor(
    private readonly quota: Quota,
    private at: number,
  ) {
    this.requests = quota.requests;
    this.cost = quota.cost;
  }

  /** Takes the price and returns 0, or takes nothing and returns how long to wait for it. */
  take(price: Price, now: number): number {
    this.refill(now);
    const wait = Math.max(
      waitFor(price.requests - this.requests, this.quota.requests, this.quota.windowMs),
      waitFor(price.cost - this.cost, this.quota.cost, this.quota.windowMs),
    );
    if (wait > 0) return wait;
    this.spend(price, now);
    return 0;
  }

  /** Takes what was allowed elsewhere; an empty bucket stays empty. */
  spend(price: Price, now: number): void {
    this.refill(now);
    this.requests = Math.max(0, this.requests - price.requests);
    this.cost = Math.max(0, this.cost - price.cost);
  }

  /** What is left, in whole units. */
  left(now: number): Price {
    this.refill(now);
    return { requests: Math.floor(this.requests), cost: Math.floor(this.cost) };
  }

  private refill(now: number): void {
    const { quota } = this;
    const share = Math.max(0, now - this.at) / quota.windowMs;
    this.at = now;
    this.requests = grown(this.requests, quota.requests, share);
    this.cost = grown(this.cost, quota.cost, share);
  }
}

function grown(level: number, most: number, share: number): number {
  return most === Number.POSITIVE_INFINITY ? most : Math.min(most, level + most * share);
}

function waitFor(missing: number, most: number, windowMs: number): number {
  return missing > 0 ? Math.ceil((missing / most) * windowMs) : 0;
}
