/** The calls that the simulator received, the newest ones kept. */
import type { CallFacts } from './call-facts.js';

/** How a call ended: still under way, answered whole, broken off by a fault, or left by its caller. */
export type CallEnding = 'open' | 'answered' | 'broken' | 'left';

/** One call. */
export interface LogEntry extends Omit<CallFacts, 'assets' | 'models'> {
  /** Counts calls from 1 since the start or the last reset. */
  number: number;
  /** By the simulator's clock, ISO 8601. */
  time: string;
  method: string;
  /** Assets that the call names: how many, and the first of them. */
  assetCount: number;
  assets: string[];
  modelCount: number;
  models: string[];
  /** HTTP status; null until the reply begins. */
  status: number | null;
  /** Code in the envelope; null where the reply has none. */
  code: number | null;
  requestId: string | null;
  /** Milliseconds that rules made it wait. */
  delay: number;
  /** Kind of the fault; null for none. */
  fault: string | null;
  /** Rules that acted on it, by id. */
  rules: string[];
  ending: CallEnding;
}

/** Which entries to show; absent conditions hold for all. */
export interface LogFilter {
  operation?: string;
  service?: string;
  org?: string;
  asset?: string;
  /** Kind of a fault; `any` and `none` too. */
  fault?: string;
  status?: number;
  ending?: CallEnding;
  /** Entries after this number. */
  after?: number;
  /** The newest so many. */
  limit?: number;
}

/** Calls that are remembered. */
const REMEMBERED = 10_000;
/** Ids shown per call. */
const SHOWN_IDS = 20;

/** A bounded log. */
export class CallLog {
  private entries: (LogEntry & { allAssets: string[] })[] = [];
  private count = 0;

  /** Notes a call as it arrives; whoever answers it fills in the rest. */
  begin(facts: CallFacts, more: Pick<LogEntry, 'time' | 'method' | 'delay' | 'fault' | 'rules'>): LogEntry {
    this.count += 1;
    const entry = {
      number: this.count,
      ...facts,
      ...more,
      assetCount: facts.assets.length,
      assets: facts.assets.slice(0, SHOWN_IDS),
      allAssets: facts.assets,
      modelCount: facts.models.length,
      models: facts.models.slice(0, SHOWN_IDS),
      status: null,
      code: null,
      requestId: null,
      ending: 'open' as const,
    };
    this.entries.push(entry);
    // Cut in halves, so that a long run does not move the whole list with every call.
    if (this.entries.length >= REMEMBERED * 2) this.entries = this.entries.slice(-REMEMBERED);
    return entry;
  }

  /** The entries that a filter lets through, oldest first. */
  list(filter: LogFilter = {}): LogEntry[] {
    const found = this.entries
      .slice(-REMEMBERED)
      .filter(
        (entry) =>
          holds(filter.operation, entry.operation) &&
          holds(filter.service, entry.service) &&
          holds(filter.org, entry.org) &&
          holds(filter.status, entry.status) &&
          holds(filter.ending, entry.ending) &&
          (filter.asset === undefined || entry.allAssets.includes(filter.asset)) &&
          faultHolds(filter.fault, entry.fault) &&
          entry.number > (filter.after ?? 0),
      );
    const shown = filter.limit === undefined ? found : found.slice(-filter.limit);
    return shown.map(({ allAssets: _, ...entry }) => entry);
  }

  clear(): void {
    this.entries = [];
    this.count = 0;
  }
}

function holds<T>(wanted: T | undefined, value: T | null): boolean {
  return wanted === undefined || wanted === value;
}

function faultHolds(wanted: string | undefined, fault: string | null): boolean {
  if (wanted === undefined) return true;
  if (wanted === 'any') return fault !== null;
  return wanted === 'none' ? fault === null : wanted === fault;
}
