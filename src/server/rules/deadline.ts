/**
 * One deadline for each GraphQL request. Its signal ends everything that is done for the request, when the time is over or
 * the caller has gone. The graph then answers with what it has; should it not, the caller still gets an answer.
 */
import { TransientMap } from '../../transient-map.js';
import { errorAnswer, sendAnswer } from '../answer.js';
import type { RequestState } from '../request-state.js';

/** Time after the deadline in which the graph may still say what it has. */
const GRACE_MS = 500;

/** The deadlines of the requests under way. */
export interface Deadlines {
  /** Starts the clock of a request. */
  begin(state: RequestState): void;
  /** Called once its answer is sent, or the caller has gone. */
  end(state: RequestState): void;
}

/**
 * Deadlines of `timeout` milliseconds. All requests have the same time, so that the oldest is always the next to end: one
 * timer serves them all.
 */
export function deadlines(timeout: number): Deadlines {
  const running = new TransientMap<RequestState, true>();
  const overdue = new TransientMap<RequestState, true>();
  let timer: NodeJS.Timeout | undefined;

  const wake = (now: number): void => {
    const next = Math.min(
      (first(running)?.startedAt ?? Infinity) + timeout,
      (first(overdue)?.startedAt ?? Infinity) + timeout + GRACE_MS,
    );
    // Requests keep the process running by their sockets; this timer need not.
    timer = next === Infinity ? undefined : setTimeout(check, Math.max(1, Math.ceil(next - now))).unref();
  };
  const check = (): void => {
    const now = performance.now();
    for (const state of running.keys()) {
      if (state.startedAt + timeout > now) break;
      running.delete(state);
      overdue.set(state, true);
      state.abort(new DOMException('The deadline has passed', 'TimeoutError'));
    }
    for (const state of overdue.keys()) {
      if (state.startedAt + timeout + GRACE_MS > now) break;
      overdue.delete(state);
      const message = `The operation was not answered within ${timeout} ms.`;
      sendAnswer(state, errorAnswer(state, 504, { message, extensions: { code: 'UPSTREAM_TIMEOUT' } }));
    }
    wake(now);
  };

  return {
    begin: (state) => {
      state.deadline = Date.now() + timeout;
      running.set(state, true);
      if (!timer) wake(performance.now());
    },
    end: (state) => {
      if (!running.delete(state)) overdue.delete(state);
    },
  };
}

function first<T>(all: TransientMap<T, true>): T | undefined {
  for (const item of all.keys()) return item;
  return undefined;
}
