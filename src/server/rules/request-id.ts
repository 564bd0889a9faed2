/**
 * Every request has an id, in its log lines and in the answer's X-Request-Id. A caller's own id is taken where it is sane,
 * so that a trace can be followed through several servers; anything else is replaced, never echoed.
 */
import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { setRequestState } from '../request-state.js';

const SANE = /^[A-Za-z0-9._:/+=-]{1,128}$/;

/** Gives each request its id and its state. Must come first. */
export function requestId(): RequestHandler {
  return (req, res, next) => {
    const given = req.get('x-request-id');
    const id = given !== undefined && SANE.test(given) ? given : randomUUID();
    setRequestState(req, { requestId: id, startedAt: performance.now(), errorCodes: new Set() });
    res.setHeader('X-Request-Id', id);
    next();
  };
}
