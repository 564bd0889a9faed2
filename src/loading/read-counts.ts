/** How reads of one kind were answered since the start, in keys. */
export interface KindCounts {
  /** From memory. */
  process: number;
  /** From Redis. */
  redis: number;
  /** By another replica, which was fetching them already. */
  shared: number;
  /** By EnOS. */
  fetched: number;
}

/** Counts by kind: the names of kinds in cache keys, which are ours and few. Counting costs an addition. */
export class ReadCounts {
  private readonly kinds = new Map<string, KindCounts>();

  /** The counts of a kind, for whoever counts it from now on. */
  of(kind: string): KindCounts {
    let counts = this.kinds.get(kind);
    if (counts === undefined)
      this.kinds.set(kind, (counts = { process: 0, redis: 0, shared: 0, fetched: 0 }));
    return counts;
  }

  /** All counts by kind. */
  all(): Iterable<readonly [string, Readonly<KindCounts>]> {
    return this.kinds;
  }
}
