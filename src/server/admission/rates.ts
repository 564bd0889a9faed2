/**
 * How much each caller may ask over time. Without Redis each process counts for itself. With Redis all replicas share one
 * bucket per caller, and a process takes from it in advance what a busy caller is about to spend (a lease), so that few of
 * his requests wait for Redis. A Redis that does not answer is replaced by the count of this process: it has been kept
 * along, so that an outage gives nobody a fresh quota.
 */
import { LRUCache } from 'lru-cache';
import type { MaybePromise } from '../hooks.js';
import type { Price } from './bucket.js';
import { CallerQuota } from './caller-quota.js';
import type { QuotaRules, Verdict } from './caller-quota.js';

/** Quotas of all callers. */
export interface Rates {
  /** Takes the price from the caller's quota. Never rejects. A price above the whole quota counts as the whole. */
  take(callerId: string, price: Price): MaybePromise<Verdict>;
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
