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

/** Code and message of everything that is our own fault and nobody else's business. */
export const MASKED = { message: 'Internal server error', code: 'INTERNAL_SERVER_ERROR' } as const;
