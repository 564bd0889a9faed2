/** Answers to requests of /graphql, and how they are sent. */
import type { GraphQLFormattedError } from 'graphql';
import type { RequestState } from './request-state.js';

/** The media types of GraphQL over HTTP. */
export const JSON_TYPE = 'application/json; charset=utf-8';
export const GRAPHQL_JSON_TYPE = 'application/graphql-response+json; charset=utf-8';

/** One answer, complete. */
export interface Answer {
  status: number;
  /** Besides those of the request's state: name, value, name, value ... */
  headers: readonly string[];
  body: string | Buffer;
  /** Whether the body is compressed already. */
  isEncoded?: boolean;
}

/** Sends the answer, unless the request has been answered meanwhile, as by the deadline. */
export function sendAnswer(state: RequestState, { status, headers, body }: Answer): void {
  const { res } = state;
  if (res.headersSent || res.destroyed) return;
  const all = [...state.headers, ...headers];
  if (state.vary.length > 0) all.push('Vary', state.vary.join(', '));
  // Of 304 it would be that of the answer that is not sent.
  if (status !== 204 && status !== 304)
    all.push('Content-Length', String(typeof body === 'string' ? Buffer.byteLength(body) : body.length));
  res.writeHead(status, all);
  res.end(body);
}

/** An answer of one error without data, in the form of Apollo's own. */
export function errorAnswer(state: RequestState, status: number, error: GraphQLFormattedError): Answer {
  const code = error.extensions?.code;
  if (typeof code === 'string') state.errorCodes.add(code);
  const named =
    state.req.headers.accept?.toLowerCase().includes('application/graphql-response+json') ?? false;
  return {
    status,
    headers: ['Content-Type', named ? GRAPHQL_JSON_TYPE : JSON_TYPE],
    body: JSON.stringify({ errors: [error] }),
  };
}
