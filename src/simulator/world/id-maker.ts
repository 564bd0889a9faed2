/** Ids of what writes create, as EnOS makes them. */
import type { Seed } from '../control/seed.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Tells which ids are taken: the map that is to hold the new thing, as it is. */
interface Taken {
  has(id: string): boolean;
}

/** Makes ids that follow from the simulator's seed. None is one that is taken. */
export class IdMaker {
  private lastNumber = 0n;

  constructor(
    private readonly seed: Seed,
    private readonly now: () => number,
  ) {}

  /** Letters and digits: 8 for assets, trees, products. */
  short(taken: Taken, length = 8): string {
    return this.free(taken, () =>
      Array.from({ length }, (_, i) => ALPHABET.charAt((this.bytes()[i] ?? 0) % ALPHABET.length)).join(''),
    );
  }

  /** Lower-case hex digits: 24 for firmware, jobs and tasks. */
  hex(taken: Taken, digits: number): string {
    return this.free(taken, () => this.bytes().toString('hex').slice(0, digits));
  }

  /** UTC date and 32 hex digits: 40 characters for alerts and events. */
  dated(taken: Taken, time: number): string {
    const day = new Date(time).toISOString().slice(0, 10).replaceAll('-', '');
    return this.free(taken, () => day + this.bytes().toString('hex').slice(0, 32));
  }

  /** 19 decimal digits, ascending with time: commands. */
  number(taken: Taken): string {
    return this.free(taken, () => {
      const byTime = BigInt(Math.floor(this.now())) << 21n;
      this.lastNumber = byTime > this.lastNumber ? byTime : this.lastNumber + 1n;
      return String(this.lastNumber).padStart(19, '1');
    });
  }

  /** UUID: storage policies, deletion jobs. */
  uuid(): string {
    return this.seed.uuid('id');
  }

  private bytes(): Buffer {
    return this.seed.bytes('id');
  }

  private free(taken: Taken, make: () => string): string {
    let id = make();
    while (taken.has(id)) id = make();
    return id;
  }
}
