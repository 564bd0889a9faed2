/**
 * Admission of operations: what a caller may ask over time (rates.ts) and have under way at once (resilience/fair-queue.ts). Callers without
 * an identity are one caller in common; unless told otherwise only the bound of the process holds for them.
 */
import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';
import { FairQueue, QueueRejected } from '../../resilience/fair-queue.js';
import type { Release } from '../../resilience/fair-queue.js';
import { ANYBODY } from '../hooks.js';
import type { Admission, AdmissionRequest, MaybePromise, Ticket } from '../hooks.js';
import type { Price, Quota } from './bucket.js';
import { createRates } from './rates.js';
import type { RateVerdict } from './rates.js';
import { createSharedQuota } from './shared-quota.js';
import type { ScriptStore } from './shared-quota.js';

/** Bounds of callers; 0 is "any number" but for the bounds of the process. */
export interface AdmissionOptions {
  /** Milliseconds over which the quotas hold. */
  rateWindow: number;
  /** Operations within the window. */
  rateRequests: number;
  /** Cost within the window. */
  rateCost: number;
  /** Operations of one caller at once, in this process. */
  maxConcurrentPerCaller: number;
  /** Operations at once in this process. */
  maxConcurrent: number;
  /** Operations that wait for their turn. */
  maxWaiting: number;
  /** Whether callers without an identity are bounded as well, as one. */
  limitAnybody: boolean;
  /** Redis, where replicas share the quotas. */
  store?: ScriptStore | undefined;
  /** Monotonic clock in milliseconds. */
  now?: () => number;
}

/** Whether the caller wants to see the price of their operation. */
export function wantsCost({ headers }: IncomingMessage): boolean {
  return headers['x-enos-cost'] === '1';
}

/** Seconds after which it makes sense to ask again for a turn. */
const RETRY_TURN_AFTER = 1;

/** Makes the admission of a server. */
export function createAdmission(options: AdmissionOptions): Admission {
  const quota: Quota = {
    windowMs: options.rateWindow,
    requests: bound(options.rateRequests),
    cost: bound(options.rateCost),
  };
  const isCounted = options.rateRequests > 0 || options.rateCost > 0;
  const rates = createRates({
    quota,
    shared: options.store && createSharedQuota(options.store, quota),
    now: options.now ?? (() => performance.now()),
  });
  const queue = new FairQueue({
    total: options.maxConcurrent,
    perCaller: bound(options.maxConcurrentPerCaller),
    waiting: options.maxWaiting,
  });
  const headers = quotaHeaders(quota);

  const takeTurn = (request: AdmissionRequest, isBounded: boolean): MaybePromise<Release> => {
    try {
      const turn = queue.enter(request.caller.id, isBounded, request);
      return turn instanceof Promise ? turn.catch(refuseTurn(options)) : turn;
    } catch (error) {
      return refuseTurn(options)(error);
    }
  };
  const proceed = (
    request: AdmissionRequest,
    isBounded: boolean,
    price: Price,
    verdict: RateVerdict | undefined,
  ): MaybePromise<Ticket> => {
    if (verdict && verdict.waitMs > 0) throw rateRefusal(verdict, price, quota, options, headers);
    const says = {
      ...(verdict ? { headers: headers.of(verdict.left) } : {}),
      ...(request.showCost
        ? { extensions: { cost: { ...costOf(request), ...leftOf(verdict, quota) } } }
        : {}),
    };
    // Nothing will run.
    if (request.answered) return { ...says, release: () => undefined };
    const turn = takeTurn(request, isBounded);
    return turn instanceof Promise
      ? turn.then((release) => ({ ...says, release }))
      : { ...says, release: turn };
  };
  return {
    admit: (request) => {
      const isBounded = request.caller.id !== ANYBODY.id || options.limitAnybody;
      // An answer that is there already is a request, but costs EnOS and us next to nothing.
      const price = { requests: 1, cost: request.answered ? 0 : request.cost };
      if (!isBounded || !isCounted) return proceed(request, isBounded, price, undefined);
      const verdict = rates.take(request.caller.id, price);
      if (verdict instanceof Promise)
        return verdict.then((known) => proceed(request, isBounded, price, known));
      return proceed(request, isBounded, price, verdict);
    },
  };
}

