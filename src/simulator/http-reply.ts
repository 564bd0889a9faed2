/** Requests and replies of the simulator as whole things, apart from the sockets that carry them. */
import type { IncomingHttpHeaders } from 'node:http';
import { fromJson, toJson } from './json.js';

/** A request read whole. */
export interface HttpCall {
  method: string;
  /** Path and query as sent. */
  target: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** An answer; `body` is JSON text unless `headers` say otherwise, null for none. */
export interface HttpReply {
  status: number;
  body: string | Buffer | null;
  headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Milliseconds that the reply lets wait for it. */
  wait?: number;
}

/** A refusal by the gateway itself, in its own shape. */
export function gatewayReply(status: number, message: string): HttpReply {
  return { status, body: toJson({ message }) };
}

/** Parses JSON; undefined for what is not. */
export function parseJson(body: Buffer): unknown {
  try {
    return fromJson(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
