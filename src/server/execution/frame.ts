/**
 * The objects and lists of an answer while it is being filled. A frame knows where it stands, how many of its slots are
 * still waited for, and what becomes of it when a value that must not be null is missing: it gives way to null, in the
 * nearest place above that may be null. What happens below a frame that has given way no longer shows.
 */
import type { GraphQLError } from 'graphql';

/** Key of a slot in its object, or index in its list. */
export type Slot = string | number;
/** The object or list that the frame fills. */
export type Target = Record<string, unknown> | unknown[];

/** Told when all is filled, and of errors to show. */
export interface FrameOwner {
  report(error: GraphQLError): void;
  /** Nothing is waited for any more; `null` for an answer that an error has taken whole. */
  finish(data: Target | null): void;
}

/**
 * Turns of the microtask queue between the failure of an awaited value and the null in its place. Failures of the same
 * tick, such as all keys of one batch, are thus all reported, as with graphql-js, whose promises take as long.
 */
const TURNS_BEFORE_NULL = 4;

/** One object or list. */
export class Frame {
  private pending = 0;
  private gone = false;
  private failure: GraphQLError | undefined;
  private isFalling = false;

  constructor(
    private readonly owner: FrameOwner,
    readonly parent: Frame | null,
    /** Where it stands in its parent. */
    readonly slot: Slot,
    /** Whether its place must not be null. */
    private readonly nonNull: boolean,
    readonly target: Target,
    /** Name of the object's type; undefined for lists. */
    readonly typeName: string | undefined,
  ) {}

  /** Whether a slot, here or below, is still waited for. */
  get isPending(): boolean {
    return this.pending > 0;
  }

  /** How many slots are waited for, with those below counted once each. */
  get waits(): number {
    return this.pending;
  }

  /** Whether it is a list, or stands in one. */
  get isInList(): boolean {
    return this.typeName === undefined || (this.parent !== null && this.parent.typeName === undefined);
  }

  /** One more slot is waited for. */
  wait(): void {
    this.pending += 1;
    if (this.pending === 1) this.parent?.wait();
  }

  /** One slot that was waited for is done with. */
  release(): void {
    if (this.gone) return;
    this.pending -= 1;
    if (this.pending > 0) return;
    if (this.failure && !this.isFalling) {
      this.hold();
      this.fall();
      return;
    }
    if (this.parent) this.parent.release();
    else this.owner.finish(this.target);
  }

  /** Writes a slot. */
  set(slot: Slot, value: unknown): void {
    (this.target as Record<Slot, unknown>)[slot] = value;
  }

  /** Shows an error, unless its place has given way already. */
  report(error: GraphQLError): void {
    if (!this.hasGone()) this.owner.report(error);
  }

  /** A field failed while others of the frame are waited for: it gives way once they are done with. */
  failWhenSettled(error: GraphQLError): void {
    this.failure ??= error;
  }

  /** An awaited value failed that must not be null. */
  fail(error: GraphQLError): void {
    if (this.gone || this.isFalling) return;
    this.failure ??= error;
    this.wait();
    this.fall();
  }

  /** Takes the frame out at once, its error thrown on by what was filling it. */
  abandon(): void {
    this.gone = true;
    if (this.pending > 0) this.parent?.release();
  }

  private hasGone(): boolean {
    return this.gone || (this.parent?.hasGone() ?? false);
  }

  /** Waits without telling the parent, which waits for this frame still. */
  private hold(): void {
    this.pending += 1;
  }

  private fall(turn = 0): void {
    this.isFalling = true;
    if (turn < TURNS_BEFORE_NULL) {
      queueMicrotask(() => this.fall(turn + 1));
      return;
    }
    const { parent, failure } = this;
    if (this.gone || !failure) return;
    if (!parent) {
      this.report(failure);
      this.gone = true;
      this.owner.finish(null);
      return;
    }
    if (this.nonNull) {
      parent.fail(failure);
    } else {
      parent.report(failure);
      parent.set(this.slot, null);
    }
    this.gone = true;
    parent.release();
  }
}

/** Path of a slot, as errors tell it. */
export function pathTo(frame: Frame, slot: Slot): Slot[] {
  const path: Slot[] = [slot];
  for (let current = frame; current.parent; current = current.parent) path.push(current.slot);
  return path.reverse();
}
