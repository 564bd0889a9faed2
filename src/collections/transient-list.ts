/**
 * A queue of what comes and goes as long as the process lives. A Set would do, but for V8's collector of young objects: each
 * table that a Set has outgrown is linked to the next one and keeps what stood in it, so that as soon as one of them is old, all
 * that came later counts as used until the whole heap is collected. Here what has left is linked to nothing.
 */

/** Items in the order in which they came, each of which may leave at any time. */
export class TransientList<Item> {
  private head: ListPlace<Item> | undefined;
  private tail: ListPlace<Item> | undefined;
  private count = 0;

  /** Number of items. */
  get size(): number {
    return this.count;
  }

  /** The one that has been there longest. */
  get first(): Item | undefined {
    return this.head?.item;
  }

  /** Adds an item at the end; its place is what it leaves by. */
  add(item: Item): ListPlace<Item> {
    const place = new ListPlace(this, item, this.tail);
    if (this.tail) this.tail.next = place;
    else this.head = place;
    this.tail = place;
    this.count += 1;
    return place;
  }

  /** For places: takes one out. */
  unlink({ previous, next }: ListPlace<Item>): void {
    if (previous) previous.next = next;
    else this.head = next;
    if (next) next.previous = previous;
    else this.tail = previous;
    this.count -= 1;
  }
}

/** Where an item stands in its list. */
export class ListPlace<Item> {
  /** Undefined once it has left. */
  item: Item | undefined;
  previous: ListPlace<Item> | undefined;
  next: ListPlace<Item> | undefined;

  constructor(
    private readonly list: TransientList<Item>,
    item: Item,
    previous: ListPlace<Item> | undefined,
  ) {
    this.item = item;
    this.previous = previous;
    this.next = undefined;
  }

  /** Takes the item out of the list, where it has not left yet. */
  leave(): void {
    if (this.item === undefined) return;
    this.list.unlink(this);
    this.item = this.previous = this.next = undefined;
  }
}
