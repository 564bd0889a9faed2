/** A bound on what is under way at once, with a queue before it. */
import { TransientList, type ListPlace } from '../collections/transient-list.js';

/** Whatever waits: it gives up when its owner ends. */
export interface Waiting {
  endWith(reason: Error): void;
}

/** The owner of a wait, such as a call with a deadline. It tells what waits when it ends; at once if it has. */
export interface WaitOwner {
  watch(waiting: Waiting): void;
  unwatch(waiting: Waiting): void;
}

/**
 * So many permits, given in the order in which they were asked for. Taken and given back by the caller: a wrapper
 * around it would cost a dozen promises for each.
 */
export class Semaphore {
  #active = 0;
  readonly #queue = new TransientList<Waiter>();

  /** @param queueLimit how many may wait, for those who mind `hasRoom` */
  constructor(
    private readonly permits: number,
    private readonly queueLimit = Number.POSITIVE_INFINITY,
  ) {}

  /** Permits that are taken. */
  get active(): number {
    return this.#active;
  }

  /** Those who wait for one. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Whether one more may wait. */
  hasRoom(): boolean {
    return this.#queue.size < this.queueLimit;
  }

  /** Takes a permit if one is free. */
  tryAcquire(): boolean {
    if (this.#active >= this.permits) return false;
    this.#active += 1;
    return true;
  }

  /**
   * Takes a permit: at once where nothing is returned, else when the promise resolves. Rejects with what the owner ends with, or
   * with what `rejectWaiting` gives. It must be released once.
   */
  acquire(owner?: WaitOwner): Promise<void> | undefined {
    if (this.tryAcquire()) return undefined;
    return new Promise((resolve, reject) => {
      const waiter = new Waiter(owner, resolve, reject);
      waiter.place = this.#queue.add(waiter);
      owner?.watch(waiter);
    });
  }

  /** Gives a permit back, to the one who has waited longest. */
  release(): void {
    const next = this.#queue.first;
    if (next) next.start();
    else this.#active -= 1;
  }

  /** Ends every wait. */
  rejectWaiting(reason: () => Error): void {
    for (let next = this.#queue.first; next; next = this.#queue.first) next.endWith(reason());
  }

  /** Runs a task with a permit. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    const wait = this.acquire();
    if (wait !== undefined) await wait;
    try {
      return await task();
    } finally {
      this.release();
    }
  }
}

/** One who waits; leaves the queue whatever ends the wait. */
class Waiter implements Waiting {
  place: ListPlace<Waiter> | undefined;

  constructor(
    private readonly owner: WaitOwner | undefined,
    private readonly resolve: () => void,
    private readonly reject: (reason: Error) => void,
  ) {}

  start(): void {
    this.#leave();
    this.resolve();
  }

  endWith(reason: Error): void {
    this.#leave();
    this.reject(reason);
  }

  #leave(): void {
    this.place?.leave();
    this.owner?.unwatch(this);
  }
}
