/** Which media type an answer has, by the request's Accept: chosen as Apollo chooses, remembered by the header. */
import Negotiator from 'negotiator';
import { GRAPHQL_JSON_TYPE, JSON_TYPE } from '../answer.js';

/** Apollo offers it too; whoever prefers it is left to Apollo. */
const CALLBACK_TYPE = 'application/json; callbackSpec=1.0; charset=utf-8';
const OFFERS = [JSON_TYPE, GRAPHQL_JSON_TYPE, CALLBACK_TYPE];
/** Headers remembered; clients of one kind send one. */
const MAX_KNOWN = 200;
/** Longer ones are not worth remembering. */
const MAX_LENGTH = 500;

const known = new Map<string, string | undefined>();

/** The media type for a request; undefined where Apollo must answer, as with 406. */
export function mediaTypeFor(accept: string | undefined): string | undefined {
  if (!accept) return JSON_TYPE;
  if (known.has(accept)) return known.get(accept);
  const preferred = new Negotiator({ headers: { accept } }).mediaType(OFFERS);
  const type = preferred === CALLBACK_TYPE ? undefined : preferred;
  if (accept.length <= MAX_LENGTH) {
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(accept, type);
  }
  return type;
}
