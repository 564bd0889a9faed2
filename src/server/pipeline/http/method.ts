/** GraphQL is served over GET and POST. Every other method is refused, and told which there are. */
import { errorAnswer } from '../../answer.js';
import type { Step } from '../request.js';

/** The step. */
export const refuseMethod: Step = ({ state }) => {
  const { method } = state.req;
  if (method === 'GET' || method === 'POST') return undefined;
  // What it sends is of no interest, but the connection is.
  state.req.resume();
  const message = 'GraphQL is asked by GET or POST.';
  const answer = errorAnswer(state, 405, { message, extensions: { code: 'BAD_REQUEST' } });
  return { ...answer, headers: [...answer.headers, 'Allow', 'GET, POST'] };
};
