/**
 * How much each caller may ask over time. Without Redis each process counts for itself. With Redis all replicas share one
 * bucket per caller, and a process takes from it in advance what a busy caller is about to spend (a lease), so that few of
 * their requests wait for Redis. A Redis that does not answer is replaced by the count of this process: it has been kept
 * along, so that an outage gives no caller a fresh quota.
 */
import { LRUCache } from 'lru-cache';
import type { MaybePromise } from '../hooks.js';
import { TokenBucket } from './bucket.js';
import type { Price, Quota } from './bucket.js';
import type { SharedQuota } from './shared-quota.js';

/** Whether a price may be spent. */
export interface RateVerdict {
  /** Milliseconds to wait before it may; 0 where it has been taken. */
  waitMs: number;
  /** What is left, as far as this process knows. */
  left: Price;
}

/** What the quotas of all callers have in common. */
export interface QuotaRules {
  quota: Quota;
  /** Absent: this process counts alone. */
  shared: SharedQuota | undefined;
  /** Milliseconds of a monotonic clock. */
  now: () => number;
}

/** Quotas of all callers. */
export interface Rates {
  /** Takes the price from the caller's quota. Never rejects. A price above the whole quota counts as the whole. */
  take(callerId: string, price: Price): MaybePromise<RateVerdict>;
}

/** Callers that are remembered. Of those who have asked less lately the quota starts afresh. */
const MAX_CALLERS = 20_000;

/** Makes the quotas. */
export function createRates(rules: QuotaRules): Rates {
  const callers = new LRUCache<string, CallerQuota>({ max: MAX_CALLERS });
  return {
    take: (callerId, { requests, cost }) => {
      let caller = callers.get(callerId);
      if (!caller) callers.set(callerId, (caller = new CallerQuota(callerId, rules)));
      return caller.take({ requests, cost: Math.min(Math.ceil(cost), rules.quota.cost) });
    },
  };
}

/** A lease that was used up faster than that was too small. */
const SHORT_LIVED_MS = 1_000;
/** Largest part of a quota that one process takes in advance. */
const LARGEST_SHARE = 1 / 20;
/** Most requests that a process takes in advance. */
const LARGEST_LEASE = 1_024;
/** A refusal is asked for again after that at the latest. */
const LONGEST_REFUSAL_MS = 1_000;

/** What this process knows of one caller's quota, and the part of the shared quota that it has taken in advance. */
class CallerQuota {
  private readonly bucket: TokenBucket;
  /** Taken from the shared quota and not spent yet. */
  private readonly lease: Price = { requests: 0, cost: 0 };
  /** Left in the shared quota when it was last asked. */
  private shared: Price;
  /** Requests that the next lease is made for: doubles while leases are short-lived. */
  private ahead = 1;
  private leasedAt = Number.NEGATIVE_INFINITY;
  /** The last price that the shared quota had too little for, and until when that is taken as known. */
  private refused: { price: Price; until: number } | undefined;
  /** Work on the lease, one after the other; undefined while there is none. */
  private work: Promise<unknown> | undefined;

  constructor(
    private readonly callerId: string,
    private readonly rules: QuotaRules,
  ) {
    this.bucket = new TokenBucket(rules.quota, rules.now());
    this.shared = { requests: rules.quota.requests, cost: rules.quota.cost };
  }

  /** Takes the price, at once where this process knows enough. Never rejects. */
  take(price: Price): MaybePromise<RateVerdict> {
    const { shared } = this.rules;
    if (!shared) return this.takeLocally(price);
    const known = this.known(price);
    if (!known) return this.inTurn(() => this.takeShared(shared, price));
    if (known.waitMs === 0 && !this.work && this.ahead > 1 && this.lease.requests < this.ahead / 2)
      // Before the lease is used up. Should it fail, the request that finds no lease finds out.
      void this.inTurn(() => this.extend(shared, { requests: 0, cost: 0 }, price).catch(() => undefined));
    return known;
  }

  private takeLocally(price: Price): RateVerdict {
    const now = this.rules.now();
    return { waitMs: this.bucket.take(price, now), left: this.bucket.left(now) };
  }

  /** The answer, if the lease holds the price or the shared quota has just refused as much. */
  private known(price: Price): RateVerdict | undefined {
    const { lease, shared, refused } = this;
    const now = this.rules.now();
    if (lease.requests >= price.requests && lease.cost >= price.cost) {
      lease.requests -= price.requests;
      lease.cost -= price.cost;
      this.bucket.spend(price, now);
      const left = { requests: shared.requests + lease.requests, cost: shared.cost + lease.cost };
      return { waitMs: 0, left };
    }
    if (!refused || now >= refused.until || price.cost < refused.price.cost) return undefined;
    return { waitMs: refused.until - now, left: shared };
  }

  /** Two who find the lease empty must not both take one. */
  private inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.work ? this.work.then(run) : run();
    const work: Promise<unknown> = result
      .catch(() => undefined)
      .then(() => {
        if (this.work === work) this.work = undefined;
      });
    this.work = work;
    return result;
  }

  private async takeShared(shared: SharedQuota, price: Price): Promise<RateVerdict> {
    const known = this.known(price);
    if (known) return known;
    const needed = {
      requests: Math.max(0, price.requests - this.lease.requests),
      cost: Math.max(0, price.cost - this.lease.cost),
    };
    try {
      const waitMs = await this.extend(shared, needed, price);
      if (waitMs === 0) return this.known(price) ?? this.takeLocally(price);
      this.refused = { price, until: this.rules.now() + Math.min(waitMs, LONGEST_REFUSAL_MS) };
      return { waitMs, left: this.shared };
    } catch {
      return this.takeLocally(price);
    }
  }

  /** Takes what is needed and, for a busy caller, as many more requests of this price as they may soon ask. */
  private async extend(shared: SharedQuota, needed: Price, price: Price): Promise<number> {
    const { quota, now } = this.rules;
    const time = now();
    const most = Math.max(1, Math.min(LARGEST_LEASE, Math.floor(quota.requests * LARGEST_SHARE)));
    this.ahead = time - this.leasedAt < SHORT_LIVED_MS ? Math.min(this.ahead * 2, most) : 1;
    this.leasedAt = time;
    const mostCost = quota.cost === Number.POSITIVE_INFINITY ? quota.cost : quota.cost * LARGEST_SHARE;
    const { granted, left, waitMs } = await shared.take(this.callerId, needed, {
      requests: Math.max(needed.requests, this.ahead),
      cost: Math.max(needed.cost, Math.floor(Math.min(price.cost * this.ahead, mostCost))),
    });
    this.lease.requests += granted.requests;
    this.lease.cost += granted.cost;
    this.shared = left;
    return waitMs;
  }
}
