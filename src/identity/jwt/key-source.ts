/** Where the public keys of an issuer come from: an address, or a file. */
import { readFile } from 'node:fs/promises';
import type { JSONWebKeySet, JWK } from 'jose';

/** Reads the key set again. Rejects where it cannot be had or is none. */
export type KeySource = () => Promise<JSONWebKeySet>;

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 512 * 1024;
/** Public key types. `oct` is a shared secret: it proves nothing about who signed. */
const PUBLIC = new Set(['RSA', 'EC', 'OKP']);

/** An address (https, or http on this machine: the settings see to it) or the path of a file. */
export function keySource(location: string): KeySource {
  const read = /^https?:\/\//i.test(location) ? () => download(location) : () => readFile(location, 'utf8');
  return async () => publicKeys(await read());
}

async function download(url: string): Promise<string> {
  const reply = await fetch(url, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!reply.ok || !reply.body) throw new Error(`the key set was answered with HTTP status ${reply.status}`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of reply.body as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new Error(`the key set is larger than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function publicKeys(text: string): JSONWebKeySet {
  const content: unknown = JSON.parse(text);
  const keys =
    typeof content === 'object' && content !== null && 'keys' in content ? content.keys : undefined;
  if (!Array.isArray(keys)) throw new Error('the key set has no list "keys"');
  const usable = (keys as unknown[]).filter(
    (key): key is JWK =>
      typeof key === 'object' && key !== null && 'kty' in key && PUBLIC.has(String(key.kty)),
  );
  if (usable.length === 0) throw new Error('the key set holds no public key (RSA, EC or OKP)');
  return { keys: usable };
}
