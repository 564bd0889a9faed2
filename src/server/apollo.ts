/**
 * Everything of Apollo Server: how it is set up, and the one plugin by which our rules and our execution hang on it.
 * graphql-js executes what the compiled engine leaves to it.
 */
import { ApolloServer, HeaderMap } from '@apollo/server';
import type { ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { expressMiddleware } from '@as-integrations/express5';
import type { Request, RequestHandler } from 'express';
import { GraphQLError } from 'graphql';
import { answerErrors } from './answer-errors.js';
import type { AnswerErrors } from './answer-errors.js';
import { isIntendedCode } from './error-codes.js';
import { createErrorMask } from './error-masking.js';
import { ANYBODY } from './hooks.js';
import type { Caller } from './hooks.js';
import { limitError } from './limits/limit-error.js';
import { tokenLimitRefusal } from './limits/tokens.js';
import { validationWorkRefusal } from './limits/validation-work.js';
import type { ServerMetrics } from './metrics.js';
import type { Operations, PreparedOperation } from './operations.js';
import type { RequestInfo, ServerContext, ServerOptions } from './options.js';
import { requestState } from './request-state.js';
import type { RequestState } from './request-state.js';
import { isAnsweredWith200 } from './rules/json-status.js';

/** The GraphQL side of the server. */
export interface GraphqlHandler {
  /** Answers POST and GET once the body has been read. */
  handler: RequestHandler;
  stop(): Promise<void>;
}

/**
 * Which request a context belongs to: Apollo's hooks know the context only, and a copy of it (own properties and
 * prototype), so that the state must travel in the context.
 */
const STATE = Symbol('request state');
type StatefulContext = ServerContext & { [STATE]?: RequestState };

/** Starts Apollo for the schema. Rejects when the schema is not valid. */
export async function createGraphqlHandler<Context extends object, C extends Caller>(
  options: ServerOptions<Context, C>,
  metrics: ServerMetrics,
  operations: Operations,
): Promise<GraphqlHandler> {
  const { schema, limits, logger, introspection } = options;
  const mask = createErrorMask(options.formatError);
  const apollo = new ApolloServer<StatefulContext>({
    schema,
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    nodeEnv: 'production',
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: limits.maxTokens },
    logger: {
      debug: (message?: string) => logger.debug(message),
      info: (message?: string) => logger.info(message),
      warn: (message?: string) => logger.warn(message),
      error: (message?: string) => logger.error(message),
    },
    formatError: (formatted, error) =>
      tokenLimitRefusal(formatted.message, limits.maxTokens) ??
      validationWorkRefusal(formatted.message) ??
      mask.format(formatted, error),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      rulesPlugin(options, metrics, operations, answerErrors(options, mask)),
    ],
  });
  await apollo.start();
  return {
    handler: expressMiddleware(apollo, {
      context: async ({ req }) => {
        const state = requestState(req);
        // Without `identify` there is but one kind of caller, which is what C then stands for.
        const caller = (await options.identify?.(req)) ?? (ANYBODY as C);
        state.caller = caller;
        const context = await options.context({ ...requestInfo(req, options.explain), caller });
        return Object.assign(context, { [STATE]: state });
      },
    }),
    stop: () => apollo.stop(),
  };
}

function requestInfo(req: Request, explainAllowed: boolean): Omit<RequestInfo, 'caller'> {
  const { signal, deadline, requestId } = requestState(req);
  if (!signal || deadline === undefined)
    throw new Error('rules/deadline.ts must come before the GraphQL handler');
  const explain = explainAllowed && req.get('x-enos-explain') === '1';
  return { req, signal, deadline, requestId, acceptLanguage: req.get('accept-language'), explain };
}

function rulesPlugin(
  { logger, admission }: Pick<ServerOptions, 'logger' | 'admission'>,
  metrics: ServerMetrics,
  operations: Operations,
  errors: AnswerErrors,
): ApolloServerPlugin<StatefulContext> {
  return {
    invalidRequestWasReceived: async () => metrics.countError('BAD_REQUEST'),
    contextCreationDidFail: async ({ error }) => {
      const code = error instanceof GraphQLError ? error.extensions['code'] : undefined;
      // A caller who was refused is told so; everything else is a fault of ours.
      if (isIntendedCode(code)) metrics.countError(String(code));
      else logger.error({ err: error }, 'no context for the request');
    },
    unexpectedErrorProcessingRequest: async ({ error }) => logger.error({ err: error }, 'request failed'),
    requestDidStart: async ({ contextValue }) => {
      const state = contextValue[STATE];
      let prepared: PreparedOperation | undefined;
      return {
        didResolveOperation: async ({ document, operation, source, request }) => {
          // No such operation: graphql-js says so itself.
          if (!operation) return;
          prepared = operations.prepare(source, request.operationName, document, operation);
          if (state) {
            state.operationName = prepared.name?.slice(0, 100);
            state.operationType = prepared.type;
            state.operationHash = prepared.hash;
          }
          const passed = prepared.passedLimit(request.variables);
          if (passed) throw limitError(passed);
          if (state) {
            state.cost = prepared.costOf(request.variables);
            state.plannedAt = performance.now();
          }
          if (!admission || !state) return;
          state.ticket = await admission.admit({
            caller: state.caller ?? ANYBODY,
            operationName: prepared.name,
            operationType: prepared.type,
            cost: prepared.costOf(request.variables),
            answered: false,
            signal: state.signal,
          });
        },
        responseForOperation: async ({ request }) => {
          const result = await prepared?.compiled?.execute({
            context: contextValue,
            variables: request.variables,
          });
          if (!result) return null;
          const http = { status: undefined, headers: new HeaderMap() };
          if (!result.errors) return { http, body: { kind: 'single', singleResult: { data: result.data } } };
          errors.log(result.errors, state?.requestId);
          const shown = errors.show(result.errors, http);
          return { http, body: { kind: 'single', singleResult: { data: result.data, errors: shown } } };
        },
        didEncounterErrors: async (context) => errors.log(context.errors, state?.requestId),
        willSendResponse: async ({ contextValue: context, response, request }) => {
          if (response.body.kind !== 'single') return;
          const result = response.body.singleResult;
          for (const [name, value] of Object.entries(state?.ticket?.headers ?? {}))
            response.http.headers.set(name, value);
          for (const { extensions } of result.errors ?? []) {
            const code = String(extensions?.code);
            metrics.countError(code);
            state?.errorCodes.add(code);
          }
          if (result.errors && result.data === undefined) {
            if (isAnsweredWith200(request.http?.headers.get('accept'), result.errors))
              response.http.status = 200;
          }
          const extra = { ...state?.ticket?.extensions, ...context.responseExtensions?.() };
          if (Object.keys(extra).length > 0) result.extensions = { ...result.extensions, ...extra };
        },
      };
    },
  };
}
