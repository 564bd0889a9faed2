/**
 * What the API gateway checks before a service sees a call: token, signature and, if asked, the age of the time.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { sameDigest, signRequest } from './signature.js';
import type { TokenStore } from './tokens.js';

/** Outcome of the check: `refused` is the gateway's 401, `expired` the 1203 in the service's own envelope. */
export type GateVerdict = 'passed' | 'refused' | 'expired';

/** What the gate knows. */
export interface GateSettings {
  secretKey: string;
  tokens: TokenStore;
  now(): number;
  /** How far `apim-timestamp` may be from now, in milliseconds; null checks nothing, as EnOS documents nothing. */
  timestampSkew: number | null;
}

/** Checks the three apim headers of a call; of one that is not `signed` the token alone. */
export function checkCredentials(
  call: { headers: IncomingHttpHeaders; query: URLSearchParams; body: Buffer },
  settings: GateSettings,
  signed = true,
): GateVerdict {
  const accessToken = single(call.headers['apim-accesstoken']);
  if (!signed) {
    const state = accessToken === null ? 'unknown' : settings.tokens.state(accessToken);
    return state === 'unknown' ? 'refused' : state === 'expired' ? 'expired' : 'passed';
  }
  const signature = single(call.headers['apim-signature']);
  const timestamp = single(call.headers['apim-timestamp']);
  if (accessToken === null || signature === null || timestamp === null) return 'refused';
  if (!/^\d{1,16}$/.test(timestamp)) return 'refused';

  const state = settings.tokens.state(accessToken);
  if (state === 'unknown') return 'refused';
  const multipart = (call.headers['content-type'] ?? '').toLowerCase().startsWith('multipart/form-data');
  const expected = signRequest({
    accessToken,
    timestamp,
    secretKey: settings.secretKey,
    query: call.query,
    body: multipart ? Buffer.alloc(0) : call.body,
  });
  if (!sameDigest(signature, expected)) return 'refused';
  if (
    settings.timestampSkew !== null &&
    Math.abs(settings.now() - Number(timestamp)) > settings.timestampSkew
  ) {
    return 'refused';
  }
  return state === 'expired' ? 'expired' : 'passed';
}

function single(value: string | string[] | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
