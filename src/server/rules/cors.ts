/** Pages of other origins may call the server only if their origin is named. None named: browsers keep them all out. */
import type { Answer } from '../answer.js';
import type { RequestState } from '../request-state.js';
import { ANSWER_HEADERS, REQUEST_HEADERS } from './headers.js';

const EXPOSED_HEADERS = ANSWER_HEADERS.join(', ');
const PREFLIGHT_SECONDS = 600;

/** Adds what CORS demands to the answer's headers. Returns the whole answer where the request is a preflight. */
export type Cors = (state: RequestState) => Answer | undefined;

/**
 * Allows the named origins, compared whole; `https://*.example.com` allows every name below. Browsers are never told to
 * send credentials of their own (cookies): who asks is told by headers that a page sets itself. Pages may send the headers
 * that mean something here, and `moreHeaders`.
 */
export function cors(origins: readonly string[], moreHeaders: readonly string[] = []): Cors {
  if (origins.length === 0) return () => undefined;
  const isAllowed = matcherOf(origins);
  const allowedHeaders = [...REQUEST_HEADERS, ...moreHeaders].join(', ');
  return ({ req, headers, vary }) => {
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
