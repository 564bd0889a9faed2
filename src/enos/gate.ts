/** A limit on what is under way at once, with a bounded queue before it. */
import { TransientList, type ListPlace } from '../collections/transient-list.js';
import type { CallEnded, CallScope, Waiting } from './call-scope.js';

/** Lets so many in at a time; others wait in the order in which they came. */
export class Gate {
  #inside = 0;
  readonly #queue = new TransientList<Waiter>();

  constructor(
    private readonly limit: number,
    private readonly queueLimit: number,
  ) {}

  get inside(): number {
    return this.#inside;
  }

  get queued(): number {
    return this.#queue.size;
  }

  /** Takes a place if one is free. */
  tryEnter(): boolean {
    if (this.#inside >= this.limit) return false;
    this.#inside += 1;
    return true;
  }

  /** Whether one more may wait. */
  hasRoom(): boolean {
    return this.#queue.size < this.queueLimit;
  }

  /** Resolves with a place taken. Rejects with `CallEnded` when the scope ends first, or with what `turnAway` gives. */
  wait(scope: CallScope): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter = new Waiter(scope, resolve, reject);
      waiter.place = this.#queue.add(waiter);
      scope.watch(waiter);
    });
  }

  /** Gives the place back, to whoever has waited longest. */
  leave(): void {
    const next = this.#queue.first;
    if (next) next.letIn();
    else this.#inside -= 1;
  }

  /** Ends every wait. */
  turnAway(reason: () => Error): void {
    for (let next = this.#queue.first; next; next = this.#queue.first) next.refuse(reason());
  }
}

/** One who waits; leaves the queue whatever ends the wait. */
class Waiter implements Waiting {
  place: ListPlace<Waiter> | undefined;

  constructor(
    private readonly scope: CallScope,
    private readonly resolve: () => void,
    private readonly reject: (reason: Error) => void,
  ) {}

  letIn(): void {
    this.#leave();
    this.resolve();
  }

  refuse(reason: Error): void {
    this.#leave();
    this.reject(reason);
  }

  endWith(end: CallEnded): void {
    this.refuse(end);
  }

  #leave(): void {
    this.place?.leave();
    this.scope.unwatch(this);
  }
}
