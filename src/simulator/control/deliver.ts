/** Writes a reply to its socket, as it is or with a fault of the transport. */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { HttpReply } from '../http-reply.js';
import type { CallEnding } from './call-log.js';
import type { Fault } from './rule-schema.js';

/** Longest value of one header that carries padding. */
const HEADER_BLOCK = 8 * 1024;

/**
 * Writes the reply. Resolves once the call has ended, with how: a fault that hangs ends when its caller leaves.
 * @param now Unix milliseconds, for the date in the headers
 */
export async function deliver(
  response: ServerResponse,
  reply: HttpReply,
  fault: Fault | null,
  now: number,
): Promise<CallEnding> {
  if (response.destroyed) return 'left';
  const ended = endOf(response);
  response.setHeader('date', new Date(now).toUTCString());
  send(response, reply, fault);
  const ending = await ended;
  return ending === 'left' && BREAKING.has(fault?.kind ?? '') ? 'broken' : ending;
}

/** Faults after which the connection ends by the simulator's doing. */
const BREAKING = new Set(['reset', 'cut', 'garbage']);

function endOf(response: ServerResponse): Promise<CallEnding> {
  return new Promise((resolve) => {
    response.once('finish', () => resolve('answered'));
    response.once('close', () => resolve(response.writableFinished ? 'answered' : 'left'));
  });
}

function send(response: ServerResponse, reply: HttpReply, fault: Fault | null): void {
  const body = toBuffer(reply.body);
  switch (fault?.kind) {
    case 'hang':
    case 'reset':
      stopAt(response, reply, body, fault);
      return;
    case 'cut': {
      begin(response, reply, body.length);
      const part = body.subarray(0, Math.min(fault.bytes, Math.max(0, body.length - 1)));
      if (part.length === 0) response.flushHeaders();
      response.write(part.length === 0 ? '' : part, () => response.destroy());
      if (part.length === 0) setImmediate(() => response.destroy());
      return;
    }
    case 'drip':
      begin(response, reply, body.length);
      drip(response, body, fault);
      return;
    case 'length': {
      const length = Math.max(0, body.length + fault.difference);
      begin(response, reply, length);
      // A reply that is too short is never ended: its caller waits for bytes that do not come.
      if (length > body.length) response.write(body);
      else response.end(body);
      return;
    }
    case 'garbage':
      if (fault.form === 'http') {
        response.socket?.end(Buffer.concat([Buffer.from('HTTP/9.9 ok\r\n'), randomBytes(64)]));
        return;
      }
      break;
    case 'headers':
      for (let left = fault.bytes, i = 0; left > 0; left -= HEADER_BLOCK, i += 1) {
        response.setHeader(`x-padding-${i}`, 'x'.repeat(Math.min(left, HEADER_BLOCK)));
      }
      break;
    case 'status':
    case 'code':
    case 'token':
    case 'bomb':
    case undefined:
      // The reply itself is the fault, or there is none.
      break;
  }
  if (reply.body === null) {
    setHeaders(response, reply);
    response.writeHead(reply.status).end();
  } else begin(response, reply, body.length).end(body);
}

function begin(response: ServerResponse, reply: HttpReply, length: number): ServerResponse {
  response.setHeader('content-type', 'application/json;charset=UTF-8');
  response.setHeader('content-length', length);
  setHeaders(response, reply);
  return response.writeHead(reply.status);
}

function setHeaders(response: ServerResponse, { headers = {} }: HttpReply): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

/** Stops before the reply, after its headers, or in the middle of its body: for ever, or with a reset. */
function stopAt(
  response: ServerResponse,
  reply: HttpReply,
  body: Buffer,
  { kind, at }: Extract<Fault, { kind: 'hang' | 'reset' }>,
): void {
  const stop = (): void => {
    if (kind === 'reset') response.socket?.resetAndDestroy();
  };
  if (at === 'start') {
    stop();
    return;
  }
  begin(response, reply, Math.max(1, body.length));
  response.flushHeaders();
  if (at === 'headers') setImmediate(stop);
  else response.write(body.subarray(0, Math.floor(body.length / 2)), () => setImmediate(stop));
}

function drip(response: ServerResponse, body: Buffer, fault: Extract<Fault, { kind: 'drip' }>): void {
  response.flushHeaders();
  response.socket?.setNoDelay(true);
  let sent = 0;
  const timer = setInterval(() => {
    const part = body.subarray(sent, sent + fault.bytes);
    sent += part.length;
    if (sent < body.length) {
      response.write(part);
      return;
    }
    clearInterval(timer);
    response.end(part);
  }, fault.every);
  response.once('close', () => clearInterval(timer));
}

function toBuffer(body: HttpReply['body']): Buffer {
  if (body === null) return Buffer.alloc(0);
  return typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
}
