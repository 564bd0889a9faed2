/**
 * The keys of an issuer, kept current: read again when they are old, and when a token names a key that is not among them
 * (a rotation), but not more often than the cool-down allows. Keys that are known stay good while they cannot be read
 * again: an issuer that is down must not lock all callers out.
 */
import {
  createLocalJWKSet,
  errors,
  type CryptoKey,
  type FlattenedJWSInput,
  type JWSHeaderParameters,
  type JSONWebKeySet,
  type JWK,
} from 'jose';
import { readFile } from 'node:fs/promises';

/** How keys are kept. Times in milliseconds. */
export interface KeySetOptions {
  source: KeySource;
  /** Age at which keys are read again. */
  maxAge: number;
  /** Least time between two readings. */
  coolDown: number;
  now: () => number;
  /** Told when the keys have changed: what was verified before may rest on a key that is gone. */
  onChange: () => void;
  /** Told in a line when they cannot be read. */
  onFailure: (reason: string) => void;
}

/** No key set could be read so far. */
export class NoKeys extends Error {}

/** The keys. */
export class KeySet {
  private local: ReturnType<typeof createLocalJWKSet> | undefined;
  private text = '';
  private readAt = -Infinity;
  private triedAt = -Infinity;
  private reading: Promise<void> | undefined;

  constructor(private readonly options: KeySetOptions) {}

  /** Reads the keys once. Rejects where that is not possible. */
  async load(): Promise<void> {
    await this.read();
    if (this.local === undefined) throw new NoKeys();
  }

  /**
   * The key that a token names. Rejects with jose's `JWKSNoMatchingKey` or `JWKSMultipleMatchingKeys`, or `NoKeys`. A token
   * that names none (no `kid`) is refused at once: jose would take the only key that fits, and after a rotation another.
   */
  readonly find = async (header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> => {
    if (typeof header.kid !== 'string' || header.kid === '') throw new errors.JWKSNoMatchingKey();
    this.refresh();
    if (this.local === undefined) await this.readSoon();
    if (this.local === undefined) throw new NoKeys();
    try {
      return await this.local(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !(await this.readSoon())) throw error;
      return this.local(header, token);
    }
  };

  /** Starts to read the keys again where they are old, and is not waited for. */
  refresh(): void {
    if (this.options.now() - this.readAt < this.options.maxAge) return;
    void this.readSoon();
  }

  /** Reads the keys unless that was done a moment ago; whether it was done now. */
  private async readSoon(): Promise<boolean> {
    if (this.reading === undefined && this.options.now() - this.triedAt < this.options.coolDown) return false;
    await this.read();
    return true;
  }

  private read(): Promise<void> {
    this.triedAt = this.options.now();
    this.reading ??= this.readNow().finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async readNow(): Promise<void> {
    try {
      const keys = await this.options.source();
      this.readAt = this.options.now();
      const text = JSON.stringify(keys);
      if (text === this.text) return;
      const isFirst = this.local === undefined;
      this.local = createLocalJWKSet(keys);
      this.text = text;
      if (!isFirst) this.options.onChange();
    } catch (error) {
      this.options.onFailure(error instanceof Error ? error.message : String(error));
    }
  }
}

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
