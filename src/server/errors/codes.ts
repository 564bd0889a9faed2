/** The codes that `extensions.code` may have. */

/** Codes of our own table (docs: errors): whoever throws a GraphQLError with one of these means its message to be read. */
const OWN_CODES: ReadonlySet<string> = new Set([
  'BAD_USER_INPUT',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'RATE_LIMITED',
  'UNAUTHENTICATED',
  'UPSTREAM_ERROR',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_INVALID_RESPONSE',
]);

/** Codes by which a request is refused before it runs. Their messages speak of the request only. */
const REQUEST_CODES: ReadonlySet<string> = new Set([
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/** The code of everything that went wrong on our side and is nobody else's business. */
export const INTERNAL_CODE = 'INTERNAL_SERVER_ERROR';

/** Whether an error of this code was made to be shown. */
export function isIntendedCode(code: unknown): boolean {
  return typeof code === 'string' && (OWN_CODES.has(code) || REQUEST_CODES.has(code));
}

/** Whether the code is one of the few that callers can meet. */
export function isKnownCode(code: string): boolean {
  return code === INTERNAL_CODE || isIntendedCode(code);
}
