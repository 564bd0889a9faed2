/** Which credential a request carries, and of which kind it is by its shape. */
import type { IncomingMessage } from 'node:http';

/** What stands in the headers. */
export type Credential =
  | { kind: 'missing' }
  | { kind: 'ambiguous' }
  /** A scheme or a form that is not known here. */
  | { kind: 'malformed' }
  | { kind: 'api-key' | 'jwt' | 'opaque'; token: string };

/** How API keys begin. */
export const API_KEY_PREFIX = 'enosk_';
/** How access tokens of the Application Portal begin. */
const PORTAL_PREFIX = 'APP_PORTAL_S_';
const JWT = /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/;
/** No credential of any kind comes near it; what does is not worth a digest. */
const LONGEST = 8_192;

/**
 * Reads `Authorization: Bearer <token>` (or the bare token of the Application Portal, which most samples of EnOS 2.1 send)
 * and `x-api-key`. More than one of them, or one of them twice, is ambiguous.
 */
export function readCredential({
  headers,
  rawHeaders,
}: Pick<IncomingMessage, 'headers' | 'rawHeaders'>): Credential {
  const { authorization } = headers;
  const apiKey = headers['x-api-key'];
  if (authorization === undefined && apiKey === undefined) return { kind: 'missing' };
  if (authorization !== undefined && apiKey !== undefined) return { kind: 'ambiguous' };
  // Node keeps the first of several Authorization headers; a proxy may have looked at another.
  if (isRepeated(rawHeaders, authorization === undefined ? 'x-api-key' : 'authorization'))
    return { kind: 'ambiguous' };
  if (authorization === undefined) return keyOf(apiKey);
  const bearer = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (bearer !== undefined) return tokenOf(bearer);
  return /^\S+$/.test(authorization) && authorization.startsWith(PORTAL_PREFIX)
    ? tokenOf(authorization)
    : { kind: 'malformed' };
}

function keyOf(value: string | string[] | undefined): Credential {
  if (typeof value !== 'string' || !isVisible(value) || !value.startsWith(API_KEY_PREFIX))
    return { kind: 'malformed' };
  return { kind: 'api-key', token: value };
}

function tokenOf(token: string): Credential {
  if (!isVisible(token)) return { kind: 'malformed' };
  if (token.startsWith(API_KEY_PREFIX)) return { kind: 'api-key', token };
  return { kind: JWT.test(token) ? 'jwt' : 'opaque', token };
}

function isVisible(text: string): boolean {
  return text.length <= LONGEST && /^[\x21-\x7e]+$/.test(text);
}

function isRepeated(rawHeaders: readonly string[], name: string): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const candidate = rawHeaders[index] ?? '';
    if (candidate.length === name.length && candidate.toLowerCase() === name) count += 1;
  }
  return count > 1;
}
