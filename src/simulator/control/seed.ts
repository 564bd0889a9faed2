/**
 * Where everything random in the simulator comes from: streams of values that follow from one seed. Each purpose draws
 * from a stream of its own, so that what one draws does not move what another gets.
 */
import { createHash, randomInt } from 'node:crypto';

/** Largest seed that a simulator without one chooses for itself. */
const LARGEST_CHOICE = 2 ** 32;

/** A seed for a simulator that was given none. */
export function chooseSeed(): number {
  return randomInt(LARGEST_CHOICE);
}

/** Seeded streams. The n-th value of a stream follows from seed, name of the stream and n. */
export class Seed {
  private readonly drawn = new Map<string, number>();

  constructor(private seed: number) {}

  get value(): number {
    return this.seed;
  }

  /** Begins every stream again, with another seed or the same. */
  restart(seed: number = this.seed): void {
    this.seed = seed;
    this.drawn.clear();
  }

  /** Begins one stream again. */
  forget(stream: string): void {
    this.drawn.delete(stream);
  }

  /** The next 32 bytes of a stream. */
  bytes(stream: string): Buffer {
    const index = this.drawn.get(stream) ?? 0;
    this.drawn.set(stream, index + 1);
    return createHash('sha256')
      .update(JSON.stringify([this.seed, stream, index]))
      .digest();
  }

  /** The next number of a stream, in [0, 1). */
  number(stream: string): number {
    return this.bytes(stream).readUIntBE(0, 6) / 2 ** 48;
  }

  /** The next UUID (version 4) of a stream. */
  uuid(stream: string): string {
    const bytes = this.bytes(stream).subarray(0, 16);
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }
}
