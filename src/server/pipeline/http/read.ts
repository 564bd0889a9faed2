/** Reads the body of a request up to the limit, where it is JSON, and refuses what cannot be read. */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { GraphQLFormattedError } from 'graphql';
import { errorAnswer } from '../../answer.js';
import { limitRefusal } from '../../errors/codes.js';
import { markSafeGet, isJsonType } from '../../http/safe-get.js';
import type { Step, StepParts } from '../request.js';

/** Why a body is refused. */
interface BodyRefusal {
  status: number;
  error: GraphQLFormattedError;
}

/** What came of reading: bytes (none where there is no body of JSON to read), or a refusal. */
type BodyRead = { bytes: Buffer | undefined } | { refusal: BodyRefusal };

const CHARSET = /;\s*charset\s*=\s*"?([^\s";]*)/i;
const DECODERS: Readonly<Record<string, () => Readable & NodeJS.WritableStream>> = {
  deflate: createInflate,
  gzip: createGunzip,
  br: createBrotliDecompress,
};

/** The step. Its promise settles once the body is there, and never where the caller goes away before. */
export function read({ limits }: Pick<StepParts, 'limits'>): Step {
  return (request) => {
    const { state } = request;
    markSafeGet(state.req);
    if (!hasBody(state.req)) return undefined;
    return new Promise((resolve) => {
      readBody(state.req, limits.maxBodyBytes, (body) => {
        if ('refusal' in body) {
          resolve(errorAnswer(state, body.refusal.status, body.refusal.error));
          return;
        }
        request.bytes = body.bytes;
        resolve(undefined);
      });
    });
  };
}

/** A GET has its parameters in its address: a body has no meaning there. Other media types are left for Apollo to refuse. */
function hasBody({ method, headers }: IncomingMessage): boolean {
  if (method === 'GET') return false;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return false;
  const type = headers['content-type'];
  return type !== undefined && isJsonType(type);
}

/**
 * Reads the bytes of a JSON body, unpacked. `done` is called once, and not at all where the caller goes away before the end.
 * A body that is too large is read off first: a client that is cut while it sends never sees the refusal.
 */
function readBody(req: IncomingMessage, maxBytes: number, done: (read: BodyRead) => void): void {
  const { headers } = req;
  const length = headers['content-length'];
  const charset = CHARSET.exec(headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8') {
    const message = 'The body of the request has a charset that is not supported; use UTF-8.';
    refuseAfterAll(req, refusal(415, message), done);
    return;
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
