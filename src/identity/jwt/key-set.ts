/**
 * The keys of an issuer, kept current: read again when they are old, and when a token names a key that is not among them
 * (a rotation), but not more often than the cool-down allows. Keys that are known stay good while they cannot be read
 * again: an issuer that is down must not lock everybody out.
 */
import { createLocalJWKSet, errors } from 'jose';
import type { CryptoKey, FlattenedJWSInput, JWSHeaderParameters } from 'jose';
import type { KeySource } from './key-source.js';

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

  /** Starts to read the keys again where they are old. Nobody waits for it. */
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
