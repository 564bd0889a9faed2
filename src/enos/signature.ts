/** The two digests of EnOS's gateway, by the rules of contract/token.yaml (x-enos-signing, x-enos-encryption). */
import { createHash } from 'node:crypto';

/** What the signature of a call covers. */
export interface SignatureInput {
  accessToken: string;
  secretKey: string;
  /** Unix milliseconds as decimal text: the very text of the header `apim-timestamp`. */
  timestamp: string;
  /** Query parameters, `action` included, with their decoded values. Of a repeated name the first value counts. */
  query: Iterable<readonly [name: string, value: string]>;
  /** The JSON body, exactly as it is sent; null without a body and for multipart bodies, which are not signed. */
  body: string | null;
}

/** Header `apim-signature`: SHA-256 in lower-case hex over token, sorted parameters, body, timestamp and secret key. */
export function signature(input: SignatureInput): string {
  const { accessToken, secretKey, timestamp, query, body } = input;
  return sha256(accessToken + paramsData(query) + (body ?? '') + timestamp + secretKey);
}

/** Field `encryption` of the token service: SHA-256 in lower-case hex over access key, timestamp and secret key. */
export function encryption(accessKey: string, timestamp: number, secretKey: string): string {
  return sha256(`${accessKey}${timestamp}${secretKey}`);
}

function paramsData(query: SignatureInput['query']): string {
  const first = new Map<string, string>();
  for (const [name, value] of query) if (!first.has(name)) first.set(name, value);
  return [...first.keys()]
    .sort()
    .map((name) => name + first.get(name))
    .join('');
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
