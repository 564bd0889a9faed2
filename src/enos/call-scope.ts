/** The life of one call: it ends with its answer, with its time, or with its caller. Every wait of a call is bound to it. */
import type { CallOptions } from './client.js';

/** Why a call ended without an answer. */
export type CallEnd = 'timeout' | 'cancelled';

/** Rejection of everything that waits in a scope that has ended. */
export class CallEnded extends Error {
  constructor(readonly end: CallEnd) {
    super(end === 'timeout' ? 'The time of the call is over' : 'The caller went away');
    this.name = 'CallEnded';
  }
}

/** Time limit and caller's signal of one call, as one signal. Must be disposed. */
export class CallScope {
  readonly #controller = new AbortController();
  readonly #endsAt: number;
  readonly #timer: NodeJS.Timeout;
  readonly #callerSignal: AbortSignal | undefined;
  readonly #onCallerAbort = () => this.#controller.abort(new CallEnded('cancelled'));

  /** @param total milliseconds that the call may take; an earlier `options.deadline` ends it sooner */
  constructor(total: number, options: Pick<CallOptions, 'signal' | 'deadline'> = {}) {
    const now = Date.now();
    this.#endsAt = Math.min(now + total, options.deadline ?? Infinity);
    const end = () => this.#controller.abort(new CallEnded('timeout'));
    this.#timer = setTimeout(end, Math.max(0, this.#endsAt - now));
    this.#callerSignal = options.signal;
    if (this.#callerSignal?.aborted) this.#onCallerAbort();
    else if (this.#endsAt <= now) end();
    else this.#callerSignal?.addEventListener('abort', this.#onCallerAbort, { once: true });
  }

  /** Aborts when the scope ends, with a `CallEnded` as reason. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Milliseconds left. */
  remaining(): number {
    return this.signal.aborted ? 0 : this.#endsAt - Date.now();
  }

  /** The promise's outcome, or a rejection with `CallEnded` if the scope ends first; the promise itself goes on. */
  race<T>(promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const onAbort = () => reject(this.signal.reason as CallEnded);
      const settle = () => this.signal.removeEventListener('abort', onAbort);
      promise.finally(settle).then(resolve, reject);
      if (this.signal.aborted) onAbort();
      else this.signal.addEventListener('abort', onAbort, { once: true });
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
    this.#callerSignal?.removeEventListener('abort', this.#onCallerAbort);
  }
}
