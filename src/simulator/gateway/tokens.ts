/**
 * The access tokens of the one application that the simulator knows. One token is current at a time. A refresh makes
 * a new one; the old one still opens the door until its own end, because calls signed with it may be under way
 * (EnOS documents that a refresh extends a token, not that it revokes one).
 */
import type { Seed } from '../control/seed.js';

/** An access token and when it ends. */
export interface AccessToken {
  value: string;
  /** Unix milliseconds. */
  endsAt: number;
}

/** What a token in a request is. */
export type TokenState = 'live' | 'expired' | 'unknown';

/** Tokens and used digests that are remembered; the oldest are forgotten. */
const REMEMBERED = 10_000;

/** Issues tokens and remembers them. */
export class TokenStore {
  private current: AccessToken | null = null;
  private readonly issued = new Map<string, number>();
  private readonly used = new Set<string>();

  private lifetime: number;

  /** @param startLifetime seconds from issue to end, until `lifetimeSeconds` is set */
  constructor(
    private readonly startLifetime: number,
    private readonly now: () => number,
    private readonly seed: Seed,
  ) {
    this.lifetime = startLifetime;
  }

  /** Seconds that a token issued from now on lives. */
  get lifetimeSeconds(): number {
    return this.lifetime;
  }

  /** The current token keeps its end, and is not given out again. */
  set lifetimeSeconds(seconds: number) {
    this.lifetime = seconds;
    this.current = null;
  }

  /** The current token, or a new one once that has ended. */
  take(): AccessToken {
    return this.current !== null && this.current.endsAt > this.now() ? this.current : this.issue();
  }

  /** A new token with a whole lifetime. */
  issue(): AccessToken {
    this.current = {
      value: `APIM_${this.seed.bytes('token').toString('hex', 0, 12)}`,
      endsAt: this.now() + this.lifetime * 1000,
    };
    this.issued.set(this.current.value, this.current.endsAt);
    forgetOldest(this.issued);
    return this.current;
  }

  /** Whether the token may be used. */
  state(token: string): TokenState {
    const endsAt = this.issued.get(token);
    if (endsAt === undefined) return 'unknown';
    return endsAt > this.now() ? 'live' : 'expired';
  }

  /** Tokens that may be used at the moment. */
  live(): number {
    return [...this.issued.keys()].filter((token) => this.state(token) === 'live').length;
  }

  /** Ends every token now; they are known to have expired. */
  expireAll(): void {
    const now = this.now();
    for (const [token, endsAt] of this.issued) this.issued.set(token, Math.min(endsAt, now));
    this.current = null;
  }

  /** Forgets every token: they are as unknown as if they had never been issued. */
  revokeAll(): void {
    this.issued.clear();
    this.current = null;
  }

  /** As at the start. */
  reset(): void {
    this.revokeAll();
    this.used.clear();
    this.lifetime = this.startLifetime;
  }

  /** Seconds that a token has left, rounded up. */
  secondsLeft(token: AccessToken): number {
    return Math.max(0, Math.ceil((token.endsAt - this.now()) / 1000));
  }

  /** Marks an `encryption` as used; false if it was before. */
  useOnce(encryption: string): boolean {
    if (this.used.has(encryption)) return false;
    this.used.add(encryption);
    forgetOldest(this.used);
    return true;
  }
}

function forgetOldest(memory: Map<string, number> | Set<string>): void {
  if (memory.size <= REMEMBERED) return;
  const [oldest] = memory.keys();
  if (oldest !== undefined) memory.delete(oldest);
}
