/** How long EnOS is left alone after it refused the same thing again and again. */

/** Milliseconds of the first pause; each further refusal doubles it, up to the second. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
const FORGOTTEN_AFTER = 4 * LONGEST_PAUSE;

/** Refusals in a row. */
export class Refusals {
  #count = 0;
  #latest = 0;

  get count(): number {
    return this.#count;
  }

  /** When the latest was; Unix milliseconds. */
  get latest(): number {
    return this.#latest;
  }

  /** @param now Unix milliseconds */
  add(now: number): void {
    this.#count += 1;
    this.#latest = now;
  }

  reset(): void {
    this.#count = 0;
  }

  /**
   * Milliseconds for which EnOS is not to be asked again. A single refusal may be a key that is being replaced, or a token
   * that another process has just renewed: only the second in a row is followed by a pause.
   */
  pauseLeft(now: number): number {
    if (this.#count < 2) return 0;
    const pause = Math.min(FIRST_PAUSE * 2 ** (this.#count - 2), LONGEST_PAUSE);
    const since = now - this.#latest;
    // A clock that was set back must not make the pause longer.
    return since < 0 ? 0 : Math.max(0, pause - since);
  }
}

/** Refusals of several things, each with pauses of its own. What was not refused for a while starts afresh. */
export class RefusalsByName {
  /** Bounded by what the names are: operations of the contract. */
  readonly #known = new Map<string, { refusals: Refusals; occasion: unknown }>();

  /**
   * Counts once for each occasion, however many calls meet it.
   * @param now Unix milliseconds
   */
  add(name: string, occasion: unknown, now: number): void {
    const known = this.#known.get(name);
    if (known?.occasion === occasion) return;
    const isOld = known === undefined || now - known.refusals.latest > FORGOTTEN_AFTER;
    const refusals = isOld ? new Refusals() : known.refusals;
    refusals.add(now);
    this.#known.set(name, { refusals, occasion });
  }

  /** Milliseconds for which EnOS is not to be asked again. */
  pauseLeft(name: string, now: number): number {
    return this.#known.get(name)?.refusals.pauseLeft(now) ?? 0;
  }

  reset(name: string): void {
    this.#known.delete(name);
  }
}
