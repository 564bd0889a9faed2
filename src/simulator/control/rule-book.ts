/**
 * The rules in force, and what they do to a call. Rules are asked in the order in which they were added: the delays of all
 * that act add up, and the first fault is the one that happens.
 */
import type { CallFacts } from './call-facts.js';
import { check, ControlError, pathText } from './parse.js';
import { ruleSchema } from './rule-schema.js';
import type { Delay, Fault, Rule } from './rule-schema.js';
import type { Seed } from './seed.js';

/** What the rules do to one call. */
export interface Verdict {
  /** Milliseconds. */
  delay: number;
  fault: Fault | null;
  /** Rules that acted, by id. */
  rules: string[];
}

/** A rule with what it has done, as the control plane shows it. */
export type RuleReport = Rule & {
  id: string;
  /** Calls that its conditions matched. */
  matched: number;
  /** Calls that it acted on. */
  acted: number;
  /** Whether it will never act again. */
  over: boolean;
};

interface Entry {
  id: string;
  rule: Rule;
  patterns: RegExp[] | null;
  /** Unix milliseconds by the simulator's clock. */
  endsAt: number;
  matched: number;
  acted: number;
}

/** More than anybody writes; a bound, since each call asks every rule. */
const MOST_RULES = 1_000;
/** A drawn delay never exceeds this, in milliseconds: a day. */
const LONGEST_DELAY = 86_400_000;

/** Names that conditions may use. */
export interface KnownNames {
  operations: readonly string[];
  services: readonly string[];
}

/** Holds the rules. */
export class RuleBook {
  private entries: Entry[] = [];
  private numbered = 0;

  constructor(
    private readonly known: KnownNames,
    private readonly seed: Seed,
    private readonly now: () => number,
  ) {}

  /** Adds one rule or a list of them: all, or none and a `ControlError`. Returns what was added. */
  add(input: unknown): RuleReport[] {
    return this.enter(input, this.entries);
  }

  /** Puts a list of rules in place of those in force. */
  replace(input: unknown): RuleReport[] {
    return this.enter(input, []);
  }

  isEmpty(): boolean {
    return this.entries.length === 0;
  }

  list(): RuleReport[] {
    return this.entries.map((entry) => this.report(entry));
  }

  find(id: string): RuleReport | null {
    const entry = this.entries.find((one) => one.id === id);
    return entry === undefined ? null : this.report(entry);
  }

  /** Removes a rule; false if there is none of that id. */
  remove(id: string): boolean {
    const before = this.entries.length;
    this.entries = this.entries.filter((entry) => entry.id !== id);
    return this.entries.length < before;
  }

  /** Removes every rule, and counts ids from the start again. */
  clear(): void {
    this.entries = [];
    this.numbered = 0;
  }

  /** Decides about a call, and counts it. */
  judge(facts: CallFacts): Verdict {
    const verdict: Verdict = { delay: 0, fault: null, rules: [] };
    for (const entry of this.entries) {
      if (!matches(entry, facts)) continue;
      entry.matched += 1;
      if (entry.matched <= entry.rule.skip || this.isOver(entry)) continue;
      if (entry.rule.fault !== undefined && verdict.fault !== null) continue;
      if (entry.rule.rate < 1 && this.seed.number(`rule:${entry.id}`) >= entry.rule.rate) continue;
      entry.acted += 1;
      verdict.rules.push(entry.id);
      verdict.fault ??= entry.rule.fault ?? null;
      if (entry.rule.delay !== undefined) verdict.delay += this.draw(entry.id, entry.rule.delay);
    }
    return verdict;
  }

  private enter(input: unknown, kept: readonly Entry[]): RuleReport[] {
    const listed = Array.isArray(input);
    const added: Entry[] = [];
    const before = this.numbered;
    try {
      for (const [index, item] of (listed ? (input as unknown[]) : [input]).entries()) {
        const within = listed ? [index] : [];
        const rule = check(ruleSchema, item, within);
        this.checkNames(rule, within);
        const id = rule.id ?? this.freeId([...kept, ...added]);
        if ([...kept, ...added].some((entry) => entry.id === id)) {
          throw new ControlError(`${pathText([...within, 'id'])}: expected an id that no rule has yet`);
        }
        added.push(this.toEntry(id, rule));
      }
      if (kept.length + added.length > MOST_RULES) {
        throw new ControlError(`body: expected no more than ${MOST_RULES} rules in all`);
      }
    } catch (error) {
      this.numbered = before;
      throw error;
    }
    // A rule of a name that was used before draws as that one did: the same rules, the same faults.
    for (const { id } of added) {
      this.seed.forget(`rule:${id}`);
      this.seed.forget(`delay:${id}`);
    }
    this.entries = [...kept, ...added];
    return added.map((entry) => this.report(entry));
  }

  private toEntry(id: string, rule: Rule): Entry {
    return {
      id,
      rule,
      patterns: rule.match.operation?.map(toPattern) ?? null,
      endsAt: rule.for === undefined ? Infinity : this.now() + rule.for,
      matched: 0,
      acted: 0,
    };
  }

  private freeId(taken: readonly Entry[]): string {
    for (;;) {
      this.numbered += 1;
      const id = `rule-${this.numbered}`;
      if (!taken.some((entry) => entry.id === id)) return id;
    }
  }

  /** A condition that can never hold is a slip of the pen. */
  private checkNames({ match }: Rule, within: PropertyKey[]): void {
    for (const text of match.operation ?? []) {
      const pattern = toPattern(text);
      if (!this.known.operations.some((name) => pattern.test(name))) {
        const where = pathText([...within, 'match', 'operation']);
        throw new ControlError(`${where}: expected an operation id of the contract, not ${text}`);
      }
    }
    for (const text of match.service ?? []) {
      if (!this.known.services.includes(text)) {
        const where = pathText([...within, 'match', 'service']);
        throw new ControlError(`${where}: expected one of ${this.known.services.join(', ')}, not ${text}`);
      }
    }
  }

  private isOver({ rule, acted, endsAt }: Entry): boolean {
    return acted >= (rule.times ?? Infinity) || this.now() >= endsAt;
  }

  private report(entry: Entry): RuleReport {
    const { id, rule, matched, acted } = entry;
    return { ...rule, id, matched, acted, over: this.isOver(entry) };
  }

  private draw(id: string, delay: Delay): number {
    if (typeof delay === 'number') return delay;
    const next = (): number => this.seed.number(`delay:${id}`);
    let drawn: number;
    if (delay.distribution === 'uniform') drawn = delay.min + next() * (delay.max - delay.min);
    else if (delay.distribution === 'exponential') drawn = -delay.mean * Math.log(1 - next());
    else {
      // Box and Muller's way from two even numbers to a normal one.
      const radius = Math.sqrt(-2 * Math.log(1 - next()));
      drawn = delay.mean + delay.deviation * radius * Math.cos(2 * Math.PI * next());
    }
    return Math.round(Math.min(Math.max(0, drawn), LONGEST_DELAY));
  }
}

function matches({ rule: { match }, patterns }: Entry, facts: CallFacts): boolean {
  return (
    (patterns === null || patterns.some((pattern) => pattern.test(facts.operation))) &&
    (match.service === undefined || match.service.includes(facts.service)) &&
    (match.org === undefined || (facts.org !== null && match.org.includes(facts.org))) &&
    (match.asset === undefined || match.asset.some((id) => facts.assets.includes(id))) &&
    (match.model === undefined || match.model.some((id) => facts.models.includes(id))) &&
    (match.page === undefined || match.page === facts.page)
  );
}

function toPattern(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
}
