/**
 * Every request has an id, in its log lines and in the answer's X-Request-Id. A caller's own id is taken where it is sane,
 * so that a trace can be followed through several servers; anything else is replaced, never echoed.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { RequestState, setRequestState } from '../request-state.js';

const SANE = /^[A-Za-z0-9._:/+=-]{1,128}$/;

/** Gives a request its id and its state. Must come first. */
export function beginRequest(req: IncomingMessage, res: ServerResponse): RequestState {
  const given = req.headers['x-request-id'];
  const id = typeof given === 'string' && SANE.test(given) ? given : randomUUID();
  const state = new RequestState(req, res, id);
  state.headers.push('X-Request-Id', id);
  setRequestState(req, state);
  return state;
}
