/**
 * One deadline for each GraphQL request. Its signal ends everything that is done for the request, when the time is over or
 * the caller has gone. The graph then answers with what it has; should it not, the caller still gets an answer.
 */
import type { RequestHandler } from 'express';
import { sendGraphqlError } from '../graphql-errors.js';
import { requestState } from '../request-state.js';

/** Time after the deadline in which the graph may still say what it has. */
const GRACE_MS = 500;

/** Starts the clock; `timeout` is in milliseconds. */
export function deadline(timeout: number): RequestHandler {
  return (req, res, next) => {
    const controller = new AbortController();
    const end = setTimeout(
      () => controller.abort(new DOMException('The deadline has passed', 'TimeoutError')),
      timeout,
    );
    const lastWord = setTimeout(() => {
      const message = `The operation was not answered within ${timeout} ms.`;
      sendGraphqlError(req, res, 504, { message, extensions: { code: 'UPSTREAM_TIMEOUT' } });
    }, timeout + GRACE_MS);
    res.once('close', () => {
      clearTimeout(end);
      clearTimeout(lastWord);
      requestState(req).ticket?.release();
      if (!res.writableFinished) controller.abort(new DOMException('The caller has gone', 'AbortError'));
    });
    const state = requestState(req);
    state.signal = controller.signal;
    state.deadline = Date.now() + timeout;
    next();
  };
}
