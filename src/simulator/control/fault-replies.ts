/** Replies that a fault puts in place of the service's own. None of them is held against the contract. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import type { Envelope } from '../contract/envelope.js';
import { wrap } from '../contract/envelope.js';
import type { ContractOperation } from '../contract/operations.js';
import { gatewayReply } from '../http-reply.js';
import type { HttpReply } from '../http-reply.js';
import { toJson } from '../json.js';
import type { Fault } from './rule-schema.js';
import type { Seed } from './seed.js';

/** Texts of the gateway for the statuses that it sends most. */
const MESSAGES: Readonly<Record<number, string>> = {
  401: 'Invalid authentication credentials',
  403: 'You cannot consume this service',
  404: 'no Route matched with those values',
  429: 'API rate limit exceeded',
  502: 'An invalid response was received from the upstream server',
  503: 'Service unavailable',
  504: 'The upstream server is timing out',
};

const BLOCK = 64 * 1024;
/** Blocks of 32 random bytes in a body of garbage. */
const GARBAGE_BLOCKS = 8;

/**
 * The reply that a fault puts in place of the service's, or null where the service answers and the fault is one of the
 * transport.
 */
export async function replyOf(
  fault: Fault | null,
  operation: ContractOperation,
  seed: Seed,
): Promise<HttpReply | null> {
  switch (fault?.kind) {
    case undefined:
    case 'hang':
    case 'reset':
    case 'cut':
    case 'drip':
    case 'length':
    case 'headers':
    case 'token':
      return null;
    case 'status':
      return statusReply(fault);
    case 'code': {
      const msg = fault.message ?? operation.errors.find(({ code }) => code === fault.code)?.message;
      return refusal(operation.envelope, fault.code, msg ?? 'Injected fault', fault.status, seed);
    }
    case 'garbage':
      // What is no HTTP at all is written by whoever holds the socket.
      return fault.form === 'http' ? null : garbageReply(fault.form, seed);
    case 'bomb':
      return bombReply(fault.bytes);
  }
}

function statusReply(fault: Extract<Fault, { kind: 'status' }>): HttpReply {
  const plain = gatewayReply(
    fault.status,
    fault.message ?? MESSAGES[fault.status] ?? 'An unexpected error occurred',
  );
  const { body } = fault;
  return {
    ...plain,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : toJson(body) }),
    headers: {
      ...fault.headers,
      ...(fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }),
    },
  };
}

function refusal(envelope: Envelope, code: number, msg: string, status: number, seed: Seed): HttpReply {
  return { status, body: toJson(wrap(envelope, { code, msg, data: null }, () => seed.uuid('request'))) };
}

function garbageReply(form: 'json' | 'html' | 'binary' | 'empty', seed: Seed): HttpReply {
  if (form === 'empty') return { status: 200, body: '' };
  if (form === 'html') {
    const body = '<html><head><title>Sign in</title></head><body>Please sign in.</body></html>';
    return { status: 200, body, headers: { 'content-type': 'text/html' } };
  }
  const bytes = Buffer.concat(Array.from({ length: GARBAGE_BLOCKS }, () => seed.bytes('garbage')));
  // Announced as JSON either way: the first begins like it and is none, the second is not even text.
  return { status: 200, body: form === 'json' ? `{"code":0,"data":[{"${bytes.toString('base64')}` : bytes };
}

/** The last bomb that was made: it takes a second, which is not meant to delay each reply. */
let made: { bytes: number; body: Promise<Buffer> } | undefined;

async function bombReply(bytes: number): Promise<HttpReply> {
  if (made?.bytes !== bytes) made = { bytes, body: makeBomb(bytes) };
  return { status: 200, body: await made.body, headers: { 'content-encoding': 'gzip' } };
}

function makeBomb(bytes: number): Promise<Buffer> {
  const blanks = Buffer.alloc(BLOCK, ' ');
  function* blocks(): Iterable<Buffer> {
    for (let left = bytes; left > 0; left -= BLOCK) yield left < BLOCK ? blanks.subarray(0, left) : blanks;
  }
  return buffer(Readable.from(blocks()).pipe(createGzip()));
}
