/** The codes that `extensions.code` may have. */

import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** Codes of our own table (docs: errors): the message of a GraphQLError with one of these is for callers. */
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

/** The code of what went wrong on our side; callers learn no more. */
export const INTERNAL_CODE = 'INTERNAL_SERVER_ERROR';

/** Whether an error of this code was made to be shown. */
export function isIntendedCode(code: unknown): boolean {
  return typeof code === 'string' && (OWN_CODES.has(code) || REQUEST_CODES.has(code));
}

/** Whether the code is one of the few that callers can meet. */
export function isKnownCode(code: string): boolean {
  return code === INTERNAL_CODE || isIntendedCode(code);
}

/** A limit that was passed. */
export interface PassedLimit {
  /** Name of the setting, such as MAX_COST. */
  name: string;
  value: number;
  /** What the request would have needed; null where counting ended at the limit. */
  asked: number | null;
  /** What is counted, in the plural, such as "levels of fields". */
  what: string;
}

/** The refusal as GraphQL JSON has it: BAD_USER_INPUT, with the limit in `extensions.limit`. */
export function limitRefusal({ name, value, asked, what }: PassedLimit): GraphQLFormattedError & {
  extensions: Record<string, unknown>;
} {
  return {
    message: `The request asks for ${asked ?? `more than ${value}`} ${what}; the limit is ${value} (${name}).`,
    extensions: { code: 'BAD_USER_INPUT', limit: { name, value, asked } },
  };
}

/** The refusal as an error whose answer has status 400. */
export function limitError(limit: PassedLimit): GraphQLError {
  const { message, extensions } = limitRefusal(limit);
  return new GraphQLError(message, { extensions: { ...extensions, http: { status: 400 } } });
}
