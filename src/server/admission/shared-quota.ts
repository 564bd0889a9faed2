/**
 * The quota of a caller over all replicas, kept in Redis as one bucket per caller. The clock is that of Redis, so replicas
 * need not agree on the time. One script reads, refills and takes; one key per call, so that a cluster can run it.
 */
import { createHash } from 'node:crypto';
import type { Price, Quota } from './bucket.js';

/** What is needed of Redis. Rejects when there is no answer in time. */
export interface ScriptStore {
  evaluate(script: string, key: string, args: readonly string[]): Promise<unknown>;
}

/** What the shared bucket gave. */
export interface Grant {
  /** At least what was needed, or nothing. */
  granted: Price;
  /** What is left in the bucket after that. */
  left: Price;
  /** Milliseconds until what was needed is there; 0 where it was granted. */
  waitMs: number;
}

/** The buckets that all replicas share. */
export interface SharedQuota {
  /** Takes up to `wanted`, or nothing if `needed` is not there. Rejects when Redis does not answer as it should. */
  take(callerId: string, needed: Price, wanted: Price): Promise<Grant>;
}

const KEY_PREFIX = 'quota:';
/** Stands for "no bound" in Lua, where infinity has no digits. */
const UNBOUNDED = 1e15;

const SCRIPT = `
local state = redis.call('HMGET', KEYS[1], 'requests', 'cost', 'at')
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local window = tonumber(ARGV[1])
local past = math.max(0, now - (tonumber(state[3]) or now))
local function level(i, most)
  return math.min(most, (tonumber(state[i]) or most) + most * past / window)
end
local mostR, needR, wantR = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local mostC, needC, wantC = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local requests, cost = level(1, mostR), level(2, mostC)
local gotR, gotC, wait = 0, 0, 0
if requests >= needR and cost >= needC then
  gotR, gotC = math.floor(math.min(wantR, requests)), math.floor(math.min(wantC, cost))
else
  wait = math.ceil(math.max((needR - requests) / mostR, (needC - cost) / mostC) * window)
end
requests, cost = requests - gotR, cost - gotC
redis.call('HSET', KEYS[1], 'requests', string.format('%.4f', requests), 'cost', string.format('%.4f', cost), 'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], window + 1000)
return { gotR, gotC, math.floor(requests), math.floor(cost), wait }
`;

/** Makes the shared buckets for one quota, which all replicas must be set to alike. */
export function createSharedQuota(store: ScriptStore, quota: Quota): SharedQuota {
  const inLua = (amount: number): string => String(Math.min(amount, UNBOUNDED));
  return {
    take: async (callerId, needed, wanted) => {
      const reply = await store.evaluate(SCRIPT, keyOf(callerId), [
        String(quota.windowMs),
        ...[quota.requests, needed.requests, wanted.requests].map(inLua),
        ...[quota.cost, needed.cost, wanted.cost].map(inLua),
      ]);
      return grantOf(reply);
    },
  };
}

/** Ids of callers may be long, and are not to be read in Redis. */
function keyOf(callerId: string): string {
  return KEY_PREFIX + createHash('sha256').update(callerId).digest('base64url');
}

function grantOf(reply: unknown): Grant {
  if (!Array.isArray(reply) || reply.length !== 5 || !reply.every((part) => Number.isFinite(part)))
    throw new Error('the shared quota answered something else');
  const [requests, cost, leftRequests, leftCost, waitMs] = reply as [number, number, number, number, number];
  return { granted: { requests, cost }, left: { requests: leftRequests, cost: leftCost }, waitMs };
}
