/** What each meaning of a code of EnOS is to a caller of the graph. */
import { meaningOf, type Meaning } from '../../enos/errors.js';

const PUBLIC_CODES: Readonly<Record<Meaning, PublicCode>> = {
  'not-found': 'NOT_FOUND',
  denied: 'FORBIDDEN',
  // The service account may not read the asset. Not about the caller's own token.
  'asset-denied': 'FORBIDDEN',
  'signed-out': 'UNAUTHENTICATED',
  'signed-in-elsewhere': 'CONFLICT',
  'no-organization': 'CONFLICT',
  'bad-input': 'BAD_USER_INPUT',
  conflict: 'CONFLICT',
  locked: 'CONFLICT',
  busy: 'RATE_LIMITED',
  quota: 'RATE_LIMITED',
  outage: 'UPSTREAM_ERROR',
  timeout: 'UPSTREAM_TIMEOUT',
  // As an error it says nothing more.
  'partly-done': 'UPSTREAM_ERROR',
  // The application's own credentials or clock: never the caller's doing.
  'token-refused': 'UPSTREAM_ERROR',
  'keys-refused': 'UPSTREAM_ERROR',
  'timestamp-used': 'UPSTREAM_ERROR',
  unclear: 'UPSTREAM_ERROR',
};

/** What a code of a service is to a caller; UPSTREAM_ERROR for none, and for one that no contract knows. */
export function publicCodeOf(service: string, code: number | null): PublicCode {
  const meaning = meaningOf(service, code);
  return meaning === undefined ? 'UPSTREAM_ERROR' : PUBLIC_CODES[meaning];
}

/** The codes that `extensions.code` of an error of the graph may have. */
export type PublicCode =
  | 'BAD_USER_INPUT'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'RATE_LIMITED'
  | 'UNAUTHENTICATED'
  | 'UPSTREAM_ERROR'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_INVALID_RESPONSE';

/** Code and message of what went wrong on our side; callers learn no more. */
export const MASKED = { message: 'Internal server error', code: 'INTERNAL_SERVER_ERROR' } as const;
