/**
 * What becomes of errors, whichever step they are from: into the log what callers must not see, into the answer what they may,
 * and counted by their codes.
 */
import { HeaderMap } from '@apollo/server';
import type { HTTPGraphQLHead } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import { JSON_TYPE } from '../answer.js';
import type { Answer } from '../answer.js';
import { isIntendedCode } from './codes.js';
import type { ErrorMask } from './masking.js';
import type { ServerMetrics } from '../metrics/metrics.js';
import type { ServerOptions } from '../options.js';
import type { RequestState } from '../request-state.js';

/** What becomes of the errors of an answer. */
export interface AnswerErrors {
  /** Logs those that are masked, whole. */
  log(errors: readonly GraphQLError[], requestId: string | undefined): void;
  /** As the caller sees them. What an error says of the HTTP answer (`extensions.http`) goes into `head`. */
  show(errors: readonly GraphQLError[], head: HTTPGraphQLHead): GraphQLFormattedError[];
  /** Counts the codes of errors that are shown, and notes them for the log line of the request. */
  count(state: RequestState | undefined, shown: readonly GraphQLFormattedError[]): void;
  /** The answer to a request that has no caller or no context for this reason. */
  contextFailure(request: Pick<RefusedRequest, 'mediaType'>, error: unknown): Answer;
  /** The answer to a request that was refused before it ran, for one error or several. */
  refusal(request: RefusedRequest, error: unknown): Answer;
}

/** What an answer takes over from its request. */
export interface RefusedRequest {
  state: RequestState;
  mediaType: string | undefined;
  extensions?: Record<string, unknown> | undefined;
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
    contextFailure: ({ mediaType }, error) => {
      noteContextFailure(error);
      const head = newHead();
      const errors = show([asGraphqlError(error)], head);
      return answerOf(head, mediaType, { errors });
    },
    refusal: ({ state, mediaType, extensions }, error) => {
      const head = newHead();
      const errors = (Array.isArray(error) ? error : [error]).map(asGraphqlError);
      log(errors, state.requestId);
      const shown = show(errors, head);
      count(state, shown);
      if (isAnsweredWith200(state.req.headers.accept, shown)) head.status = 200;
      for (const [name, value] of Object.entries(state.ticket?.headers ?? {})) head.headers.set(name, value);
      return answerOf(head, mediaType, { errors: shown, extensions });
    },
  };
}

/** A head that errors have said nothing to yet. */
export function newHead(): HTTPGraphQLHead {
  return { status: undefined, headers: new HeaderMap() };
}

function answerOf({ status = 500, headers }: HTTPGraphQLHead, mediaType = JSON_TYPE, body: object): Answer {
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

/**
 * GraphQL over HTTP, for clients that accept nothing but application/json: a request that is refused as GraphQL (does not
 * parse, is not valid, its variables do not fit) is answered with status 200, since such clients take other statuses for
 * faults of the transport. Refusals by a limit of ours, bad HTTP and forbidden methods keep their 4xx.
 */
const GRAPHQL_REFUSALS = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

/** Whether the client takes answers in GraphQL's own media type, by which the status says whether there is data. */
function acceptsGraphqlJson(accept: string | undefined): boolean {
  return accept === undefined || /application\/graphql-response\+json|application\/\*|\*\/\*/i.test(accept);
}

/** Whether an answer without data has status 200 for this client. */
export function isAnsweredWith200(
  accept: string | undefined,
  errors: readonly GraphQLFormattedError[],
): boolean {
  if (acceptsGraphqlJson(accept)) return false;
  return errors.every(
    ({ extensions }) => GRAPHQL_REFUSALS.has(String(extensions?.code)) && extensions?.limit === undefined,
  );
}
