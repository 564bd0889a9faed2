/** Pages of other origins may call the server only if their origin is named. None named: browsers keep them all out. */
import { ANSWER_HEADERS, REQUEST_HEADERS } from '../../rules/headers.js';
import type { Step, StepParts } from '../request.js';

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
