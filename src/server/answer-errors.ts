/** Errors of executed operations: into the log what callers must not see, into the answer what they may. */
import type { HTTPGraphQLHead } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import type { ErrorMask } from './error-masking.js';
import type { ServerOptions } from './options.js';

/** What becomes of the errors of an answer. */
export interface AnswerErrors {
  /** Logs those that are masked, whole. */
  log(errors: readonly GraphQLError[], requestId: string | undefined): void;
  /** As the caller sees them. What an error says of the HTTP answer (`extensions.http`) goes into `head`. */
  show(errors: readonly GraphQLError[], head: HTTPGraphQLHead): GraphQLFormattedError[];
}

/** Makes it from the mask of the server. */
export function answerErrors({ logger }: Pick<ServerOptions, 'logger'>, mask: ErrorMask): AnswerErrors {
  return {
    log: (errors, requestId) => {
      for (const error of errors.filter((candidate) => !mask.isIntended(candidate))) {
        const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
        const { name, message, stack } = cause;
        logger.error(
          { requestId, path: error.path?.join('.'), error: { name, message, stack } },
          'internal error, masked',
        );
      }
    },
    show: (errors, head) =>
      errors.map((error) => {
        mergeHead(error.extensions['http'], head);
        return mask.format(error.toJSON(), error);
      }),
  };
}

function mergeHead(http: unknown, head: HTTPGraphQLHead): void {
  if (typeof http !== 'object' || http === null) return;
  const { status, headers } = http as { status?: unknown; headers?: unknown };
  if (typeof status === 'number') head.status = status;
  if (headers instanceof Map)
    for (const [name, value] of headers) head.headers.set(String(name), String(value));
}
