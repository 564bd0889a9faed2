/** Reads the body of a request up to the limit, as JSON where it is JSON, and refuses what cannot be read. */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { GraphQLFormattedError } from 'graphql';
import { parseExactJson } from '../exact-json.js';
import { limitRefusal } from '../limits/limit-error.js';

/** Why a body is refused. */
export interface BodyRefusal {
  status: number;
  error: GraphQLFormattedError;
}

/** What came of reading: bytes (none where there is no body of JSON to read), or a refusal. */
export type BodyRead = { bytes: Buffer | undefined } | { refusal: BodyRefusal };

const JSON_TYPE = /^\s*application\/json\s*(?:;|$)/i;
const MAX_TYPE_LENGTH = 500;
const CHARSET = /;\s*charset\s*=\s*"?([^\s";]*)/i;
const DECODERS: Readonly<Record<string, () => Readable & NodeJS.WritableStream>> = {
  deflate: createInflate,
  gzip: createGunzip,
  br: createBrotliDecompress,
};

/** Whether a Content-Type is that of JSON, with parameters or without. */
export function isJsonType(type: string): boolean {
  return type === 'application/json' || (type.length <= MAX_TYPE_LENGTH && JSON_TYPE.test(type));
}

/**
 * Reads the bytes of a JSON body, unpacked. A GET has its parameters in its address: a body has no meaning there. Every other media type is left unread for Apollo to refuse. `done` is called
 * once, and not at all where the caller goes away before the end. A body that is too large is read off first: a client
 * that is cut while it sends never sees the refusal.
 */
export function readBody(req: IncomingMessage, maxBytes: number, done: (read: BodyRead) => void): void {
  const { method, headers } = req;
  const type = headers['content-type'];
  const length = headers['content-length'];
  if (method === 'GET' || (length === undefined && headers['transfer-encoding'] === undefined)) {
    done({ bytes: undefined });
    return;
  }
  if (type !== 'application/json') {
    if (type === undefined || !isJsonType(type)) {
      done({ bytes: undefined });
      return;
    }
    const charset = CHARSET.exec(type)?.[1];
    if (charset !== undefined && charset.toLowerCase() !== 'utf-8') {
      refuseAfterAll(
        req,
        refusal(415, 'The body of the request has a charset that is not supported; use UTF-8.'),
        done,
      );
      return;
    }
  }
  const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
  const announced = length === undefined ? null : Number(length);
  const tooLarge = (): BodyRefusal => {
    const limit = { name: 'MAX_BODY_BYTES', value: maxBytes, asked: announced, what: 'bytes of body' };
    return { status: 413, error: limitRefusal(limit) };
  };
  if (encoding === 'identity') {
    if (announced !== null && announced > maxBytes) refuseAfterAll(req, tooLarge(), done);
    else collect(req, req, maxBytes, tooLarge, done);
    return;
  }
  const decoder = DECODERS[encoding]?.();
  if (!decoder) {
    const message = 'The body of the request has a content encoding that is not supported.';
    refuseAfterAll(req, refusal(415, message), done);
    return;
  }
  req.pipe(decoder);
  collect(req, decoder, maxBytes, tooLarge, done);
}

/** The value of a JSON body, as `parseExactJson` reads it; an empty one is an empty object. A refusal where it is not an object or a list. */
export function parseBody(bytes: Buffer): { value: unknown } | { refusal: BodyRefusal } {
  if (bytes.length === 0) return { value: {} };
  // Read leniently, broken characters would become others: ids that nobody meant.
  if (!isUtf8(bytes)) return { refusal: refusal(400, 'The body of the request is not UTF-8.') };
  try {
    const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    const value = parseExactJson(bytes.toString('utf8', hasMark ? 3 : 0));
    if (typeof value === 'object' && value !== null) return { value };
  } catch {
    // The message of the parser repeats parts of the body.
  }
  return { refusal: refusal(400, 'The body of the request is not JSON.') };
}

function collect(
  req: IncomingMessage,
  stream: Readable,
  maxBytes: number,
  tooLarge: () => BodyRefusal,
  done: (read: BodyRead) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  let isOver = false;
  const refuse = (why: BodyRefusal): void => {
    if (isOver) return;
    isOver = true;
    if (stream !== req) {
      req.unpipe();
      stream.destroy();
    }
    refuseAfterAll(req, why, done);
  };
  stream.on('data', (chunk: Buffer) => {
    if (isOver) return;
    size += chunk.length;
    if (size > maxBytes) refuse(tooLarge());
    else chunks.push(chunk);
  });
  stream.on('end', () => {
    if (isOver) return;
    isOver = true;
    const [only] = chunks;
    done({ bytes: chunks.length === 1 && only ? only : Buffer.concat(chunks, size) });
  });
  // Of the request itself an error says that the caller has gone; of what unpacks, that the body is broken.
  stream.on('error', () => {
    if (stream !== req) refuse(refusal(400, 'The body of the request cannot be read.'));
  });
}

function refusal(status: number, message: string): BodyRefusal {
  return { status, error: { message, extensions: { code: 'BAD_REQUEST' } } };
}

function refuseAfterAll(req: IncomingMessage, why: BodyRefusal, done: (read: BodyRead) => void): void {
  const tell = (): void => done({ refusal: why });
  if (req.readableEnded) {
    tell();
    return;
  }
  req.once('end', tell);
  req.resume();
}
