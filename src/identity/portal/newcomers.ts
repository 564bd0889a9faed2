/**
 * Introspections of tokens that were not good before, kept from taking EnOS from everybody else. They have a share of the
 * calls of their own, of which one address has half at most, and each address a budget: a token that turns out to be good
 * costs nothing of it, so that many people behind one address can sign in, while random tokens are soon refused unasked.
 */
import { LRUCache } from 'lru-cache';
import { Semaphore } from '../../resilience/semaphore.js';
import type { Finding } from '../known-callers.js';
import { cannotTell, tooManyUnknown } from '../refusal.js';

/** Bounds, and the clock. */
export interface NewcomersOptions {
  /** Tokens of one address that may be asked about and turn out not to be good, in a minute. */
  perMinute: number;
  /** Introspections under way at once. */
  concurrency: number;
  now: () => number;
}

/** What one address has used up. */
interface Account {
  /** Of its budget; comes back with time. */
  spent: number;
  /** Unix milliseconds when that was so. */
  at: number;
  lane: Semaphore;
}

const MINUTE_MS = 60_000;
/** Addresses that are remembered: those that have asked for something unknown lately. */
const MAX_ADDRESSES = 10_000;
/** Introspections that may wait for their turn. */
const MAX_WAITING = 1_000;

/** Deals out introspections of unknown tokens. */
export class Newcomers {
  private readonly accounts = new LRUCache<string, Account>({ max: MAX_ADDRESSES });
  private readonly lane: Semaphore;

  constructor(private readonly options: NewcomersOptions) {
    this.lane = new Semaphore(options.concurrency, MAX_WAITING);
  }

  /** Asks by `ask` for an address. Rejects with the refusal (429) where its budget is spent, 503 where too many wait. */
  async ask(address: string, ask: () => Promise<Finding>): Promise<Finding> {
    const account = this.accountOf(address);
    const { perMinute } = this.options;
    if (account.spent + 1 > perMinute)
      throw tooManyUnknown(
        Math.ceil(((account.spent + 1 - perMinute) / perMinute) * (MINUTE_MS / 1_000)),
        perMinute,
      );
    if (!this.lane.hasRoom()) throw cannotTell();
    account.spent += 1;
    let isBad = false;
    try {
      const finding = await account.lane.run(() => this.lane.run(ask));
      // A session without an organization is one all the same; such findings are not kept.
      isBad = 'refusal' in finding && finding.until > this.options.now();
      return finding;
    } finally {
      // Where nobody could tell, the token is not known to be bad.
      if (!isBad) account.spent = Math.max(0, account.spent - 1);
    }
  }

  private accountOf(address: string): Account {
    const now = this.options.now();
    const known = this.accounts.get(address);
    if (known === undefined) {
      const lane = new Semaphore(Math.max(1, Math.floor(this.options.concurrency / 2)));
      const account = { spent: 0, at: now, lane };
      this.accounts.set(address, account);
      return account;
    }
    const back = (Math.max(0, now - known.at) / MINUTE_MS) * this.options.perMinute;
    known.spent = Math.max(0, known.spent - back);
    known.at = now;
    return known;
  }
}
