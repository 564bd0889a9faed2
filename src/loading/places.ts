/** A bound on what is under way at once. */

/**
 * So many places, given in the order in which they were asked for. Taken and left by whoever makes the call: a wrapper
 * around it would cost a dozen promises for each.
 */
export class Places {
  private taken = 0;
  private readonly queue: (() => void)[] = [];
  private first = 0;

  constructor(private readonly count: number) {}

  /** Places that are taken. */
  get activeCount(): number {
    return this.taken;
  }

  /** Those who wait for one. */
  get pendingCount(): number {
    return this.queue.length - this.first;
  }

  /** Takes a place: at once where nothing is returned, else when the promise resolves. It must be left once. */
  enter(): Promise<void> | undefined {
    if (this.taken < this.count) {
      this.taken += 1;
      return undefined;
    }
    return new Promise((resolve) => this.queue.push(resolve));
  }

  /** Leaves a place to whoever has waited longest. */
  leave(): void {
    const next = this.queue[this.first];
    if (next === undefined) {
      this.taken -= 1;
      return;
    }
    this.first += 1;
    if (this.first === this.queue.length) {
      this.queue.length = 0;
      this.first = 0;
    }
    next();
  }
}
