/** What an answer was made of: collected while a request loads, read when its answer is complete. */
import type { HeldValue, ReadToken } from '../cache/cache.js';

/** What is known of an answer as a whole from the parts that it was made of. */
export interface AnswerSources {
  /**
   * Unix milliseconds: end of life of the shortest-lived part; +Infinity if nothing was loaded; 0 if a part must not be
   * kept (its lifetime is 0, or it failed).
   */
  freshUntil: number;
  /** Unix milliseconds: when the oldest part was fetched; null if nothing was loaded. */
  oldest: number | null;
  /** Whether a stale part was served. */
  stale: boolean;
  /** Every tag of every part, each once. */
  tags: readonly string[];
  /** Taken before the first part was. */
  asOf: ReadToken;
}

/** Collects the parts of one answer. Adding costs next to nothing: sums are made when somebody asks. */
export class SourceLog {
  private readonly parts: HeldValue[] = [];

  constructor(private readonly asOf: ReadToken) {}

  /** A part was used. */
  add(part: HeldValue): void {
    this.parts.push(part);
  }

  /** What the answer was made of so far. */
  sum(): AnswerSources {
    let freshUntil = Infinity;
    let oldest: number | null = null;
    let stale = false;
    const lists = new Set<readonly string[]>();
    for (const part of this.parts) {
      if (part.freshUntil < freshUntil) freshUntil = part.freshUntil;
      if (oldest === null || part.storedAt < oldest) oldest = part.storedAt;
      if ((part as { stale?: boolean }).stale === true) stale = true;
      lists.add(part.tags);
    }
    const tags = new Set<string>();
    for (const list of lists) for (const tag of list) tags.add(tag);
    return { freshUntil, oldest, stale, tags: [...tags], asOf: this.asOf };
  }
}
