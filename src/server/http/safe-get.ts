/**
 * Protection against forged requests stays on: a request that a browser sends without asking first (a form, an image) is
 * refused. A GET that the browser says does not come from a foreign site, or that comes from no browser at all, cannot be
 * such a request: it counts as asked for, as if it had Apollo's header.
 */
import type { IncomingMessage } from 'node:http';
import { isJsonType } from '../pipeline/media-type.js';

/** The headers by which Apollo's protection knows that a browser has asked first. */
const ASKED_FIRST = 'apollo-require-preflight';
const OTHER_ASKED_FIRST = 'x-apollo-operation-name';

/** Marks a GET that is not cross-site. */
export function markSafeGet(req: IncomingMessage): void {
  if (req.method === 'GET' && req.headers['sec-fetch-site'] !== 'cross-site')
    req.headers[ASKED_FIRST] ??= 'true';
}

/**
 * Whether a GET may be read. Several clients (Apollo Client is one) say `application/json` though they send no body; a page
 * of another site cannot say so without being asked for first. Another type is refused.
 */
export function isReadableGet(req: IncomingMessage): boolean {
  const type = req.headers['content-type'];
  return type === undefined ? isAskedFirst(req) : isJsonType(type);
}

/** Whether the request bears such a mark, its own or ours. */
function isAskedFirst({ headers }: IncomingMessage): boolean {
  return Boolean(headers[ASKED_FIRST]) || Boolean(headers[OTHER_ASKED_FIRST]);
}
