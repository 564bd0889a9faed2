/** What the client of EnOS can be told, and what it does untold. */
import type { CallAttempt } from './attempts/attempt.js';
import type { BreakerSettings } from './service/bulkhead.js';
import type { TraceHeaders } from './client.js';

/** Time limits of a call in milliseconds. */
export interface EnosTimeouts {
  /** Until a connection stands, TLS included. */
  connect: number;
  /** From a request until its reply's headers have come. */
  headers: number;
  /** Longest silence within a reply. */
  idle: number;
  /** The whole call: waiting for token and connection, renewal and repetition included. */
  total: number;
}

/** What `createEnosClient` is told. */
export interface EnosClientOptions {
  /** The API gateway, http or https, with or without a path prefix. */
  url: string;
  accessKey: string;
  secretKey: string;
  timeouts?: Partial<EnosTimeouts>;
  /** Largest reply in bytes; 16 MiB unless told. */
  maxResponseBytes?: number;
  /** Exchanges with one service at a time, each on a connection of its own; 32 unless told. Further calls wait for one. */
  concurrencyPerService?: number;
  /** Calls that may wait for one service; 1000 unless told. Further calls fail as `unavailable`. */
  queuePerService?: number;
  /** Repetitions of one call; 2 unless told. */
  retries?: number;
  /** Repetitions per hundred calls to a service; 10 unless told, 0 forbids them. */
  retryBudgetPercent?: number;
  breaker?: Partial<BreakerSettings>;
  /** PEM file of certificates to trust besides the public ones. */
  caFile?: string;
  /** Host of the message integration channel; its operations are refused without it. */
  integrationUrl?: string;
  /** Host that serves the files of data-federation downloads; its operation is refused without it. */
  dataQueryProxyUrl?: string;
  /** Told about each HTTP exchange of every call, those with the token service included. Must not throw. */
  onAttempt?: (attempt: CallAttempt) => void;
  /** Trace context for calls that bring none of their own; see `CallOptions.traceHeaders`. */
  traceHeaders?: TraceHeaders;
  logger?: EnosLogger;
  /** Unix milliseconds for timestamps and the life of the token. */
  now?: () => number;
}

/** What a client goes by: options with their defaults. */
export interface EnosClientSettings {
  timeouts: EnosTimeouts;
  maxResponseBytes: number;
  concurrencyPerService: number;
  queuePerService: number;
  retries: number;
  retryBudgetPercent: number;
  breaker: BreakerSettings;
  now: () => number;
}

/** Largest reply in bytes unless told. */
export const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

const TIMEOUTS: EnosTimeouts = { connect: 1_000, headers: 10_000, idle: 5_000, total: 10_000 };
const BREAKER: BreakerSettings = { failurePercent: 50, minimumCalls: 20, window: 10_000, pause: 5_000 };

/** The options, with what holds where they say nothing. */
export function withDefaults(options: EnosClientOptions): EnosClientSettings {
  return {
    timeouts: { ...TIMEOUTS, ...options.timeouts },
    maxResponseBytes: options.maxResponseBytes ?? MAX_RESPONSE_BYTES,
    concurrencyPerService: options.concurrencyPerService ?? 32,
    queuePerService: options.queuePerService ?? 1_000,
    retries: options.retries ?? 2,
    retryBudgetPercent: options.retryBudgetPercent ?? 10,
    breaker: { ...BREAKER, ...options.breaker },
    now: options.now ?? Date.now,
  };
}

/** The address of a host of EnOS. Throws TypeError if it is not usable. */
export function hostOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    // The text itself stays out of the message: it may hold a password.
    throw new TypeError('The URL of EnOS must be http or https, without user, query and fragment');
  }
  return url;
}

/** Where the REST side reports what an operator should know. Details are plain values, without credentials or addresses. */
export type EnosLogger = (
  level: 'info' | 'warn',
  message: string,
  details: Readonly<Record<string, string | number | null>>,
) => void;
