/**
 * Who may run next. A process runs so many operations at once, and so many of one caller; further ones wait. When one ends,
 * the turn goes to the caller who has fewest under way, so that one who floods the server delays himself and nobody else.
 */
import type { AdmissionRequest, MaybePromise } from '../hooks.js';

/** Bounds, Infinity where there is none. */
export interface TurnLimits {
  /** Operations at once in this process. */
  total: number;
  /** Operations at once of one caller. */
  perCaller: number;
  /** Operations that wait, of all callers. */
  waiting: number;
}

/** Why there is no turn. */
export type TurnRefusal = 'caller' | 'total' | 'gave up';

/** Rejection of a turn. */
export class NoTurn extends Error {
  constructor(readonly reason: TurnRefusal) {
    super('no turn');
    this.name = 'NoTurn';
  }
}

/** Ends a turn. Must be called exactly once. */
export type EndTurn = () => void;

/** Who asks, as far as he may leave: the signal is read only where he has to wait. */
export type Asking = Pick<AdmissionRequest, 'signal' | 'hasEnded'>;

interface Waiter {
  start: (end: EndTurn) => void;
}

interface Line {
  running: number;
  waiting: Waiter[];
  perCaller: number;
  /** When the last turn was given, counted in turns; 0 before the first. */
  servedAt: number;
}

/** Of all that may wait, what one caller may take up. */
const SHARE_OF_ONE = 4;

/**
 * Lines of callers with nothing under way that are kept all the same: were they forgotten with each request, each time the map would
 * leave a table behind that outlives it (docs/decisions/0051-pretenuring.md).
 */
const IDLE_LINES = 64;

/** The turns of a process. */
export class Turns {
  private running = 0;
  private waiting = 0;
  private turn = 0;
  /** Callers with something under way or waiting, and a few others. */
  private readonly lines = new Map<string, Line>();

  constructor(private readonly limits: TurnLimits) {}

  /**
   * A turn for one operation, at once where there is room. `isBounded`: whether the bounds per caller hold for him. Throws
   * or rejects with NoTurn where too many wait already, or when the signal ends the wait.
   */
  take(callerId: string, isBounded: boolean, asking: Asking): MaybePromise<EndTurn> {
    // Nobody would give the turn back.
    if (asking.hasEnded) throw new NoTurn('gave up');
    const perCaller = isBounded ? this.limits.perCaller : Number.POSITIVE_INFINITY;
    let line = this.lines.get(callerId);
    if (!line) this.lines.set(callerId, (line = { running: 0, waiting: [], perCaller, servedAt: 0 }));
    line.perCaller = perCaller;
    if (this.running < this.limits.total && line.running < line.perCaller) return this.start(callerId, line);
    const mostOfOne = isBounded ? Math.ceil(this.limits.waiting / SHARE_OF_ONE) : this.limits.waiting;
    if (line.waiting.length >= mostOfOne || this.waiting >= this.limits.waiting) {
      this.forget(callerId, line);
      throw new NoTurn(line.running >= line.perCaller ? 'caller' : 'total');
    }
    return this.wait(callerId, line, asking.signal);
  }

  private start(callerId: string, line: Line): EndTurn {
    this.running += 1;
    line.running += 1;
    line.servedAt = this.turn += 1;
    return () => {
      this.running -= 1;
      line.running -= 1;
      if (this.waiting > 0) this.serveNext();
      this.forget(callerId, line);
    };
  }

  private forget(callerId: string, line: Line): void {
    const isIdle = line.running === 0 && line.waiting.length === 0;
    if (isIdle && this.lines.size > IDLE_LINES) this.lines.delete(callerId);
  }

  private wait(callerId: string, line: Line, signal: AbortSignal | undefined): Promise<EndTurn> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        const at = line.waiting.indexOf(waiter);
        if (at < 0) return;
        line.waiting.splice(at, 1);
        this.waiting -= 1;
        this.forget(callerId, line);
        reject(new NoTurn('gave up'));
      };
      const waiter: Waiter = {
        start: (end) => {
          signal?.removeEventListener('abort', leave);
          resolve(end);
        },
      };
      line.waiting.push(waiter);
      this.waiting += 1;
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  private serveNext(): void {
    let next: [string, Line] | undefined;
    for (const candidate of this.lines) {
      const line = candidate[1];
      if (line.waiting.length === 0 || line.running >= line.perCaller) continue;
      if (!next || isBefore(line, next[1])) next = candidate;
    }
    if (!next) return;
    const [callerId, line] = next;
    const waiter = line.waiting.shift();
    if (!waiter) return;
    this.waiting -= 1;
    waiter.start(this.start(callerId, line));
  }
}

/** Who has fewer under way; among equals, who was served longer ago. */
function isBefore(a: Line, b: Line): boolean {
  return a.running === b.running ? a.servedAt < b.servedAt : a.running < b.running;
}
