/**
 * Bounds what is said of a request that is refused: so many errors, each of a length that people read, without the long names
 * and values that it was refused for.
 */
import type { GraphQLFormattedError } from 'graphql';

/** Errors of one answer to a request that is not run. */
export const MAX_ERRORS = 10;
/** Characters of a word: names longer than that are not echoed. */
const MAX_WORD = 100;
/** Characters of a message. */
const MAX_MESSAGE = 1_000;
/** Places that one error points to: of two, or of those of a circle of fragments. */
const MAX_LOCATIONS = 10;
const CUT = '...';

/** Codes of errors that graphql-js words, or that repeat what a caller sent. */
const ECHOING = new Set([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
]);

/** Those of a request that is not run: so many, or the one limit that was passed. */
export function boundedErrors(errors: readonly GraphQLFormattedError[]): readonly GraphQLFormattedError[] {
  const limited = errors.find(({ extensions }) => extensions?.['limit'] !== undefined);
  return limited ? [limited] : errors.slice(0, MAX_ERRORS);
}

/** The error, shortened where it repeats what a caller sent. */
export function boundedError(error: GraphQLFormattedError): GraphQLFormattedError {
  if (!ECHOING.has(String(error.extensions?.['code']))) return error;
  const message = boundedMessage(error.message);
  const locations = error.locations?.slice(0, MAX_LOCATIONS);
  return { ...error, message, ...(locations ? { locations } : {}) };
}

/** The text with long words cut, and cut itself. Takes time for what it keeps only. */
export function boundedMessage(message: string): string {
  if (message.length <= MAX_WORD) return message;
  let text = '';
  let from = 0;
  while (from < message.length && text.length <= MAX_MESSAGE) {
    const space = message.indexOf(' ', from);
    const end = space < 0 ? message.length : space;
    text +=
      end - from > MAX_WORD
        ? message.slice(from, from + MAX_WORD - CUT.length) + CUT
        : message.slice(from, end);
    if (space >= 0) text += ' ';
    from = end + 1;
  }
  return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE - CUT.length)}${CUT}` : text;
}
