/**
 * The gateway's signature rule (token.yaml, x-enos-signing): SHA-256 over token, sorted query, body, time and secret.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

/** What a signature is made of. */
export interface SignedRequest {
  accessToken: string;
  /** Decimal text of `apim-timestamp`, as sent. */
  timestamp: string;
  secretKey: string;
  /** Decoded query parameters in the order sent. */
  query: URLSearchParams;
  /** The body's bytes as sent; empty where there is none, or where the body is a multipart upload. */
  body: Buffer;
}

/** The signature that the request must carry: 64 lower-case hex digits. */
export function signRequest(request: SignedRequest): string {
  const first = new Map<string, string>();
  for (const [name, value] of request.query) {
    if (!first.has(name)) first.set(name, value);
  }
  // Code unit order, which is ASCII order for the names that EnOS has.
  const parameters = [...first.keys()].sort().map((name) => name + first.get(name));
  return createHash('sha256')
    .update(request.accessToken + parameters.join(''), 'utf8')
    .update(request.body)
    .update(request.timestamp + request.secretKey, 'utf8')
    .digest('hex');
}

/** `encryption` of the token service: sha256(appKey + timestamp + appSecret). */
export function encryptCredentials(accessKey: string, timestamp: string, secretKey: string): string {
  return createHash('sha256').update(`${accessKey}${timestamp}${secretKey}`, 'utf8').digest('hex');
}

/** Compares two digests without telling by its duration how much of them agrees. */
export function sameDigest(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
