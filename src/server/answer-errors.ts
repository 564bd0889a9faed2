/**
 * What becomes of errors, the same on every road: into the log what callers must not see, into the answer what they may,
 * and counted by their codes.
 */
import { HeaderMap } from '@apollo/server';
import type { HTTPGraphQLHead } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import { JSON_TYPE } from './answer.js';
import type { Answer } from './answer.js';
import { isIntendedCode } from './error-codes.js';
import type { ErrorMask } from './error-masking.js';
import type { ServerMetrics } from './metrics.js';
import type { ServerOptions } from './options.js';
import type { RequestState } from './request-state.js';
import { isAnsweredWith200 } from './rules/json-status.js';

/** What becomes of the errors of an answer. */
export interface AnswerErrors {
  /** Logs those that are masked, whole. */
  log(errors: readonly GraphQLError[], requestId: string | undefined): void;
  /** As the caller sees them. What an error says of the HTTP answer (`extensions.http`) goes into `head`. */
  show(errors: readonly GraphQLError[], head: HTTPGraphQLHead): GraphQLFormattedError[];
  /** Counts the codes of errors that are shown, and notes them for the log line of the request. */
  count(state: RequestState | undefined, shown: readonly GraphQLFormattedError[]): void;
  /** Counts the failure of whatever comes before a context: a refused caller is told so, all else is a fault of ours. */
  noteContextFailure(error: unknown): void;
  /** The answer to a request that has no context for this reason. */
  contextFailure(error: unknown, mediaType: string | undefined): Answer;
  /** The answer to a request that was refused before it ran, with what `extensions` adds to it. */
  refusal(
    state: RequestState,
    error: unknown,
    mediaType: string,
    extensions?: Record<string, unknown>,
  ): Answer;
}

/** Makes it from the mask of the server. */
export function answerErrors(
  { logger }: Pick<ServerOptions, 'logger'>,
  mask: ErrorMask,
  metrics: ServerMetrics,
): AnswerErrors {
  const log: AnswerErrors['log'] = (errors, requestId) => {
    for (const error of errors.filter((candidate) => !mask.isIntended(candidate))) {
      const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
      const { name, message, stack } = cause;
      logger.error(
        { requestId, path: error.path?.join('.'), error: { name, message, stack } },
        'internal error, masked',
      );
    }
  };
  const show: AnswerErrors['show'] = (errors, head) =>
    errors.map((error) => {
      mergeHead(error.extensions['http'], head);
      return mask.format(error.toJSON(), error);
    });
  const count: AnswerErrors['count'] = (state, shown) => {
    for (const { extensions } of shown) {
      const code = String(extensions?.code);
      metrics.countError(code);
      state?.errorCodes.add(code);
    }
  };
  const noteContextFailure = (error: unknown): void => {
    const code = error instanceof GraphQLError ? error.extensions['code'] : undefined;
    if (isIntendedCode(code)) metrics.countError(String(code));
    else logger.error({ err: error }, 'no context for the request');
  };
  return {
    log,
    show,
    count,
    noteContextFailure,
    contextFailure: (error, mediaType = JSON_TYPE) => {
      noteContextFailure(error);
      const head = newHead();
      const errors = show([asGraphqlError(error)], head);
      return answerOf(head, mediaType, { errors });
    },
    refusal: (state, error, mediaType, extensions = {}) => {
      const head = newHead();
      const errors = [asGraphqlError(error)];
      log(errors, state.requestId);
      const shown = show(errors, head);
      count(state, shown);
      if (isAnsweredWith200(state.req.headers.accept, shown)) head.status = 200;
      const hasExtensions = Object.keys(extensions).length > 0;
      return answerOf(head, mediaType, { errors: shown, ...(hasExtensions ? { extensions } : {}) });
    },
  };
}

/** A head that errors have said nothing to yet. */
export function newHead(): HTTPGraphQLHead {
  return { status: undefined, headers: new HeaderMap() };
}

function answerOf({ status = 500, headers }: HTTPGraphQLHead, mediaType: string, body: object): Answer {
  return {
    status,
    headers: [...[...headers].flat(), 'Content-Type', mediaType],
    body: `${JSON.stringify(body)}\n`,
  };
}

function asGraphqlError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}

function mergeHead(http: unknown, head: HTTPGraphQLHead): void {
  if (typeof http !== 'object' || http === null) return;
  const { status, headers } = http as { status?: unknown; headers?: unknown };
  if (typeof status === 'number') head.status = status;
  if (headers instanceof Map)
    for (const [name, value] of headers) head.headers.set(String(name), String(value));
}
