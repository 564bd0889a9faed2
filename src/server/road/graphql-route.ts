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
import { overloadRefusal } from '../overload/refusal.js';
import { DOCUMENT_TWICE, hasDocumentTwice } from '../rules/one-document.js';
import { keepFor } from '../rules/keep.js';
import { refuseMethod } from '../rules/methods.js';
import { answerBatch } from './batch.js';
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
    request: () => ApolloRequest,
  ): Promise<Answer> => {
    const mediaType = mediaTypeOf(state);
    const known =
      takeShortRoad && parameters && mediaType !== undefined
        ? shortRoad.take(parameters, mediaType)
        : undefined;
    if (!known) return apollo.answer(state, request(), () => contextOf(state));
    // Apollo tells it of operations that it has validated itself.
    if (parameters?.query !== undefined) documents?.validated?.(parameters.query);
    return shortRoad.answer(state, known, () => contextOf(state));
  };

  /** Answers one operation, `body` being what stands for it in the body. */
  const operate = async (state: RequestState, body: unknown): Promise<Answer> => {
    const { url = '' } = state.req;
    const start = url.indexOf('?');
    const asGiven = (): ApolloRequest => ({ search: start < 0 ? '' : url.slice(start), body });
    const parameters = readParameters(state.req, body);
    if (!documents || !parameters) return answer(state, parameters, asGiven);
    const caller = state.caller ?? ANYBODY;
    let query: string | undefined;
    try {
      const text = documents.textOf(parameters, caller);
      query = text instanceof Promise ? await text : text;
    } catch (error) {
      return errors.refusal(state, error, mediaTypeOf(state) ?? JSON_TYPE);
    }
    if (query === parameters.query && parameters.extensions?.['persistedQuery'] === undefined)
      return answer(state, parameters, asGiven);
    const named = withDocument(parameters, query);
    const given = await answer(state, named, () => requestOf(named));
    keepFor(state, given, documents.cacheControl?.(parameters, caller));
    return given;
  };

  const respond = async (state: RequestState, body: unknown): Promise<void> => {
    if (hasDocumentTwice(state.req, body)) {
      sendAnswer(state, errorAnswer(state, 400, DOCUMENT_TWICE));
      return;
    }
    const given = Array.isArray(body)
      ? await answerBatch(
          state,
          body,
          { maxBatch: limits.maxBatch, mediaType: mediaTypeOf(state) ?? JSON_TYPE },
          operate,
        )
      : await operate(state, body);
    sendAnswer(state, given);
  };

  const read = (state: RequestState): void => {
    readBody(state.req, limits.maxBodyBytes, (body) => {
      const parsed = 'refusal' in body || !body.bytes ? body : parseBody(body.bytes);
      if ('refusal' in parsed) {
        sendAnswer(state, errorAnswer(state, parsed.refusal.status, parsed.refusal.error));
        return;
      }
      respond(state, 'value' in parsed ? parsed.value : undefined).catch((error: unknown) =>
        fail(state, error),
      );
    });
  };

  const refuseCaller = (state: RequestState, error: unknown): void =>
    sendAnswer(state, errors.contextFailure(error, mediaTypeOf(state)));

  return (state) => {
    state.headers.push('Cache-Control', 'no-store');
    const settled = allowOrigin(state) ?? refuseMethod(state);
    if (settled) {
      sendAnswer(state, settled);
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
  const answer = errorAnswer(state, 503, overloadRefusal(retryAfter));
  return { ...answer, headers: [...answer.headers, 'Retry-After', String(Math.ceil(retryAfter))] };
}
