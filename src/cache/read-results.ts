import type { AgedValue, FoundValue } from './cache.js';
import { agedValue, foundValue, recordText } from './record.js';
import type { CacheRecord, Clock } from './record.js';

/** Where an answer came from. */
export type Tier = 'process' | 'redis';

/** Turns what was found into answers, and counts. */
export class ReadCounter {
  processHits = 0;
  redisHits = 0;
  misses = 0;
  staleServes = 0;

  constructor(private readonly clock: Clock) {}

  /** The value if it is fresh. */
  fresh(record: CacheRecord | undefined, tier: Tier, now: number): string | undefined {
    if (record === undefined || record.freshUntil <= now) {
      this.misses += 1;
      return undefined;
    }
    this.hit(tier);
    return recordText(record);
  }

  /** The value with its times, fresh or stale. */
  aged(record: CacheRecord | undefined, tier: Tier, now: number): AgedValue | undefined {
    if (record === undefined) {
      this.misses += 1;
      return undefined;
    }
    const answer = agedValue(record, now, this.clock);
    if (answer.stale) this.staleServes += 1;
    else this.hit(tier);
    return answer;
  }

  /** The value itself with its times, fresh or stale. */
  found(record: CacheRecord | undefined, tier: Tier, now: number): FoundValue | undefined {
    if (record === undefined) {
      this.misses += 1;
      return undefined;
    }
    const answer = foundValue(record, now, this.clock, tier);
    if (answer.stale) this.staleServes += 1;
    else this.hit(tier);
    return answer;
  }

  /** The counters, as the statistics of a cache name them. */
  counts(): Record<'hits' | 'processHits' | 'redisHits' | 'misses' | 'staleServes', number> {
    const { processHits, redisHits, misses, staleServes } = this;
    return { hits: processHits + redisHits, processHits, redisHits, misses, staleServes };
  }

  private hit(tier: Tier): void {
    if (tier === 'process') this.processHits += 1;
    else this.redisHits += 1;
  }
}
