/** The JSON of an answer in which parts stand as text already. */
import type { Frame } from './frame.js';
import { KeptPart } from './kept-parts.js';

/** Objects and lists of an answer that hold a part, here or further down. All others JSON.stringify can write. */
export class PartHolders {
  private readonly holders = new Set<unknown>();

  /** Whether there is any part in the answer. */
  get hasAny(): boolean {
    return this.holders.size > 0;
  }

  /** A part was put into the frame. */
  note(frame: Frame): void {
    let holder: Frame | null = frame;
    while (holder && !this.holders.has(holder.target)) {
      this.holders.add(holder.target);
      holder = holder.parent;
    }
  }

  /** The JSON of a value, as JSON.stringify would write it. */
  write(value: unknown): string {
    if (value instanceof KeptPart) return value.text;
    if (!this.holders.has(value)) return JSON.stringify(value);
    if (Array.isArray(value)) {
      let text = '';
      for (const item of value) text += text === '' ? this.write(item) : `,${this.write(item)}`;
      return `[${text}]`;
    }
    let text = '';
    for (const [key, held] of Object.entries(value as object)) {
      const written = `${JSON.stringify(key)}:${this.write(held)}`;
      text += text === '' ? written : `,${written}`;
    }
    return `{${text}}`;
  }
}
