/** Pages of other origins may call the server only if their origin is named. None named: browsers keep them all out. */
import type { Step, StepParts } from '../request.js';

// What pages of other origins may send and read, beyond what browsers always let through. The one list: preflights are
// answered from it, and a test holds docs/protocol.md to it.

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

const EXPOSED_HEADERS = ANSWER_HEADERS.join(', ');
const PREFLIGHT_SECONDS = 600;

/**
 * The step. Allows the named origins, compared whole; `https://*.example.com` allows every name below. Answers preflights.
 * Browsers are never told to send credentials of their own (cookies): who asks is told by headers that a page sets itself.
 * Pages may send the headers that mean something here, and `corsHeaders`.
 */
export function cors({
  corsOrigins,
  corsHeaders = [],
}: Pick<StepParts, 'corsOrigins' | 'corsHeaders'>): Step {
  if (corsOrigins.length === 0) return () => undefined;
  const isAllowed = matcherOf(corsOrigins);
  const allowedHeaders = [...REQUEST_HEADERS, ...corsHeaders].join(', ');
  return ({ state: { req, headers, vary } }) => {
    vary.push('Origin');
    const { origin } = req.headers;
    if (origin === undefined || !isAllowed(origin)) return undefined;
    headers.push('Access-Control-Allow-Origin', origin);
    headers.push('Access-Control-Expose-Headers', EXPOSED_HEADERS);
    if (req.method !== 'OPTIONS' || req.headers['access-control-request-method'] === undefined)
      return undefined;
    return {
      status: 204,
      headers: [
        ...['Access-Control-Allow-Methods', 'GET, POST'],
        ...['Access-Control-Allow-Headers', allowedHeaders],
        ...['Access-Control-Max-Age', String(PREFLIGHT_SECONDS)],
      ],
      body: '',
    };
  };
}

function matcherOf(origins: readonly string[]): (origin: string) => boolean {
  const whole = new Set(origins);
  const patterns = origins.flatMap((origin) => {
    const [scheme, host] = origin.split('://*', 2);
    // The host begins with the dot, so that evil-example.com is not below example.com.
    return host === undefined ? [] : [{ start: `${scheme}://`, end: host }];
  });
  return (origin) =>
    whole.has(origin) ||
    patterns.some(
      ({ start, end }) =>
        origin.startsWith(start) &&
        origin.endsWith(end) &&
        NAMES.test(origin.slice(start.length, origin.length - end.length)),
    );
}

/** What may stand for the asterisk: one name, or several with dots between. */
const NAMES = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i;
