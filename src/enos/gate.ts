/** A limit on what is under way at once, with a bounded queue before it. */
import { TransientMap } from '../transient-map.js';
import type { CallEnded, CallScope, Waiting } from './call-scope.js';

/** Lets so many in at a time; others wait in the order in which they came. */
export class Gate {
  #inside = 0;
  readonly #queue = new TransientMap<Waiter, true>();

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
      const waiter = new Waiter(this.#queue, scope, resolve, reject);
      this.#queue.set(waiter, true);
      scope.watch(waiter);
    });
  }

  /** Gives the place back, to whoever has waited longest. */
  leave(): void {
    const next = this.#queue.size > 0 ? this.#queue.keys().next().value : undefined;
    if (next) next.letIn();
    else this.#inside -= 1;
  }

  /** Ends every wait. */
  turnAway(reason: () => Error): void {
    for (const waiter of [...this.#queue.keys()]) waiter.refuse(reason());
  }
}

/** One who waits; leaves the queue whatever ends the wait. */
class Waiter implements Waiting {
  constructor(
    private readonly queue: TransientMap<Waiter, true>,
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
    this.queue.delete(this);
    this.scope.unwatch(this);
  }
}
