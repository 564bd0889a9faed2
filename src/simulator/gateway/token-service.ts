/**
 * The token service: getAccessToken and refreshAccessToken. Its requests carry no signature; `encryption` proves the
 * caller.
 */
import { encryptCredentials, sameDigest } from './signature.js';
import type { AccessToken, TokenStore } from './tokens.js';

/** The application's key pair. */
export interface Credentials {
  accessKey: string;
  secretKey: string;
}

/** Status, text and data of a reply of the token service. */
export interface TokenReply {
  status: number;
  msg: string;
  data: { accessToken: string; expire: number } | null;
}

const MESSAGES = {
  1001: 'The encryption was used before',
  1002: 'The appKey does not exist',
  1003: 'The encryption is not valid',
  1004: 'A parameter is not valid',
  1202: 'A mandatory parameter is empty',
  1203: 'The access token has expired',
  1204: 'The access token could not be refreshed',
} as const;

/** Operation ids that the token service answers. */
export const TOKEN_OPERATIONS = ['getAccessToken', 'refreshAccessToken'];

/**
 * Answers one request of the token service.
 * @param body the parsed JSON body, undefined if it is not JSON
 */
export function serveToken(
  operationId: string,
  body: unknown,
  credentials: Credentials,
  tokens: TokenStore,
): TokenReply {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return refuseToken(1004);
  const { appKey, encryption, timestamp, accessToken } = body as Record<string, unknown>;
  const refresh = operationId === 'refreshAccessToken';
  const mandatory = [appKey, encryption, timestamp, ...(refresh ? [accessToken] : [])];
  if (mandatory.some((value) => value === undefined || value === null || value === ''))
    return refuseToken(1202);

  const time = readTimestamp(timestamp);
  if (typeof appKey !== 'string' || typeof encryption !== 'string' || time === null) return refuseToken(1004);
  if (refresh && typeof accessToken !== 'string') return refuseToken(1004);
  if (!/^[0-9a-f]{64}$/.test(encryption)) return refuseToken(1003);
  if (appKey !== credentials.accessKey) return refuseToken(1002);
  if (!sameDigest(encryption, encryptCredentials(appKey, time, credentials.secretKey)))
    return refuseToken(1003);
  if (!tokens.useOnce(encryption)) return refuseToken(1001);

  if (!refresh) return grant(tokens.take(), tokens);
  const state = tokens.state(accessToken as string);
  if (state === 'live') return grant(tokens.issue(), tokens);
  return refuseToken(state === 'expired' ? 1203 : 1204);
}

/** The contract says integer; clients that send the decimal text of one are understood too. */
function readTimestamp(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : null;
  return typeof value === 'string' && /^\d{1,16}$/.test(value) ? value : null;
}

function grant(token: AccessToken, tokens: TokenStore): TokenReply {
  return {
    status: 0,
    msg: 'SUCCESS',
    data: { accessToken: token.value, expire: tokens.secondsLeft(token) },
  };
}

/** A refusal of the token service by its status. */
export function refuseToken(status: keyof typeof MESSAGES): TokenReply {
  return { status, msg: MESSAGES[status], data: null };
}
