/**
 * The access tokens of the one application that the simulator knows. One token is current at a time. A refresh makes
 * a new one; the old one still opens the door until its own end, because calls signed with it may be under way
 * (EnOS documents that a refresh extends a token, not that it revokes one).
 */
import { randomBytes } from 'node:crypto';

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

  /** @param lifetime seconds from issue to end */
  constructor(
    private readonly lifetime: number,
    private readonly now: () => number,
  ) {}

  /** The current token, or a new one once that has ended. */
  take(): AccessToken {
    return this.current !== null && this.current.endsAt > this.now() ? this.current : this.issue();
  }

  /** A new token with a whole lifetime. */
  issue(): AccessToken {
    this.current = {
      value: `APIM_${randomBytes(12).toString('hex')}`,
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
