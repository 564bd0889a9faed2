/** Bounds the size of documents in tokens: graphql-js stops reading at the limit, before anything is built on it. */
import type { GraphQLFormattedError } from 'graphql';
import { limitRefusal } from './limit-error.js';

/** graphql-js says it only in the text of its syntax error; the test of this file notices when it changes. */
const TOO_MANY_TOKENS = /Document contains more that \d+ tokens/;

/** The refusal, if the syntax error is that of a document with too many tokens. */
export function tokenLimitRefusal(message: string, maxTokens: number): GraphQLFormattedError | undefined {
  if (!TOO_MANY_TOKENS.test(message)) return undefined;
  return limitRefusal({ name: 'MAX_TOKENS', value: maxTokens, asked: null, what: 'tokens' });
}
