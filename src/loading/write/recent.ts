/**
 * What was written a moment ago. EnOS shows a write after a while: until then this process shows a thing as the write left it,
 * and a caller's reads of what his own writes changed wait until EnOS shows them.
 */
import { LRUCache } from 'lru-cache';

/** What a write left of a thing. */
export type Left =
  /** `record` where it is known whole; else EnOS is asked until it has it. */
  | { readonly effect: 'creates'; readonly record?: object | undefined }
  | { readonly effect: 'deletes' }
  /** `patch` makes of the record from before that from after. */
  | { readonly effect: 'changes'; readonly patch: (record: object) => object };

/** A thing that was written a moment ago. */
export interface WrittenThing {
  /** In the order of the writes. */
  left: Left[];
  /** Unix milliseconds until which EnOS may show what was before. */
  until: number;
}

/** Things whose writes are remembered; of those beyond, EnOS's own answer is shown. */
const MAX_THINGS = 50_000;

/** The writes of one process within ENOS_WRITE_LAG. */
export class RecentWrites {
  private readonly things = new LRUCache<string, WrittenThing>({ max: MAX_THINGS });

  /** @param lagMs how long EnOS may show what was before a write */
  constructor(
    readonly lagMs: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** EnOS has accepted a write; `tag` names the thing. */
  add(tag: string, left: Left): void {
    if (this.lagMs <= 0) return;
    const before = left.effect === 'changes' ? this.of(tag) : undefined;
    this.things.set(tag, { left: [...(before?.left ?? []), left], until: this.now() + this.lagMs });
  }

  /** What was written of a thing; undefined where EnOS shows it as it is. */
  of(tag: string): WrittenThing | undefined {
    if (this.things.size === 0) return undefined;
    const entry = this.things.get(tag);
    if (entry === undefined || entry.until > this.now()) return entry;
    this.things.delete(tag);
    return undefined;
  }
}

/** Whether a thing was deleted last. */
export function isDeleted({ left }: WrittenThing): boolean {
  return left.at(-1)?.effect === 'deletes';
}

/** Whether a thing was created, so that EnOS may not know it yet. */
export function isCreated({ left }: WrittenThing): boolean {
  return left[0]?.effect === 'creates';
}

/** The record of a thing that was created, where the write told it whole. */
export function createdRecord({ left }: WrittenThing): object | undefined {
  const [first] = left;
  return first?.effect === 'creates' ? first.record : undefined;
}

/** The record as the writes left it. */
export function patched<Rec extends object>({ left }: WrittenThing, record: Rec): Rec {
  let result: object = record;
  for (const each of left) {
    if (each.effect === 'changes') result = each.patch(result);
  }
  return result as Rec;
}

/** The tag by which all replicas know that a caller himself has changed what another tag names. */
export function ownTag(caller: string, tag: string): string {
  return `by:${caller.length}.${caller}:${tag}`;
}
