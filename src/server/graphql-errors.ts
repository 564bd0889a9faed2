/** Answers that are refused before or beside Apollo, in the same form as its own. */
import type { Request, Response } from 'express';
import type { GraphQLFormattedError } from 'graphql';
import { requestState } from './request-state.js';

const GRAPHQL_JSON = 'application/graphql-response+json';

/** Whether the client takes answers in GraphQL's own media type, by which the status says whether there is data. */
export function acceptsGraphqlJson(accept: string | undefined): boolean {
  return accept === undefined || /application\/graphql-response\+json|application\/\*|\*\/\*/i.test(accept);
}

/** Sends one error without data. */
export function sendGraphqlError(
  req: Request,
  res: Response,
  status: number,
  error: GraphQLFormattedError,
): void {
  if (res.headersSent) return;
  const code = error.extensions?.code;
  if (typeof code === 'string') requestState(req).errorCodes.add(code);
  const named = req.get('accept')?.toLowerCase().includes(GRAPHQL_JSON) ?? false;
  res.status(status);
  res.setHeader('Content-Type', `${named ? GRAPHQL_JSON : 'application/json'}; charset=utf-8`);
  res.send(JSON.stringify({ errors: [error] }));
}
