/**
 * What browsers are told: load nothing but our own files, run no script that stands in a page, be framed by no page. The
 * exceptions are what GraphiQL's editor needs: styles set by script, and images and fonts inside style sheets.
 * Transport security (HSTS) is left to what terminates TLS.
 */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';
import { randomUUID } from 'node:crypto';
import { RequestState, setRequestState } from '../request-state.js';

const addHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'", "'unsafe-inline'"],
      'img-src': ["'self'", 'data:'],
      'font-src': ["'self'", 'data:'],
      'connect-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    },
  },
  strictTransportSecurity: false,
});

/**
 * The security headers of every answer: name, value, name, value ... They are the same for all, so helmet is asked once,
 * with a request that was never sent.
 */
export function securityHeaders(): readonly string[] {
  const req = new IncomingMessage(new Socket());
  const res = new ServerResponse(req);
  addHeaders(req, res, (error) => {
    if (error instanceof Error) throw error;
  });
  return Object.entries(res.getHeaders()).flatMap(([name, value]) => [name, String(value)]);
}

/**
 * Every request has an id, in its log lines and in the answer's X-Request-Id. A caller's own id is taken where it is sane,
 * so that a trace can be followed through several servers; anything else is replaced, never echoed.
 */

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
