/**
 * graphql-js gives a document up when comparing its fields with one another would take too long, as where the same field
 * is selected a thousand times. That is a limit like ours, and is told like ours.
 */
import type { GraphQLFormattedError } from 'graphql';

/** graphql-js's words for it; the test of hostile documents notices when they change. */
const GIVEN_UP = 'Validation aborted.';

/** The refusal, if the validation error says that validation was given up. */
export function validationWorkRefusal(message: string): GraphQLFormattedError | undefined {
  if (message !== GIVEN_UP) return undefined;
  return {
    message:
      'The document selects the same fields so often that checking it would take too long (VALIDATION_WORK).',
    extensions: { code: 'BAD_USER_INPUT', limit: { name: 'VALIDATION_WORK', value: null, asked: null } },
  };
}
