/** Pages of other origins may call the server only if their origin is named. None named: browsers keep them all out. */
import type { RequestHandler } from 'express';

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

/** Allows the named origins, compared whole, and answers their preflights. */
export function cors(origins: readonly string[]): RequestHandler {
  const allowed = new Set(origins);
  return (req, res, next) => {
    if (allowed.size === 0) {
      next();
      return;
    }
    res.vary('Origin');
    const origin = req.get('origin');
    const isAllowed = origin !== undefined && allowed.has(origin);
    if (isAllowed) {
      res.setHeader('Access-Control-Allow-Origin', origin);
      res.setHeader('Access-Control-Expose-Headers', 'X-Request-Id, Retry-After');
    }
    if (isAllowed && req.method === 'OPTIONS' && req.get('access-control-request-method') !== undefined) {
      res.setHeader('Access-Control-Allow-Methods', 'GET, POST');
      res.setHeader('Access-Control-Allow-Headers', ALLOWED_HEADERS);
      res.setHeader('Access-Control-Max-Age', String(PREFLIGHT_SECONDS));
      res.sendStatus(204);
      return;
    }
    next();
  };
}
