/**
 * The way of a request to /graphql, over node:http alone: which rule and which hook comes in which order, and which road
 * it takes. What each rule does stands in its own file.
 */
import { errorAnswer, JSON_TYPE, sendAnswer } from '../answer.js';
import type { Answer } from '../answer.js';
import type { AnswerErrors } from '../answer-errors.js';
import type { ApolloRequest, ApolloRoad } from '../apollo.js';
import { INTERNAL_CODE } from '../error-codes.js';
import { ANYBODY } from '../hooks.js';
import type { Caller, MaybePromise } from '../hooks.js';
import type { ServerContext, ServerOptions } from '../options.js';
import { GraphRequest } from '../request-info.js';
import type { RequestState } from '../request-state.js';
import { parseBody, readBody } from '../rules/body.js';
import { cors } from '../rules/cors.js';
import type { Deadlines } from '../rules/deadline.js';
import { markSafeGet } from '../rules/safe-get.js';
import { mediaTypeFor } from './media-type.js';
import { readParameters } from './parameters.js';
import type { Parameters } from './parameters.js';
import type { ShortRoad } from './short-road.js';

/** What the route is made of. */
export interface RouteParts {
  deadlines: Deadlines;
  apollo: ApolloRoad;
  shortRoad: ShortRoad;
  errors: AnswerErrors;
}

/** Answers one request to /graphql. */
export type GraphqlRoute = (state: RequestState) => void;

/** Makes the route. */
export function graphqlRoute<Context extends object, C extends Caller>(
  options: ServerOptions<Context, C>,
  { deadlines, apollo, shortRoad, errors }: RouteParts,
): GraphqlRoute {
  const { logger, limits, shed, identify, documents, takeShortRoad = true } = options;
  const allowOrigin = cors(options.corsOrigins);

  const fail = (state: RequestState, error: unknown): void => {
    if (state.res.headersSent) {
      // The answer was given meanwhile, as by the deadline: nobody waits for this one any more.
      logger.debug({ requestId: state.requestId, err: error }, 'failed after the answer');
      return;
    }
    logger.error({ requestId: state.requestId, err: error }, 'request failed');
    const masked = { message: 'Internal server error', extensions: { code: INTERNAL_CODE } };
    sendAnswer(state, errorAnswer(state, 500, masked));
  };

  const contextOf = (state: RequestState): MaybePromise<ServerContext> =>
    // Without `identify` there is but one kind of caller, which is what C then stands for.
    options.context(new GraphRequest(state, (state.caller ?? ANYBODY) as C, options.explain));

  const mediaTypeOf = (state: RequestState): string | undefined => mediaTypeFor(state.req.headers.accept);

  /** Answers what has been read. Of `parameters` undefined, Apollo says what is wrong. */
  const answer = (
    state: RequestState,
    parameters: Parameters | undefined,
    request: ApolloRequest,
  ): Promise<Answer> => {
    const mediaType = mediaTypeOf(state);
    const known =
      takeShortRoad && parameters && mediaType !== undefined
        ? shortRoad.take(parameters, mediaType)
        : undefined;
    return known
      ? shortRoad.answer(state, known, () => contextOf(state))
      : apollo.answer(state, request, () => contextOf(state));
  };

  const operate = async (state: RequestState, body: unknown): Promise<void> => {
    const { url = '' } = state.req;
    const start = url.indexOf('?');
    let request: ApolloRequest = { search: start < 0 ? '' : url.slice(start), body };
    let parameters = readParameters(state.req, body);
    if (documents && parameters) {
      try {
        const query = await documents.textOf(parameters, state.caller ?? ANYBODY);
        parameters = withDocument(parameters, query);
        request = requestOf(parameters);
      } catch (error) {
        sendAnswer(state, errors.refusal(state, error, mediaTypeOf(state) ?? JSON_TYPE));
        return;
      }
    }
    sendAnswer(state, await answer(state, parameters, request));
  };

  const read = (state: RequestState): void => {
    readBody(state.req, limits.maxBodyBytes, (body) => {
      const parsed = 'refusal' in body || !body.bytes ? body : parseBody(body.bytes);
      if ('refusal' in parsed) {
        sendAnswer(state, errorAnswer(state, parsed.refusal.status, parsed.refusal.error));
        return;
      }
      operate(state, 'value' in parsed ? parsed.value : undefined).catch((error: unknown) =>
        fail(state, error),
      );
    });
  };

  const refuseCaller = (state: RequestState, error: unknown): void =>
    sendAnswer(state, errors.contextFailure(error, mediaTypeOf(state)));

  return (state) => {
    state.headers.push('Cache-Control', 'no-store');
    const preflight = allowOrigin(state);
    if (preflight) {
      sendAnswer(state, preflight);
      return;
    }
    const wait = shed?.();
    if (wait !== undefined) {
      sendAnswer(state, busy(state, wait));
      return;
    }
    deadlines.begin(state);
    markSafeGet(state.req);
    if (!identify) {
      read(state);
      return;
    }
    try {
      const caller = identify(state.req);
      if (caller instanceof Promise) {
        caller.then(
          (known) => {
            state.caller = known;
            read(state);
          },
          (error: unknown) => refuseCaller(state, error),
        );
        return;
      }
      state.caller = caller;
    } catch (error) {
      refuseCaller(state, error);
      return;
    }
    read(state);
  };
}

/** The parameters with the text that their document stands for; what named it has served its purpose. */
function withDocument(parameters: Parameters, query: string | undefined): Parameters {
  const given = Object.entries(parameters.extensions ?? {});
  const extensions = Object.fromEntries(given.filter(([name]) => name !== 'persistedQuery'));
  const hasMore = Object.keys(extensions).length > 0;
  return { ...parameters, query, extensions: hasMore ? extensions : undefined };
}

/** The parameters as Apollo reads them. */
function requestOf({ method, query, operationName, variables, extensions }: Parameters): ApolloRequest {
  if (method === 'POST') {
    const given = Object.entries({ query, operationName, variables, extensions });
    return { search: '', body: Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
  }
  const search = new URLSearchParams();
  if (query !== undefined) search.set('query', query);
  if (operationName !== undefined) search.set('operationName', operationName);
  if (variables !== undefined) search.set('variables', JSON.stringify(variables));
  if (extensions !== undefined) search.set('extensions', JSON.stringify(extensions));
  return { search: `?${search.toString()}`, body: undefined };
}

function busy(state: RequestState, retryAfter: number): Answer {
  const message = 'The server is too busy to take the request now.';
  const answer = errorAnswer(state, 503, { message, extensions: { code: 'RATE_LIMITED', retryAfter } });
  return { ...answer, headers: [...answer.headers, 'Retry-After', String(Math.ceil(retryAfter))] };
}
