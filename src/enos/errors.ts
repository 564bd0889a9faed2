/**
 * The one error class of the REST side. It carries what callers may see and what decides what they do next; it never
 * carries a secret, a token, a URL or an internal address.
 */

import { meaningOf, type Meaning } from './meaning.js';

/**
 * Why a call failed.
 * - refused: EnOS answered with a code other than success
 * - credentials: the application's own token or key pair was refused, also after one renewal
 * - http: an HTTP error status without a readable EnOS code
 * - timeout: no answer within the time that the call had
 * - cancelled: the caller went away
 * - unavailable: no connection, or none allowed at present
 * - invalid-response: not JSON, cut, too large, or not as the contract says
 * - argument: refused by the client before a byte was sent, e.g. an id that would climb the path
 */
export type EnosErrorKind =
  | 'refused'
  | 'credentials'
  | 'http'
  | 'timeout'
  | 'cancelled'
  | 'unavailable'
  | 'invalid-response'
  | 'argument';

/** What an `EnosError` is made of. */
export interface EnosErrorDetails {
  kind: EnosErrorKind;
  /** Contract name of the service, e.g. `asset-tree`. */
  service: string;
  /** operationId, e.g. `searchAssetNode`. */
  operation: string;
  /** EnOS's own code, where it sent one. */
  code?: number | null;
  /** EnOS's own text, or ours; safe to show. */
  message: string;
  requestId?: string | null;
  httpStatus?: number | null;
  /** Whether the same call may succeed if repeated. */
  retryable?: boolean;
  /** Seconds to wait, where EnOS said so. */
  retryAfter?: number | null;
  /** UNKNOWN: a write that EnOS may have carried out all the same. */
  outcome?: 'UNKNOWN' | null;
  cause?: unknown;
}

/** A failed call to EnOS. */
export class EnosError extends Error {
  readonly kind: EnosErrorKind;
  readonly service: string;
  readonly operation: string;
  readonly code: number | null;
  readonly requestId: string | null;
  readonly httpStatus: number | null;
  readonly retryable: boolean;
  readonly retryAfter: number | null;
  readonly outcome: 'UNKNOWN' | null;

  constructor(details: EnosErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'EnosError';
    this.kind = details.kind;
    this.service = details.service;
    this.operation = details.operation;
    this.code = details.code ?? null;
    this.requestId = details.requestId ?? null;
    this.httpStatus = details.httpStatus ?? null;
    this.retryable = details.retryable ?? false;
    this.retryAfter = details.retryAfter ?? null;
    this.outcome = details.outcome ?? null;
  }

  /** What the code of a refusal means; undefined for other kinds, and for a code that no contract knows. */
  get meaning(): Meaning | undefined {
    return this.kind === 'refused' ? meaningOf(this.service, this.code) : undefined;
  }
}

/** Meanings with which EnOS answers a call that it may have carried out in whole or in part. */
const UNCLEAR: ReadonlySet<Meaning> = new Set(['outage', 'timeout', 'partly-done', 'unclear']);

/**
 * The failure of a write that was sent. Only a refusal says that nothing was done; after anything else EnOS may have carried it
 * out, and the error says so.
 */
export function failureOfWrite(error: EnosError): EnosError {
  const { kind, meaning, httpStatus } = error;
  const isRefusal =
    (kind === 'refused' && (meaning === undefined || !UNCLEAR.has(meaning))) ||
    (kind === 'http' && httpStatus !== null && httpStatus < 500) ||
    kind === 'credentials' ||
    kind === 'argument';
  return isRefusal
    ? error
    : new EnosError({ ...error, message: error.message, outcome: 'UNKNOWN', cause: error.cause });
}
