/**
 * Limits introspections of unknown tokens, so that they do not delay callers who are known. They have their own share of
 * the concurrent calls, of which one address gets half at most, and each address has a budget. A token that turns out to be
 * good does not count against it: many people behind one address can sign in, while random tokens are soon refused
 * without a call.
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
  /** Part of its budget; refills over time. */
  spent: number;
  /** When `spent` was last computed; Unix milliseconds. */
  at: number;
  bulkhead: Semaphore;
}

const MINUTE_MS = 60_000;
/** Addresses that are remembered, the most recent ones. */
const MAX_ADDRESSES = 10_000;
/** Introspections that may be under way or wait for their turn; those of one address may be half as many. */
const MAX_WAITING = 1_000;

/** Deals out introspections of unknown tokens. */
export class Newcomers {
  private readonly accounts = new LRUCache<string, Account>({ max: MAX_ADDRESSES });
  private readonly bulkhead: Semaphore;
  /** All that have been asked for and are not yet answered. */
  private waiting = 0;

  constructor(private readonly options: NewcomersOptions) {
    this.bulkhead = new Semaphore(options.concurrency);
  }

  /** Runs `ask` for an address. Rejects with the refusal (429) where its budget is spent, 503 where too many wait. */
  async ask(address: string, ask: () => Promise<Finding>): Promise<Finding> {
    const account = this.accountOf(address);
    const { perMinute } = this.options;
    if (account.spent + 1 > perMinute)
      throw tooManyUnknown(
        Math.ceil(((account.spent + 1 - perMinute) / perMinute) * (MINUTE_MS / 1_000)),
        perMinute,
      );
    // The budget comes back with time, also while EnOS does not answer: it alone would not bound what waits.
    if (this.waiting >= MAX_WAITING || account.bulkhead.waiting >= MAX_WAITING / 2) throw cannotTell();
    account.spent += 1;
    this.waiting += 1;
    let isBad = false;
    try {
      const finding = await account.bulkhead.run(() => this.bulkhead.run(ask));
      // A session without an organization is one all the same; such findings are not kept.
      isBad = 'refusal' in finding && finding.until > this.options.now();
      return finding;
    } finally {
      this.waiting -= 1;
      // Without an answer from EnOS the token is not known to be bad.
      if (!isBad) account.spent = Math.max(0, account.spent - 1);
    }
  }

  private accountOf(address: string): Account {
    const now = this.options.now();
    const known = this.accounts.get(address);
    if (known === undefined) {
      const bulkhead = new Semaphore(Math.max(1, Math.floor(this.options.concurrency / 2)));
      const account = { spent: 0, at: now, bulkhead };
      this.accounts.set(address, account);
      return account;
    }
    const back = (Math.max(0, now - known.at) / MINUTE_MS) * this.options.perMinute;
    known.spent = Math.max(0, known.spent - back);
    known.at = now;
    return known;
  }
}
