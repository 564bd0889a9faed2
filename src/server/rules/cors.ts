/** Pages of other origins may call the server only if their origin is named. None named: browsers keep them all out. */
import type { Answer } from '../answer.js';
import type { RequestState } from '../request-state.js';

const ALLOWED_HEADERS = [
  'Content-Type',
  'Authorization',
  'Accept-Language',
  'X-Request-Id',
  'X-Enos-Explain',
  'Apollo-Require-Preflight',
  'X-Apollo-Operation-Name',
].join(', ');
const PREFLIGHT_SECONDS = 600;

/** Adds what CORS demands to the answer's headers. Returns the whole answer where the request is a preflight. */
export type Cors = (state: RequestState) => Answer | undefined;

/** Allows the named origins, compared whole. */
export function cors(origins: readonly string[]): Cors {
  const allowed = new Set(origins);
  if (allowed.size === 0) return () => undefined;
  return ({ req, headers, vary }) => {
    vary.push('Origin');
    const { origin } = req.headers;
    if (origin === undefined || !allowed.has(origin)) return undefined;
    headers.push('Access-Control-Allow-Origin', origin);
    headers.push('Access-Control-Expose-Headers', 'X-Request-Id, Retry-After');
    if (req.method !== 'OPTIONS' || req.headers['access-control-request-method'] === undefined)
      return undefined;
    return {
      status: 204,
      headers: [
        ...['Access-Control-Allow-Methods', 'GET, POST'],
        ...['Access-Control-Allow-Headers', ALLOWED_HEADERS],
        ...['Access-Control-Max-Age', String(PREFLIGHT_SECONDS)],
      ],
      body: '',
    };
  };
}
