/** An operation while it is executed for one request and waited for by others that asked the same. */
import type { RequestState } from '../request-state.js';
import type { AnsweredOperation, RenderedAnswer } from './rendered.js';

/** One execution and all who wait for it. */
export class Flight {
  /** The answer; undefined where it cannot serve the others, who then ask for themselves. Never rejects. */
  readonly outcome: Promise<RenderedAnswer | undefined>;
  /** Known once it has started. */
  about!: AnsweredOperation;
  private land: (answer: RenderedAnswer | undefined) => void = () => undefined;
  private waiting = 0;
  private readonly controller = new AbortController();

  constructor() {
    this.outcome = new Promise((resolve) => (this.land = resolve));
  }

  /** Ends the execution when nobody waits for it any more, or the time of the first one is over. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The request for which it is executed. When its time is over, so is the execution's: its loaders have that deadline. */
  lead(state: RequestState): void {
    this.waiting += 1;
    state.whenAborted((reason) => this.leave(reason, isTimeout(reason)));
  }

  /** A request that waits with it, for as long as its own time lasts. */
  join(state: RequestState): void {
    this.waiting += 1;
    state.whenAborted((reason) => this.leave(reason, false));
  }

  /** Tells all who wait. */
  end(answer: RenderedAnswer | undefined): void {
    this.land(answer);
  }

  private leave(reason: unknown, ends: boolean): void {
    this.waiting -= 1;
    if (ends || this.waiting === 0) this.controller.abort(reason);
  }
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError';
}
