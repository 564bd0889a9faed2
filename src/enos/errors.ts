/**
 * The one error class of the REST side. It carries what callers may see and what decides what they do next; it never
 * carries a secret, a token, a URL or an internal address.
 */

import { CODE_MEANINGS, MEANINGS_ANYWHERE, type Meaning } from './generated/code-meanings.js';

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

/**
 * Whether EnOS says that the thing asked for does not exist. Only these refusals may be remembered, for a short while.
 * Every other failure may be over a moment later.
 */
export function isNotFound(error: unknown): error is EnosError {
  return error instanceof EnosError && error.meaning === 'not-found';
}

/** Whether EnOS has looked and said no: what it gave before must not be served any more. */
export function isRefusal(error: unknown): error is EnosError {
  const said = error instanceof EnosError && (error.kind === 'refused' || error.kind === 'http');
  return said && !isOutage(error);
}

/**
 * Whether a failure says nothing about what was asked for, only that EnOS cannot answer at present: then an answer from
 * before is better than none. A refusal (not permitted, not there, not understood) is an answer.
 */
export function isOutage(error: unknown): error is EnosError {
  if (!(error instanceof EnosError)) return false;
  switch (error.kind) {
    case 'timeout':
    case 'unavailable':
    case 'invalid-response':
      return true;
    case 'http':
      return error.httpStatus === null || error.httpStatus >= 500 || error.httpStatus === 429;
    case 'refused':
      return (
        isTransient(error.meaning) ||
        error.httpStatus === 429 ||
        (error.httpStatus !== null && error.httpStatus >= 500)
      );
    case 'credentials':
    case 'cancelled':
    case 'argument':
      return false;
  }
}

// What the codes of EnOS mean. The table is generated from code-meanings.yaml.
export type { Meaning };

/**
 * What a code of a service means; undefined for one that neither its contract lists nor any service may send.
 * @param service contract name, e.g. `asset-tree`
 */
export function meaningOf(service: string, code: number | null): Meaning | undefined {
  return code === null ? undefined : (CODE_MEANINGS[service]?.[code] ?? MEANINGS_ANYWHERE[code]);
}

/** Faults inside EnOS, locks and quotas over time. */
const TRANSIENT: ReadonlySet<Meaning> = new Set(['outage', 'timeout', 'locked', 'busy', 'timestamp-used']);
const ABOUT_RIGHTS: ReadonlySet<Meaning> = new Set([
  'denied',
  'asset-denied',
  'signed-out',
  'signed-in-elsewhere',
  'no-organization',
]);

/** Whether the same call may succeed later, so that the code says nothing of what was asked for. */
export function isTransient(meaning: Meaning | undefined): boolean {
  return meaning !== undefined && TRANSIENT.has(meaning);
}

/** "Denied" in the words of the services: an answer about rights, which no other token of the application changes. */
export function isAboutRights(meaning: Meaning | undefined): boolean {
  return meaning !== undefined && ABOUT_RIGHTS.has(meaning);
}
