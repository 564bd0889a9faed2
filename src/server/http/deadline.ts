/**
 * One deadline for each GraphQL request. Its signal ends everything that is done for the request, when the time is over or
 * the caller has gone. The graph then answers with what it has; should it not, the caller still gets an answer.
 */
import { TransientList } from '../../collections/transient-list.js';
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
  const running = new TransientList<RequestState>();
  const overdue = new TransientList<RequestState>();
  let timer: NodeJS.Timeout | undefined;

  const wake = (now: number): void => {
    const next = Math.min(
      (running.first?.startedAt ?? Infinity) + timeout,
      (overdue.first?.startedAt ?? Infinity) + timeout + GRACE_MS,
    );
    // Requests keep the process running by their sockets; this timer need not.
    timer = next === Infinity ? undefined : setTimeout(check, Math.max(1, Math.ceil(next - now))).unref();
  };
  const check = (): void => {
    const now = performance.now();
    for (let state = running.first; state && state.startedAt + timeout <= now; state = running.first) {
      state.deadlinePlace?.leave();
      state.deadlinePlace = overdue.add(state);
      state.abort(new DOMException('The deadline has passed', 'TimeoutError'));
    }
    const late = timeout + GRACE_MS;
    for (let state = overdue.first; state && state.startedAt + late <= now; state = overdue.first) {
      state.deadlinePlace?.leave();
      const message = `The operation was not answered within ${timeout} ms.`;
      sendAnswer(state, errorAnswer(state, 504, { message, extensions: { code: 'UPSTREAM_TIMEOUT' } }));
    }
    wake(now);
  };

  return {
    begin: (state) => {
      state.deadline = Date.now() + timeout;
      state.deadlinePlace = running.add(state);
      if (!timer) wake(performance.now());
    },
    end: (state) => state.deadlinePlace?.leave(),
  };
}
