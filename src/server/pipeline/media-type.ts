/** Media types: of an answer, by the request's Accept (chosen as Apollo chooses, remembered by the header), and of a body. */
import Negotiator from 'negotiator';
import { GRAPHQL_JSON_TYPE, JSON_TYPE } from '../answer.js';

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
