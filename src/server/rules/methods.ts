/** GraphQL is served over GET and POST. Every other method is refused, and told which there are. */
import { errorAnswer } from '../answer.js';
import type { Answer } from '../answer.js';
import type { RequestState } from '../request-state.js';

/** The refusal of a method that is not served, or undefined. */
export function refuseMethod(state: RequestState): Answer | undefined {
  const { method } = state.req;
  if (method === 'GET' || method === 'POST') return undefined;
  // What it sends is of no interest, but the connection is.
  state.req.resume();
  const message = 'GraphQL is asked by GET or POST.';
  const answer = errorAnswer(state, 405, { message, extensions: { code: 'BAD_REQUEST' } });
  return { ...answer, headers: [...answer.headers, 'Allow', 'GET, POST'] };
}
