/**
 * How many repetitions a service may get: a share of the calls made to it. Without it, a service that fails under load
 * would get its load again, times the repetitions, at the worst moment.
 */

/** Repetitions that may be saved up; also what there is at the start, so that a service with few calls gets some. */
const SAVED = 10;

/** A bucket that every call fills by a share and every repetition empties by one. */
export class RetryBudget {
  #tokens: number;
  readonly #share: number;

  /** @param percent repetitions per hundred calls; 0 forbids them */
  constructor(percent: number) {
    this.#share = percent / 100;
    this.#tokens = percent > 0 ? SAVED : 0;
  }

  /** A call was made that is no repetition. */
  earn(): void {
    this.#tokens = Math.min(SAVED, this.#tokens + this.#share);
  }

  /** Takes one repetition; false if there is none left. */
  spend(): boolean {
    if (this.left < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Repetitions that may be made now, a fraction included. */
  get left(): number {
    // Tenths add up to a little less than the whole.
    return Math.round(this.#tokens * 1e6) / 1e6;
  }
}
