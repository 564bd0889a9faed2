/**
 * Deadlines of many calls by few timers: calls that end within the same few milliseconds share one. A call's own timer,
 * set and cleared for every exchange, would cost more than the check it makes.
 */

/** What ends at its time. */
export interface Expiring {
  expire(): void;
}

/** Deadlines are met no earlier than they are set, and late by at most so many milliseconds. */
const GRAIN = 20;

/** The deadlines that end with one timer. */
export class DeadlineSlot {
  readonly #members = new Set<Expiring>();
  readonly #timer: NodeJS.Timeout;

  constructor(
    readonly number: number,
    now: number,
  ) {
    this.#timer = setTimeout(() => this.#expire(), Math.max(1, number * GRAIN - now));
  }

  add(member: Expiring): void {
    this.#members.add(member);
  }

  /** The member has ended by itself. */
  remove(member: Expiring): void {
    if (!this.#members.delete(member) || this.#members.size > 0) return;
    clearTimeout(this.#timer);
    slots.delete(this.number);
  }

  #expire(): void {
    slots.delete(this.number);
    const members = [...this.#members];
    this.#members.clear();
    for (const member of members) member.expire();
  }
}

const slots = new Map<number, DeadlineSlot>();

/**
 * Has `member.expire()` called at `at`; the slot that is returned takes it back.
 * @param at Unix milliseconds
 */
export function expireAt(at: number, now: number, member: Expiring): DeadlineSlot {
  const number = Math.ceil(at / GRAIN);
  let slot = slots.get(number);
  if (!slot) slots.set(number, (slot = new DeadlineSlot(number, now)));
  slot.add(member);
  return slot;
}
