/** What the client of EnOS can be told, and what it does untold. */
import type { CallAttempt } from './client.js';
import type { EnosLogger } from './logger.js';

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
  /** Connections to one service at a time; 32 unless told. Further calls wait for one. */
  connectionsPerService?: number;
  /** PEM file of certificates to trust besides the public ones. */
  caFile?: string;
  /** Host of the message integration channel; its operations are refused without it. */
  integrationUrl?: string;
  /** Host that serves the files of data-federation downloads; its operation is refused without it. */
  dataQueryProxyUrl?: string;
  /** Told about each HTTP exchange of every call, those with the token service included. Must not throw. */
  onAttempt?: (attempt: CallAttempt) => void;
  logger?: EnosLogger;
  /** Unix milliseconds for timestamps and the life of the token. */
  now?: () => number;
}

/** Time limits unless told otherwise. */
export const DEFAULT_TIMEOUTS: EnosTimeouts = { connect: 1_000, headers: 10_000, idle: 5_000, total: 10_000 };
/** Cap of a reply unless told otherwise. */
export const DEFAULT_MAX_RESPONSE_BYTES = 16 * 1024 * 1024;
/** Connections to one service unless told otherwise. */
export const DEFAULT_CONNECTIONS = 32;

/** The address of a host of EnOS. Throws TypeError if it is not usable. */
export function hostOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    // The text itself stays out of the message: it may hold a password.
    throw new TypeError('The URL of EnOS must be http or https, without user, query and fragment');
  }
  return url;
}
