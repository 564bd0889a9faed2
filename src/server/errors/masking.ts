/**
 * Errors are masked unless they were thrown on purpose: an error keeps its message if the graph's hook knows it or if it
 * carries a code of our table. Everything else is "Internal server error" to the caller and a log line to the operator.
 */
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError } from 'graphql';
import type { GraphQLErrorExtensions, GraphQLFormattedError } from 'graphql';
import { INTERNAL_CODE, isIntendedCode } from './codes.js';
import { boundedError } from './bounds.js';
import type { FormatError } from '../options.js';

/** What the caller sees instead of an error that was not meant for them. */
const MASKED_MESSAGE = 'Internal server error';

/** Decides what the caller sees of errors. */
export interface ErrorMask {
  /** The error as it may be shown, place and path kept. */
  format(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError;
  /** Whether the caller sees what happened; if not, it belongs into the log. */
  isIntended(error: unknown): boolean;
}

/**
 * Makes the mask. The hook is asked first, with the error as it was thrown. Names of the schema are suggested only where
 * anyone may ask for the schema.
 */
export function createErrorMask(hook: FormatError | undefined, suggests = true): ErrorMask {
  const shown = (error: unknown): Pick<GraphQLFormattedError, 'message' | 'extensions'> | undefined => {
    const candidate =
      hook?.(unwrapResolverError(error)) ?? (error instanceof GraphQLError ? error : undefined);
    return isIntendedCode(candidate?.extensions?.code) ? candidate : undefined;
  };
  return {
    isIntended: (error) => shown(error) !== undefined,
    format: ({ locations, path }, error) => {
      const { message, extensions } = shown(error) ?? {
        message: MASKED_MESSAGE,
        extensions: { code: INTERNAL_CODE },
      };
      const told = suggests ? message : withoutSuggestion(message);
      return boundedError({ message: told, locations, path, extensions: publicExtensions(extensions) });
    },
  };
}

/** What belongs to the HTTP layer or to a debugger. */
const PRIVATE_EXTENSIONS = new Set(['http', 'stacktrace', 'exception']);

function publicExtensions(extensions: GraphQLErrorExtensions | undefined): GraphQLErrorExtensions {
  const entries = Object.entries(extensions ?? {}).filter(([name]) => !PRIVATE_EXTENSIONS.has(name));
  return { code: INTERNAL_CODE, ...Object.fromEntries(entries) };
}

/**
 * graphql-js helps with typing errors: "Did you mean ...?". Where the schema is not public, that tells it bit by bit,
 * so it is left away together with introspection.
 */
const SUGGESTION = ' Did you mean ';

/** The message without its suggestion, which stands at its end. */
function withoutSuggestion(message: string): string {
  const at = message.endsWith('?') ? message.lastIndexOf(SUGGESTION) : -1;
  return at < 0 ? message : message.slice(0, at);
}