function bound(setting: number): number {
  return setting === 0 ? Number.POSITIVE_INFINITY : setting;
}

function costOf({ cost, answered }: AdmissionRequest): { estimated: number; charged: number } {
  return { estimated: Math.ceil(cost), charged: answered ? 0 : Math.ceil(cost) };
}

/** What is left of the quotas, without those that have no bound. */
function leftOf(verdict: RateVerdict | undefined, quota: Quota): { left?: Partial<Price> } {
  if (!verdict) return {};
  const left = (['requests', 'cost'] as const).flatMap((unit) =>
    quota[unit] === Number.POSITIVE_INFINITY ? [] : [[unit, verdict.left[unit]] as const],
  );
  return { left: Object.fromEntries(left) };
}

function rateRefusal(
  { waitMs, left }: RateVerdict,
  price: Price,
  quota: Quota,
  options: AdmissionOptions,
  headers: QuotaHeaders,
): GraphQLError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  const byRequests = left.requests < price.requests;
  const limit = byRequests
    ? { name: 'RATE_LIMIT_REQUESTS', value: options.rateRequests, asked: price.requests }
    : { name: 'RATE_LIMIT_COST', value: options.rateCost, asked: Math.ceil(price.cost) };
  const unit = byRequests ? 'operations' : 'of cost';
  const message =
    `You may ask ${limit.value} ${unit} in ${quota.windowMs / 1_000} s, and have too little left for this one ` +
    `(${byRequests ? '' : `it costs ${limit.asked}; `}${limit.name}). Try again in ${seconds} s.`;
  return refusal(message, seconds, { ...limit, windowMs: quota.windowMs }, headers.of(left));
}

/** What becomes of an operation that got no turn. */
function refuseTurn(options: AdmissionOptions): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof QueueRejected)) throw error;
    const ofCaller = error.reason === 'caller';
    const limit = ofCaller
      ? { name: 'MAX_CONCURRENT_PER_CALLER', value: options.maxConcurrentPerCaller, asked: null }
      : { name: 'MAX_CONCURRENT', value: options.maxConcurrent, asked: null };
    const what =
      error.reason === 'gave up'
        ? 'The operation did not get its turn in time'
        : `Too many operations ${ofCaller ? 'of yours ' : ''}wait for their turn`;
    const message = `${what}: ${limit.value} may run at once (${limit.name}). Try again in ${RETRY_TURN_AFTER} s.`;
    throw refusal(message, RETRY_TURN_AFTER, limit, {});
  };
}

function refusal(
  message: string,
  retryAfter: number,
  limit: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>>,
): GraphQLError {
  const all = new Map([...Object.entries(headers), ['retry-after', String(retryAfter)]]);
  const extensions = { code: 'RATE_LIMITED', retryAfter, limit, http: { status: 429, headers: all } };
  return new GraphQLError(message, { extensions });
}

/**
 * What is left of a caller's quotas, in the header fields that the IETF drafts for it (RateLimit and RateLimit-Policy of
 * draft-ietf-httpapi-ratelimit-headers): each policy by name, `q` its quota, `w` its window in seconds, `r` what remains,
 * `t` the seconds until all of it is there again.
 */
interface QuotaHeaders {
  of(left: Price): Readonly<Record<string, string>>;
}

/** Makes the writer; what never changes is written once. */
function quotaHeaders(quota: Quota): QuotaHeaders {
  const units = (['requests', 'cost'] as const).filter((unit) => quota[unit] !== Number.POSITIVE_INFINITY);
  const seconds = Math.ceil(quota.windowMs / 1_000);
  const policy = units.map((unit) => `"${unit}";q=${quota[unit]};w=${seconds}`).join(', ');
  const remaining = (unit: keyof Price, left: Price): string => {
    const r = Math.max(0, Math.min(Math.floor(left[unit]), quota[unit]));
    return `"${unit}";r=${r};t=${Math.ceil((1 - r / quota[unit]) * seconds)}`;
  };
  return {
    of: (left) => ({
      'ratelimit-policy': policy,
      ratelimit: units.map((unit) => remaining(unit, left)).join(', '),
    }),
  };
}
