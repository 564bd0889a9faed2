/** How much a caller may write: mutations within a minute, counted apart from operations that read. */
import { GraphQLError } from 'graphql';
import type { MaybePromise } from '../hooks.js';
import { createRates } from './rates.js';
import { createSharedQuota, type ScriptStore } from './shared-quota.js';

const WINDOW_MS = 60_000;

/** Counts mutations. */
export interface WriteRate {
  /** Throws or rejects (RATE_LIMITED) where the caller has written as much as he may. */
  take(callerId: string, count: number): MaybePromise<void>;
}

/**
 * Makes the count.
 * @param perMinute 0 for any number
 * @param store Redis, where replicas count together
 */
export function createWriteRate(
  perMinute: number,
  store?: ScriptStore,
  now = (): number => performance.now(),
): WriteRate {
  if (perMinute === 0) return { take: () => undefined };
  const quota = { windowMs: WINDOW_MS, requests: perMinute, cost: Number.POSITIVE_INFINITY };
  const rates = createRates({ quota, shared: store && createSharedQuota(store, quota), now });
  const judge = (waitMs: number): void => {
    if (waitMs > 0) throw refusal(perMinute, Math.max(1, Math.ceil(waitMs / 1_000)));
  };
  return {
    take: (callerId, count) => {
      const verdict = rates.take(`writes:${callerId}`, { requests: count, cost: 0 });
      return verdict instanceof Promise ? verdict.then(({ waitMs }) => judge(waitMs)) : judge(verdict.waitMs);
    },
  };
}

function refusal(perMinute: number, seconds: number): GraphQLError {
  const limit = { name: 'RATE_LIMIT_WRITES', value: perMinute, asked: null, windowMs: WINDOW_MS };
  const message = `You may perform ${perMinute} mutations a minute (RATE_LIMIT_WRITES). Try again in ${seconds} s.`;
  return new GraphQLError(message, { extensions: { code: 'RATE_LIMITED', retryAfter: seconds, limit } });
}
