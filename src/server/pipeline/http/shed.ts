/** Refuses requests while the server is too busy: 503, when to come back, and nothing that costs time to make. */
import type { GraphQLFormattedError } from 'graphql';
import { errorAnswer } from '../../answer.js';
import type { Step, StepParts } from '../request.js';

const LIMIT = { name: 'MAX_EVENT_LOOP_DELAY', value: null, asked: null };

/** The step; the hook says whether the server is too busy. */
export function shed({ shed: ask }: Pick<StepParts, 'shed'>): Step {
  return ({ state }) => {
    const wait = ask?.();
    if (wait === undefined) return undefined;
    const answer = errorAnswer(state, 503, tooBusy(wait));
    return { ...answer, headers: [...answer.headers, 'Retry-After', String(Math.ceil(wait))] };
  };
}

/** The error, RATE_LIMITED with `retryAfter` in seconds: a client that minds quotas does the right thing. */
function tooBusy(retryAfter: number): GraphQLFormattedError {
  const message = `The server is too busy to take the request now. Try again in ${retryAfter} s.`;
  return { message, extensions: { code: 'RATE_LIMITED', retryAfter, limit: LIMIT } };
}
