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
import { answerErrors } from './answer-errors.js';
import type { AnswerErrors } from './answer-errors.js';
import { createErrorMask } from './error-masking.js';
import { limitError } from './limits/limit-error.js';
import { tokenLimitRefusal } from './limits/tokens.js';
import { validationWorkRefusal } from './limits/validation-work.js';
import type { ServerMetrics } from './metrics.js';
import type { Operations, PreparedOperation } from './operations.js';
import type { ServerContext, ServerOptions } from './options.js';
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
export async function createGraphqlHandler<Context extends object>(
  options: ServerOptions<Context>,
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
        const context = await options.context(requestInfo(req, options.explain));
        return Object.assign(context, { [STATE]: requestState(req) });
      },
    }),
    stop: () => apollo.stop(),
  };
}

function requestInfo(req: Request, explainAllowed: boolean): Parameters<ServerOptions['context']>[0] {
  const { signal, deadline, requestId } = requestState(req);
  if (!signal || deadline === undefined)
    throw new Error('rules/deadline.ts must come before the GraphQL handler');
  const explain = explainAllowed && req.get('x-enos-explain') === '1';
  return { req, signal, deadline, requestId, acceptLanguage: req.get('accept-language'), explain };
}

function rulesPlugin(
  { logger }: ServerOptions,
  metrics: ServerMetrics,
  operations: Operations,
  errors: AnswerErrors,
): ApolloServerPlugin<StatefulContext> {
  return {
    invalidRequestWasReceived: async () => metrics.countError('BAD_REQUEST'),
    contextCreationDidFail: async ({ error }) => logger.error({ err: error }, 'no context for the request'),
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
          }
          const passed = prepared.passedLimit(request.variables);
          if (passed) throw limitError(passed);
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
          for (const { extensions } of result.errors ?? []) {
            const code = String(extensions?.code);
            metrics.countError(code);
            state?.errorCodes.add(code);
          }
          if (result.errors && result.data === undefined) {
            if (isAnsweredWith200(request.http?.headers.get('accept'), result.errors))
              response.http.status = 200;
          }
          const extra = context.responseExtensions?.();
          if (extra && Object.keys(extra).length > 0) result.extensions = { ...result.extensions, ...extra };
        },
      };
    },
  };
}
