/**
 * The way of a request to /graphql, over node:http alone: which rule and which hook comes in which order, and which road
 * it takes. What each rule does stands in its own file.
 */
import { errorAnswer, JSON_TYPE, sendAnswer } from '../answer.js';
import { runObserved } from '../channels.js';
import type { Answer } from '../answer.js';
import type { AnswerErrors } from '../answer-errors.js';
import type { Answers } from '../answers/answers.js';
import { answerKey } from '../answers/key.js';
import type { ApolloRequest, ApolloRoad } from '../apollo.js';
import { INTERNAL_CODE } from '../error-codes.js';
import { exactJsonText } from '../exact-json.js';
import { ANYBODY } from '../hooks.js';
import type { Caller, DocumentRequest, MaybePromise } from '../hooks.js';
import type { ServerContext, ServerOptions, Work } from '../options.js';
import { limitError } from '../limits/limit-error.js';
import { lineLimit } from '../limits/validation-work.js';
import { GraphRequest } from '../request-info.js';
import type { RequestState } from '../request-state.js';
import { parseBody, readBody } from '../rules/body.js';
import type { BodyRefusal } from '../rules/body.js';
import { cors } from '../rules/cors.js';
import type { Deadlines } from '../rules/deadline.js';
import { markSafeGet } from '../rules/safe-get.js';
import { overloadRefusal } from '../overload/refusal.js';
import { DOCUMENT_TWICE, hasDocumentTwice } from '../rules/one-document.js';
import { keepFor } from '../rules/keep.js';
import { refuseMethod } from '../rules/methods.js';
import { wantsPlan } from '../rules/wants-plan.js';
import { answerBatch } from './batch.js';
import { mediaTypeFor } from './media-type.js';
import { readParameters, withoutEmpty } from './parameters.js';
import type { Parameters } from './parameters.js';
import { createRenewals } from './renewals.js';
import { createSender } from './sender.js';
import { sharedRoute } from './shared-route.js';
import type { ShortRoad } from './short-road.js';

/** What the route is made of. */
export interface RouteParts {
  deadlines: Deadlines;
  apollo: ApolloRoad;
  shortRoad: ShortRoad;
  errors: AnswerErrors;
  answers: Answers;
}

/** What was read of a request: its parameters, with the document they stand for and as they came. */
interface ReadRequest {
  parameters: Parameters | undefined;
  asked: Parameters | undefined;
  /** What its answer is kept and shared by. */
  key: string | undefined;
}

/** Answers one request to /graphql. */
export type GraphqlRoute = (state: RequestState) => void;

