/** The end of a request, for everything that waits on its behalf: the caller has gone, or the deadline has passed. */
import type { EnosError } from '../../enos/errors.js';
import type { OperationId } from '../../enos/operation.js';
import { localError } from '../enos-call.js';
import type { EndOfWaits, Ending, LoadContext } from '../load-context.js';
import type { Until } from '../read/single-flight.js';

const END_MESSAGES = {
  cancelled: 'The request was cancelled',
  timeout: 'The request ran out of time',
} as const;

/** The error (cancelled, timeout) of what is asked for where the request has ended; else undefined. */
export function errorOfEnd(context: LoadContext, operation: OperationId): EnosError | undefined {
  const ending = endOf(context);
  return ending === null ? undefined : localError(operation, ending, END_MESSAGES[ending]);
}

/** Time kept from calls for making the answer of what they brought, and the most that it may take of what is left. */
const RESERVE_MS = 100;
const RESERVED_SHARE = 0.1;

/**
 * Until when calls for this request are of use: until its deadline, but for the time in which the answer is made. Whatever
 * a call waits for, it is over by then, so that its failure is told with its own code instead of with the end of the request.
 */
export function callsUntil(context: LoadContext): Until {
  const { deadline } = context;
  if (deadline === undefined) return context.callsUntil ?? Infinity;
  return deadline - Math.min(RESERVE_MS, (deadline - context.now()) * RESERVED_SHARE);
}

/** The result, unless the request ends before: then rejects at once, whatever becomes of the read. */
export function untilEnd(result: Promise<void>, context: LoadContext, operation: OperationId): Promise<void> {
  if (context.signal === undefined && context.deadline === undefined) return result;
  return (context.end ??= new RequestEnd(context)).race(result, operation);
}

/** Whether the request has ended, and how. */
export function endOf(context: LoadContext): Ending | null {
  if (context.deadline !== undefined && context.deadline <= context.now()) return 'timeout';
  return context.signal?.aborted === true ? 'cancelled' : null;
}

/** One listener for all reads of a request, and one timer while any of them waits. */
class RequestEnd implements EndOfWaits {
  private readonly waiting = new Set<(ending: Ending) => void>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly context: LoadContext) {
    context.signal?.addEventListener('abort', () => this.end(endOf(context) ?? 'cancelled'), { once: true });
  }

  race(result: Promise<void>, operation: OperationId): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (ending: Ending): void => reject(localError(operation, ending, END_MESSAGES[ending]));
      const settle = (): void => {
        this.waiting.delete(stop);
        if (this.waiting.size === 0) this.stopTimer();
      };
      this.waiting.add(stop);
      this.startTimer();
      result.then(
        () => {
          settle();
          resolve();
        },
        (error: unknown) => {
          settle();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  private end(ending: Ending): void {
    this.stopTimer();
    for (const stop of this.waiting) stop(ending);
    this.waiting.clear();
  }

  private startTimer(): void {
    const { deadline } = this.context;
    if (deadline === undefined || this.timer !== undefined) return;
    this.timer = setTimeout(() => this.end('timeout'), Math.max(0, deadline - this.context.now()));
  }

  private stopTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
