/**
 * A map for what comes and goes as long as the process lives. V8 links each table that a Map has outgrown to the next one: as
 * soon as one of them is old, all that follow count as used until the whole heap is collected, with whatever stood in them.
 * So the map is replaced by a new one after so many entries, as soon as the one before it is empty.
 */
const TURNOVER = 1_024;

/** A map whose entries live shortly, and are all deleted. */
export class TransientMap<Key, Value> {
  private current = new Map<Key, Value>();
  private before = new Map<Key, Value>();
  private added = 0;

  get(key: Key): Value | undefined {
    const value = this.current.get(key);
    return value === undefined && this.before.size > 0 ? this.before.get(key) : value;
  }

  set(key: Key, value: Value): void {
    this.added += 1;
    if (this.before.size > 0) this.before.delete(key);
    else if (this.added > TURNOVER) {
      this.before = this.current;
      this.current = new Map();
      this.added = 0;
      this.before.delete(key);
    }
    this.current.set(key, value);
  }

  /** Whether there was such an entry. */
  delete(key: Key): boolean {
    return this.current.delete(key) || this.before.delete(key);
  }

  /** Number of entries. */
  get size(): number {
    return this.current.size + this.before.size;
  }
}
