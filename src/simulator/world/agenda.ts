/** What is to happen in a world as time passes: commands that are answered, jobs that go on. */

interface Entry {
  /** Unix milliseconds. */
  at: number;
  run: () => void;
}

/** Things to come, in the order of their times. They happen when the clock is seen to have passed them. */
export class Agenda {
  private entries: Entry[] = [];

  /** Lets something happen at a time; of two at one time the first that was told comes first. */
  schedule(at: number, run: () => void): void {
    const later = this.entries.findIndex((entry) => entry.at > at);
    this.entries.splice(later < 0 ? this.entries.length : later, 0, { at, run });
  }

  /** Takes the first entry that is due. */
  takeDue(now: number): Entry | null {
    const [first] = this.entries;
    if (first === undefined || first.at > now) return null;
    this.entries.shift();
    return first;
  }

  /** What undoes everything that is told from here on. */
  mark(): () => void {
    const entries = [...this.entries];
    return () => void (this.entries = entries);
  }

  clear(): void {
    this.entries = [];
  }
}
