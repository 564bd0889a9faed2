/**
 * The headers that pages of other origins may send and read, beyond those that browsers always let through. The one list:
 * preflights are answered from it, and a test holds docs/protocol.md to it.
 */

/** Headers of requests that mean something to the server, and those that clients and tracing send on their own. */
export const REQUEST_HEADERS = [
  'Content-Type',
  'Authorization',
  'X-Api-Key',
  'Accept-Language',
  'If-None-Match',
  'X-Request-Id',
  'X-Enos-Cost',
  'X-Enos-Explain',
  'X-Enos-Freshness',
  'X-Enos-Max-Stale',
  'Apollo-Require-Preflight',
  'X-Apollo-Operation-Name',
  'ApolloGraphQL-Client-Name',
  'ApolloGraphQL-Client-Version',
  'Traceparent',
  'Tracestate',
  'Baggage',
] as const;

/** Headers of answers that a page may read. */
export const ANSWER_HEADERS = [
  'X-Request-Id',
  'X-Enos-Answer',
  'ETag',
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
  'WWW-Authenticate',
] as const;
