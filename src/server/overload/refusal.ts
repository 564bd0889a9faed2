/** What a client hears while the server is too busy: 503, when to come back, and nothing that costs time to make. */
import type { GraphQLFormattedError } from 'graphql';

/** The error, RATE_LIMITED with `retryAfter` in seconds: a client that minds quotas does the right thing. */
export function overloadRefusal(retryAfter: number): GraphQLFormattedError {
  const message = `The server is too busy to take the request now. Try again in ${retryAfter} s.`;
  return { message, extensions: { code: 'RATE_LIMITED', retryAfter, limit: LIMIT } };
}

const LIMIT = { name: 'MAX_EVENT_LOOP_DELAY', value: null, asked: null };
