/**
 * What was found out about tokens lately, so that most requests need not ask: bounded, by digest, since nothing of ours
 * keeps a token longer than it must. Refusals are kept apart, so that a flood of bad tokens cannot push out the good ones.
 */
import { createHash } from 'node:crypto';
import type { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { IdentifiedCaller } from './caller.js';

/** What EnOS or the issuer said of a token. */
export type Finding =
  | { caller: IdentifiedCaller; /** Unix milliseconds until which it holds. */ until: number }
  | { refusal: () => GraphQLError; until: number };

/** Bounds, and the clock. */
export interface KnownCallersOptions {
  /** Most callers that are kept; as many refusals. */
  max: number;
  now: () => number;
}

/** Findings by token. */
export class KnownCallers {
  private readonly good: LRUCache<string, Finding>;
  private readonly bad: LRUCache<string, Finding>;
  private readonly asking = new Map<string, Promise<Finding>>();
  private readonly now: () => number;
  /** Findings of before a `clear` are not kept. */
  private generation = 0;

  constructor({ max, now }: KnownCallersOptions) {
    this.good = new LRUCache({ max });
    this.bad = new LRUCache({ max });
    this.now = now;
  }

  /**
   * The caller of a token: at once where it is known, else by `ask`, once for all who want to know at that moment, which is
   * told whether the token was good when it was asked about last. Throws or rejects with the refusal. What `ask` rejects with
   * is not kept.
   */
  identify(
    token: string,
    ask: (token: string, wasGood: boolean) => Promise<Finding>,
  ): IdentifiedCaller | Promise<IdentifiedCaller> {
    const key = createHash('sha256').update(token).digest('base64url');
    const known = this.good.get(key) ?? this.bad.get(key);
    if (known !== undefined) {
      if (known.until > this.now()) return outcome(known);
      this.bad.delete(key);
    }
    let asked = this.asking.get(key);
    if (asked === undefined) {
      asked = this.ask(key, token, ask).finally(() => this.asking.delete(key));
      this.asking.set(key, asked);
    }
    return asked.then(outcome);
  }

  /** Forgets everything: what the findings rested on has changed. */
  clear(): void {
    this.generation += 1;
    this.good.clear();
    this.bad.clear();
  }

  private async ask(
    key: string,
    token: string,
    ask: (token: string, wasGood: boolean) => Promise<Finding>,
  ): Promise<Finding> {
    const { generation } = this;
    // One that has passed its time stays until it is asked about again: that it was good counts for its place in line.
    const finding = await ask(token, this.good.has(key));
    if ('refusal' in finding) this.good.delete(key);
    if (finding.until > this.now() && generation === this.generation) {
      const store = 'caller' in finding ? this.good : this.bad;
      store.set(key, finding);
    }
    return finding;
  }
}

function outcome(finding: Finding): IdentifiedCaller {
  if ('caller' in finding) return finding.caller;
  throw finding.refusal();
}
