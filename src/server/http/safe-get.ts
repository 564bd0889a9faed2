/**
 * Protection against forged requests stays on: a request that a browser sends without asking first (a form, an image) is
 * refused. A GET that the browser says does not come from a foreign site, or that comes from no browser at all, cannot be
 * such a request: it counts as asked for, as if it had Apollo's header.
 */
import type { IncomingMessage } from 'node:http';
import Negotiator from 'negotiator';
import { GRAPHQL_JSON_TYPE, JSON_TYPE } from '../answer.js';

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

/** Media types: of an answer, by the request's Accept (chosen as Apollo chooses, remembered by the header), and of a body. */

/** Apollo offers it too. */
const CALLBACK_TYPE = 'application/json; callbackSpec=1.0; charset=utf-8';
const OFFERS = [JSON_TYPE, GRAPHQL_JSON_TYPE, CALLBACK_TYPE];
/** Headers remembered; clients of one kind send one. */
const MAX_KNOWN = 200;
/** Longer ones are not worth remembering. */
const MAX_LENGTH = 500;

const known = new Map<string, string | undefined>();

/** The media type for a request; undefined where the client takes none of ours: Apollo refuses it with 406. */
export function mediaTypeFor(accept: string | undefined): string | undefined {
  if (!accept) return JSON_TYPE;
  if (known.has(accept)) return known.get(accept);
  const type = new Negotiator({ headers: { accept } }).mediaType(OFFERS);
  if (accept.length <= MAX_LENGTH) {
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(accept, type);
  }
  return type;
}

const JSON_BODY = /^\s*application\/json\s*(?:;|$)/i;

/** Whether a Content-Type is that of JSON, with parameters or without. */
export function isJsonType(type: string): boolean {
  return type === 'application/json' || (type.length <= MAX_LENGTH && JSON_BODY.test(type));
}
