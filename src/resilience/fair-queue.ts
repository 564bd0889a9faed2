/**
 * The fair queue: a process runs so many operations at once, and so many of one caller; further ones wait. When one ends, the
 * next is of the caller who has fewest under way, so that one who floods the server delays only itself.
 */
/** Bounds, Infinity where there is none. */
export interface FairQueueLimits {
  /** Operations at once in this process. */
  total: number;
  /** Operations at once of one caller. */
  perCaller: number;
  /** Operations that wait, of all callers. */
  waiting: number;
}

/** Why an operation may not run. */
export type RejectionReason = 'caller' | 'total' | 'gave up';

/** Rejection of who asked. */
export class QueueRejected extends Error {
  constructor(readonly reason: RejectionReason) {
    super('the queue is full, or the wait was given up');
    this.name = 'QueueRejected';
  }
}

/** Ends the operation that was let in. Must be called exactly once. */
export type Release = () => void;

/** Who asks, as far as they may leave. */
export interface Entrant {
  /** Whether they have left already. */
  hasEnded: boolean;
  /** Tells when they leave; read only where they have to wait. */
  signal?: AbortSignal | undefined;
}

interface Waiter {
  start: (end: Release) => void;
}

interface CallerQueue {
  running: number;
  waiting: Waiter[];
  perCaller: number;
  /** When the last one was let in, counted in those let in; 0 before the first. */
  servedAt: number;
}

/** Of all that may wait, what one caller may take up. */
const SHARE_OF_ONE = 4;

/**
 * Queues of callers with nothing under way that are kept all the same: were they forgotten with each request, each time the map would
 * leave a table behind that outlives it (docs/decisions/0051-pretenuring.md).
 */
const IDLE_QUEUES = 64;

/** The queue of a process. */
export class FairQueue {
  private running = 0;
  private waiting = 0;
  private served = 0;
  /** Callers with something under way or waiting, and a few others. */
  private readonly callers = new Map<string, CallerQueue>();

  constructor(private readonly limits: FairQueueLimits) {}

  /**
   * Lets one operation in, at once where there is room. `isBounded`: whether the bounds per caller hold for them. Throws
   * or rejects with QueueRejected where too many wait already, or when the signal ends the wait.
   */
  enter(callerId: string, isBounded: boolean, entrant: Entrant): Release | Promise<Release> {
    // It would never be released.
    if (entrant.hasEnded) throw new QueueRejected('gave up');
    const perCaller = isBounded ? this.limits.perCaller : Number.POSITIVE_INFINITY;
    let queue = this.callers.get(callerId);
    if (!queue) this.callers.set(callerId, (queue = { running: 0, waiting: [], perCaller, servedAt: 0 }));
    queue.perCaller = perCaller;
    if (this.running < this.limits.total && queue.running < queue.perCaller)
      return this.start(callerId, queue);
    const mostOfOne = isBounded ? Math.ceil(this.limits.waiting / SHARE_OF_ONE) : this.limits.waiting;
    if (queue.waiting.length >= mostOfOne || this.waiting >= this.limits.waiting) {
      this.forget(callerId, queue);
      throw new QueueRejected(queue.running >= queue.perCaller ? 'caller' : 'total');
    }
    return this.wait(callerId, queue, entrant.signal);
  }

  private start(callerId: string, queue: CallerQueue): Release {
    this.running += 1;
    queue.running += 1;
    queue.servedAt = this.served += 1;
    return () => {
      this.running -= 1;
      queue.running -= 1;
      if (this.waiting > 0) this.serveNext();
      this.forget(callerId, queue);
    };
  }

  private forget(callerId: string, queue: CallerQueue): void {
    const isIdle = queue.running === 0 && queue.waiting.length === 0;
    if (isIdle && this.callers.size > IDLE_QUEUES) this.callers.delete(callerId);
  }

  private wait(callerId: string, queue: CallerQueue, signal: AbortSignal | undefined): Promise<Release> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        const at = queue.waiting.indexOf(waiter);
        if (at < 0) return;
        queue.waiting.splice(at, 1);
        this.waiting -= 1;
        this.forget(callerId, queue);
        reject(new QueueRejected('gave up'));
      };
      const waiter: Waiter = {
        start: (end) => {
          signal?.removeEventListener('abort', leave);
          resolve(end);
        },
      };
      queue.waiting.push(waiter);
      this.waiting += 1;
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  private serveNext(): void {
    let next: [string, CallerQueue] | undefined;
    for (const candidate of this.callers) {
      const queue = candidate[1];
      if (queue.waiting.length === 0 || queue.running >= queue.perCaller) continue;
      if (!next || isBefore(queue, next[1])) next = candidate;
    }
    if (!next) return;
    const [callerId, queue] = next;
    const waiter = queue.waiting.shift();
    if (!waiter) return;
    this.waiting -= 1;
    waiter.start(this.start(callerId, queue));
  }
}

/** Who has fewer under way; among equals, who was served longer ago. */
function isBefore(a: CallerQueue, b: CallerQueue): boolean {
  return a.running === b.running ? a.servedAt < b.servedAt : a.running < b.running;
}
