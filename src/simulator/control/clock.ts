/**
 * The simulator's clock: the machine's own, shifted, or standing still until it is moved. Everything that asks what time
 * it is asks here: latest values, series, windows of alerts, tokens, the date in replies.
 */

/** How the clock goes: with the machine, with the machine at a distance, or not at all. */
export type ClockMode = 'system' | 'shifted' | 'fixed';

/** A clock that can be set. All times are Unix milliseconds. */
export class SimulatorClock {
  private fixedAt: number | null = null;
  private shift = 0;

  /** @param system the machine's time */
  constructor(private readonly system: () => number = Date.now) {}

  /** Bound, so that it can be handed out. */
  readonly now = (): number => this.fixedAt ?? this.system() + this.shift;

  get mode(): ClockMode {
    if (this.fixedAt !== null) return 'fixed';
    return this.shift === 0 ? 'system' : 'shifted';
  }

  /** Stands still at a time. */
  fix(time: number): void {
    this.fixedAt = time;
  }

  /** Goes on from a time. */
  set(time: number): void {
    this.fixedAt = null;
    this.shift = time - this.system();
  }

  /** Moves by so many milliseconds, back if negative; a clock that stands still goes on standing. */
  advance(milliseconds: number): void {
    if (this.fixedAt === null) this.shift += milliseconds;
    else this.fixedAt += milliseconds;
  }

  /** Goes with the machine again. */
  follow(): void {
    this.fixedAt = null;
    this.shift = 0;
  }
}