/** Makes the route. */
export function graphqlRoute<Context extends object, C extends Caller>(
  options: ServerOptions<Context, C>,
  { deadlines, apollo, shortRoad, errors, answers }: RouteParts,
): GraphqlRoute {
  const { logger, limits, shed, identify, documents, takeShortRoad = true } = options;
  const compression = options.answers?.compression ?? 'off';
  const send = createSender(compression);
  const allowOrigin = cors(options.corsOrigins, options.corsHeaders);

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

  const isPlan = (state: RequestState): boolean =>
    options.explain && options.planOperation !== undefined && wantsPlan(state.req);

  const contextOf = (state: RequestState, work?: Work): MaybePromise<ServerContext> =>
    // Without `identify` there is but one kind of caller, which is what C then stands for.
    options.context(new GraphRequest(state, callerOf(state) as C, options.explain, work));

  /** Finds the text of a document; undefined where nobody but the request says it. */
  const textOf = (state: RequestState, asked: DocumentRequest): MaybePromise<string | undefined> =>
    documents ? documents.textOf(asked, callerOf(state)) : asked.query;

  /** Answers what has been read, by one road or the other. Of parameters that are none, Apollo says what is wrong. */
  const answer = async (
    state: RequestState,
    { parameters, asked, key }: ReadRequest,
    request: () => ApolloRequest,
  ): Promise<Answer> => {
    const mediaType = mediaTypeOf(state);
    const known =
      takeShortRoad && asked && parameters && mediaType !== undefined && !isPlan(state)
        ? shortRoad.take(parameters, asked, mediaType, key)
        : undefined;
    if (!known) {
      const passed = parameters?.query === undefined ? undefined : lineLimit(parameters.query, limits);
      if (passed) return errors.refusal(state, limitError(passed), mediaType ?? JSON_TYPE);
      return apollo.answer(state, request(), () => contextOf(state));
    }
    // Apollo tells it of operations that it has validated itself.
    if (parameters?.query !== undefined)
      documents?.validated?.(parameters.query, (state.caller ?? ANYBODY).id);
    return shortRoad.answer(state, known, (work) => contextOf(state, work));
  };

  /** Answers one operation, `body` being what stands for it in the body. */
  const operate = async (state: RequestState, body: unknown, key?: string): Promise<Answer> => {
    const asked = readParameters(state.req, body);
    state.variables = asked?.variables;
    const asGiven = (): ApolloRequest => ({ search: searchOf(state), body });
    // Apollo says what is wrong with it. What it would run all the same, nobody has looked at.
    if (!asked) state.mayRun = false;
    if (!documents || !asked) return answer(state, { parameters: asked, asked, key }, asGiven);
    let query: string | undefined;
    try {
      const text = textOf(state, asked);
      query = text instanceof Promise ? await text : text;
    } catch (error) {
      return errors.refusal(state, error, mediaTypeOf(state) ?? JSON_TYPE);
    }
    if (query === asked.query && asked.extensions?.['persistedQuery'] === undefined)
      return answer(state, { parameters: asked, asked, key }, asGiven);
    const parameters = withDocument(asked, query);
    const given = await answer(state, { parameters, asked, key }, () => requestOf(parameters));
    keep(state, given, asked);
    return given;
  };

  /** Lets the answer be kept on its way where that is allowed. */
  const keep = (state: RequestState, given: Answer, asked: DocumentRequest): void =>
    keepFor(state, given, documents?.cacheControl?.(asked, callerOf(state)));

  const respond = async (state: RequestState, body: unknown, key?: string): Promise<void> => {
    if (hasDocumentTwice(state.req, body)) {
      send(state, errorAnswer(state, 400, DOCUMENT_TWICE));
      return;
    }
    const inBatch = { maxBatch: limits.maxBatch, mediaType: mediaTypeOf(state) ?? JSON_TYPE };
    const given = Array.isArray(body)
      ? await answerBatch(state, body, inBatch, operate)
      : await operate(state, body, key);
    send(state, given);
  };

  const parseAndOperate = (state: RequestState, bytes: Buffer | undefined, key?: string): void => {
    const parsed = bytes ? parseBody(bytes) : { value: undefined };
    if ('refusal' in parsed) refuseBody(state, parsed.refusal);
    else respond(state, parsed.value, key).catch((error: unknown) => fail(state, error));
  };

  const renewals = createRenewals(answers, shortRoad, logger);
  /** Answers with bytes that are there, or that another request is about to get. */
  const share = sharedRoute({
    ...{ answers, compression, shortRoad, textOf, keep, send },
    renew: (state, key, kept, bytes) =>
      renewals.begin(key, kept, askedBy(state, bytes), (work) => contextOf(state, work)),
    refuse: (state, error) => send(state, errors.refusal(state, error, mediaTypeOf(state) ?? JSON_TYPE)),
    fail,
    operate: parseAndOperate,
  });

  const read = (state: RequestState): void => {
    readBody(state.req, limits.maxBodyBytes, (body) => {
      if ('refusal' in body) {
        refuseBody(state, body.refusal);
        return;
      }
      const mediaType = takeShortRoad && answers.isOn ? mediaTypeOf(state) : undefined;
      const { partition } = callerOf(state);
      const key = mediaType && answerKey(state.req, partition, mediaType, body.bytes);
      runObserved(state, () => {
        if (key === undefined || !share(state, key, body.bytes)) parseAndOperate(state, body.bytes, key);
      });
    });
  };

  const refuseBody = (state: RequestState, { status, error }: BodyRefusal): void =>
    send(state, errorAnswer(state, status, error));

  const refuseCaller = (state: RequestState, error: unknown): void =>
    send(state, errors.contextFailure(error, mediaTypeOf(state)));

  return (state) => {
    state.headers.push('Cache-Control', 'no-store');
    if (compression !== 'off') state.vary.push('Accept-Encoding');
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

/** What a request asks that has been read whole. */
function askedBy({ req }: RequestState, bytes: Buffer | undefined): Parameters | undefined {
  const parsed = bytes ? parseBody(bytes) : { value: undefined };
  return 'refusal' in parsed ? undefined : readParameters(req, parsed.value);
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
  if (variables !== undefined) search.set('variables', exactJsonText(variables));
  if (extensions !== undefined) search.set('extensions', JSON.stringify(extensions));
  return { search: `?${search.toString()}`, body: undefined };
}

/** The query part of the address, with its question mark. */
function searchOf({ req: { url = '' } }: RequestState): string {
  const start = url.indexOf('?');
  return start < 0 ? '' : withoutEmpty(url.slice(start));
}

function callerOf({ caller = ANYBODY }: RequestState): Caller {
  return caller;
}

function mediaTypeOf({ req }: RequestState): string | undefined {
  return mediaTypeFor(req.headers.accept);
}

function busy(state: RequestState, retryAfter: number): Answer {
  const answer = errorAnswer(state, 503, overloadRefusal(retryAfter));
  return { ...answer, headers: [...answer.headers, 'Retry-After', String(Math.ceil(retryAfter))] };
}
