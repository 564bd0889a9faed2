/**
 * A map of a world that changes. It remembers what it held before its latest changes: searches see the map as it stood
 * some time ago, and a write that is refused half-way is undone.
 */

/** One change of one key. */
interface Change<K, V> {
  key: K;
  /** What the key held; null for nothing. */
  before: { value: V; rank: number } | null;
  /** Unix milliseconds. */
  at: number;
}

/** What the maps of one world share. */
export interface History {
  /** Unix milliseconds. */
  now(): number;
  /** How long searches do not show a change, in milliseconds. */
  readonly lag: number;
  /** What undoes each change of the write under way, in order; null outside of a write. */
  undo: (() => void)[] | null;
}

/** Things by key. A thing is never changed in place: `set` puts a changed copy in its place. */
export class VersionedMap<K, V> extends Map<K, V> {
  private changes: Change<K, V>[] = [];
  /** Where a key stands in the map's order. */
  private ranks = new Map<K, number>();
  private lastRank = 0;

  constructor(
    private readonly history: History,
    entries: Iterable<readonly [K, V]>,
  ) {
    super();
    this.reset(entries);
  }

  override set(key: K, value: V): this {
    this.note(key);
    if (!this.ranks.has(key)) this.ranks.set(key, ++this.lastRank);
    return super.set(key, value);
  }

  override delete(key: K): boolean {
    if (!this.has(key)) return false;
    this.note(key);
    this.ranks.delete(key);
    return super.delete(key);
  }

  override clear(): void {
    for (const key of [...this.keys()]) this.delete(key);
  }

  /** Holds other things from now on, as if it had never held any. */
  reset(entries: Iterable<readonly [K, V]>): void {
    super.clear();
    this.changes = [];
    this.ranks = new Map();
    for (const [key, value] of [...entries]) {
      this.ranks.set(key, ++this.lastRank);
      super.set(key, value);
    }
  }

  /** What searches see: the map without the changes that are younger than the lag. Not to be changed. */
  settled(): Map<K, V> {
    const recent = this.changes.filter((change) => !this.isSettled(change));
    if (recent.length === 0) return this;
    const ranked = new Map([...this].map(([key, value]) => [key, { value, rank: this.ranks.get(key) ?? 0 }]));
    for (const { key, before } of recent.toReversed()) {
      if (before === null) ranked.delete(key);
      else ranked.set(key, before);
    }
    return new Map(inOrder(ranked));
  }

  private note(key: K): void {
    this.forgetSettled();
    const value = super.get(key);
    const rank = this.ranks.get(key);
    const before = rank === undefined ? null : { value: value as V, rank };
    const change = { key, before, at: this.history.now() };
    this.changes.push(change);
    this.history.undo?.push(() => this.undo(change));
  }

  /** A change of the future is one that a clock set back has left behind: it counts as settled. */
  private isSettled({ at }: Change<K, V>): boolean {
    const now = this.history.now();
    return now - at >= this.history.lag || at > now;
  }

  private forgetSettled(): void {
    const first = this.changes.findIndex((change) => !this.isSettled(change));
    if (first !== 0) this.changes = first < 0 ? [] : this.changes.slice(first);
  }

  /** Undoes a change; those after it have been undone already. */
  private undo(change: Change<K, V>): void {
    const { key, before } = change;
    if (this.changes.at(-1) === change) this.changes.pop();
    if (before === null) {
      super.delete(key);
      this.ranks.delete(key);
      return;
    }
    const deleted = !super.has(key);
    super.set(key, before.value);
    this.ranks.set(key, before.rank);
    if (!deleted) return;
    const ranked = new Map([...this].map(([one, value]) => [one, { value, rank: this.ranks.get(one) ?? 0 }]));
    super.clear();
    for (const [one, value] of inOrder(ranked)) super.set(one, value);
  }
}

function inOrder<K, V>(ranked: ReadonlyMap<K, { value: V; rank: number }>): [K, V][] {
  return [...ranked].sort(([, a], [, b]) => a.rank - b.rank).map(([key, { value }]) => [key, value]);
}
