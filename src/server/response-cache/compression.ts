/** Compressed answers: which encoding a client takes, and how bytes get there, off the event loop. */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import Negotiator from 'negotiator';

/** An encoding that answers may have. */
export type Encoding = 'br' | 'gzip';

/** Which answers are compressed. `kept`: those kept as bytes, once each; `all`: also those that are sent but once. */
export type Compression = 'off' | 'kept' | 'all';

/** Bytes below which compression saves less than it costs. */
export const MIN_COMPRESSED_BYTES = 1024;
/** Headers remembered; clients of one kind send one. */
const MAX_KNOWN = 200;
const MAX_LENGTH = 200;

const gzipBytes = promisify(gzip);
const brotliBytes = promisify(brotliCompress);
const known = new Map<string, Encoding | undefined>();

/** The best encoding that a request's Accept-Encoding takes; undefined for none. */
export function encodingOf({ headers }: IncomingMessage): Encoding | undefined {
  const accept = headers['accept-encoding'];
  if (typeof accept !== 'string' || accept === '' || accept.length > MAX_LENGTH) return undefined;
  if (known.has(accept)) return known.get(accept);
  const negotiator = new Negotiator({ headers: { 'accept-encoding': accept } });
  const [best] = negotiator.encodings(['br', 'gzip', 'identity']);
  const encoding = best === 'br' || best === 'gzip' ? best : undefined;
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(accept, encoding);
  return encoding;
}

/** Bytes that are sent many times, compressed well. */
export function compressWell(bytes: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'gzip') return gzipBytes(bytes, { level: 7 });
  return brotliBytes(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 6,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
}

/** Bytes that are sent once, compressed fast. */
export function compressFast(bytes: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'gzip') return gzipBytes(bytes, { level: 1 });
  return brotliBytes(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
}
