/** The life of one call: it ends with its answer, with its time, or with its caller. Every wait of a call is bound to it. */
import type { CallOptions, CallSignal } from '../client.js';
import type { Waiting, WaitOwner } from '../../resilience/semaphore.js';

/** Why a call ended without an answer. */
export type CallEnd = 'timeout' | 'cancelled';

/** Rejection of everything that waits in a scope that has ended. */
export class CallEnded extends Error {
  constructor(readonly end: CallEnd) {
    super(end === 'timeout' ? 'The time of the call is over' : 'The caller went away');
    this.name = 'CallEnded';
  }
}

/**
 * Time limit and caller's signal of one call. Must be disposed. It takes the place of an AbortSignal, which would
 * cost as much as the rest of the call's preparation.
 */
export class CallScope implements WaitOwner {
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** The end of the time that every call has, in Unix milliseconds. */
  readonly #limit: number;
  readonly #deadline: number | (() => number);
  readonly #callerSignal: CallSignal | undefined;
  /** The end for which `#timer` was set. */
  #timedFor = 0;
  #timer: NodeJS.Timeout | undefined;
  #ended: CallEnded | null = null;
  #waiting: Waiting | null = null;

  /** @param total milliseconds that the call may take; an earlier `options.deadline` ends it sooner */
  constructor(total: number, options: Pick<CallOptions, 'signal' | 'deadline'> = {}) {
    const now = (this.startedAt = Date.now());
    const { deadline = Infinity, signal } = options;
    this.#limit = now + total;
    this.#deadline = deadline;
    this.#callerSignal = signal;
    const end = this.#currentEnd();
    if (signal?.aborted) this.#ended = new CallEnded('cancelled');
    else if (end <= now) this.#ended = new CallEnded('timeout');
    else {
      this.#expireAt(end, now);
      signal?.addEventListener('abort', this);
    }
  }

  /** Why the scope has ended; null while it has not. */
  get ended(): CallEnded | null {
    return this.#ended;
  }

  /** Whether the caller left the call less time than every call has. */
  get cutShort(): boolean {
    return this.#currentEnd() < this.#limit;
  }

  /** Milliseconds left. */
  remaining(): number {
    return this.#ended ? 0 : Math.max(0, this.#currentEnd() - Date.now());
  }

  /** Throws `CallEnded` if the scope has ended. */
  check(): void {
    if (this.#ended) throw this.#ended;
  }

  /** Tells `waiting` when the scope ends; at once if it has. A call waits for one thing at a time. */
  watch(waiting: Waiting): void {
    if (this.#ended) waiting.endWith(this.#ended);
    else this.#waiting = waiting;
  }

  /** The wait is over. */
  unwatch(waiting: Waiting): void {
    if (this.#waiting === waiting) this.#waiting = null;
  }

  /** The promise's outcome, or a rejection with `CallEnded` if the scope ends first; the promise itself goes on. */
  race<T>(promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiting = { endWith: reject };
      const settle = () => this.unwatch(waiting);
      promise.finally(settle).then(resolve, reject);
      this.watch(waiting);
    });
  }

  /** Waits for so many milliseconds. */
  async sleep(milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    try {
      await this.race(new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds))));
    } finally {
      clearTimeout(timer);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#callerSignal?.removeEventListener('abort', this);
  }

  /** The caller goes away; for its signal. */
  handleEvent(): void {
    this.#end('cancelled');
  }

  /** Unix milliseconds. */
  #currentEnd(): number {
    const deadline = typeof this.#deadline === 'number' ? this.#deadline : this.#deadline();
    return Math.min(this.#limit, deadline);
  }

  #expireAt(end: number, now: number): void {
    this.#timedFor = end;
    this.#timer = setTimeout(() => this.#expire(), Math.max(1, end - now));
  }

  /** The time is over, unless the deadline has moved meanwhile. */
  #expire(): void {
    const end = this.#currentEnd();
    if (end > this.#timedFor) this.#expireAt(end, Date.now());
    else this.#end('timeout');
  }

  #end(end: CallEnd): void {
    if (this.#ended) return;
    this.#ended = new CallEnded(end);
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.endWith(this.#ended);
  }
}
