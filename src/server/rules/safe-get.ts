/**
 * Protection against forged requests stays on: a request that a browser sends without asking first (a form, an image) is
 * refused. A GET that the browser says does not come from a foreign site, or that comes from no browser at all, cannot be
 * such a request: it counts as asked for, as if it had Apollo's header.
 */
import type { RequestHandler } from 'express';

/** One of the headers by which Apollo's protection knows that a browser has asked first. */
const ASKED_FIRST = 'apollo-require-preflight';

/** Marks GETs that are not cross-site. */
export function safeGet(): RequestHandler {
  return (req, _res, next) => {
    if (req.method === 'GET' && req.get('sec-fetch-site') !== 'cross-site')
      req.headers[ASKED_FIRST] ??= 'true';
    next();
  };
}
