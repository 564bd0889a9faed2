/**
 * What an answer is found by: everything that shapes its body. Requests with the same key are answered with the same bytes,
 * so that whatever a context reads of a request must be in here, or keep the request from having a key.
 */
import type { IncomingMessage } from 'node:http';
import { isReadableGet } from '../http/safe-get.js';

/** Longer bodies and addresses are not worth keeping answers for. */
const MAX_ASKED_BYTES = 32 * 1024;
/** Headers that the graph reads, besides those of the caller's identity, which `partition` stands for. */
const SHAPING = ['accept-language', 'x-enos-max-stale'] as const;
/** Headers that ask for what differs from one request to the next. */
const BYPASSING = ['x-enos-explain', 'x-enos-freshness'] as const;

/** The key of a request, `bytes` being its body as it came; undefined where each must have an answer of its own. */
export function cacheKey(
  req: IncomingMessage,
  partition: string,
  mediaType: string,
  bytes: Buffer | undefined,
): string | undefined {
  const { method, url = '', headers } = req;
  let asked: string;
  if (method === 'POST') {
    // An address with parameters besides a body is refused, once the body has been understood.
    if (!bytes || bytes.length > MAX_ASKED_BYTES || url.includes('?')) return undefined;
    asked = bytes.toString('latin1');
  } else {
    if (method !== 'GET' || !isReadableGet(req) || url.length > MAX_ASKED_BYTES) return undefined;
    asked = url;
  }
  for (const name of BYPASSING) if (headers[name] !== undefined) return undefined;
  return `${audienceOf(req, partition)}\n${method} ${mediaType}\n${asked}`;
}

/** For whom something is answered: everything that shapes an answer besides what is asked. */
export function audienceOf({ headers }: IncomingMessage, partition: string): string {
  let audience = `${partition.length} ${partition}`;
  // The values of headers hold no line break.
  for (const name of SHAPING) audience += `\n${String(headers[name] ?? '')}`;
  return audience;
}
