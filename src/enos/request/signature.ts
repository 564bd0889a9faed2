/** The two digests of EnOS's gateway, by the rules of contract/token.yaml (x-enos-signing, x-enos-encryption). */
import { hash } from 'node:crypto';

/** Query parameters, `action` included, with their decoded values. Of a repeated name the first value counts. */
export type SignedQuery = readonly (readonly [name: string, value: string])[];

/** What the signature of a call covers. */
export interface SignatureInput {
  accessToken: string;
  secretKey: string;
  /** Unix milliseconds as decimal text: the very text of the header `apim-timestamp`. */
  timestamp: string;
  /** Query and body of the call, by `signedText`. */
  signedText: string;
}

/** Header `apim-signature`: SHA-256 in lower-case hex over token, sorted parameters, body, timestamp and secret key. */
export function signature({ accessToken, secretKey, timestamp, signedText }: SignatureInput): string {
  return hash('sha256', accessToken + signedText + timestamp + secretKey);
}

/** Field `encryption` of the token service: SHA-256 in lower-case hex over access key, timestamp and secret key. */
export function encryption(accessKey: string, timestamp: number, secretKey: string): string {
  return hash('sha256', `${accessKey}${timestamp}${secretKey}`);
}

/**
 * The part of the signature that is the same each time the call is sent.
 * @param body the JSON body, exactly as it is sent; null without a body and for multipart bodies, which are not signed
 */
export function signedText(query: SignedQuery, body: string | null): string {
  // The sort is stable: of a repeated name the first value stays first. Most calls come sorted.
  const sorted = isSorted(query) ? query : [...query].sort(byName);
  let text = '';
  let last: string | null = null;
  for (const [name, value] of sorted) {
    if (name === last) continue;
    text += name + value;
    last = name;
  }
  return body === null ? text : text + body;
}

function isSorted(query: SignedQuery): boolean {
  for (let index = 1; index < query.length; index += 1) {
    if (query[index - 1]![0] > query[index]![0]) return false;
  }
  return true;
}

function byName([a]: SignedQuery[number], [b]: SignedQuery[number]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
