/**
 * Everything of Apollo Server: how it is set up, and the one plugin by which our rules hang on it. Execution itself is
 * graphql-js's; compiled execution would come in here, by the plugin's `responseForOperation`.
 */
import { ApolloServer } from '@apollo/server';
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
import { createErrorMask } from './error-masking.js';
import type { ErrorMask } from './error-masking.js';
import { estimateCost } from './limits/cost.js';
import { limitError } from './limits/limit-error.js';
import { structureLimit } from './limits/structure.js';
import { tokenLimitRefusal } from './limits/tokens.js';
import { validationWorkRefusal } from './limits/validation-work.js';
import { variableDepthLimit } from './limits/variables.js';
import type { ServerMetrics } from './metrics.js';
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
      rulesPlugin(options, metrics, mask),
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
  { schema, limits, logger }: ServerOptions,
  metrics: ServerMetrics,
  mask: ErrorMask,
): ApolloServerPlugin<StatefulContext> {
  return {
    invalidRequestWasReceived: async () => metrics.countError('BAD_REQUEST'),
    contextCreationDidFail: async ({ error }) => logger.error({ err: error }, 'no context for the request'),
    unexpectedErrorProcessingRequest: async ({ error }) => logger.error({ err: error }, 'request failed'),
    requestDidStart: async ({ contextValue }) => {
      const state = contextValue[STATE];
      return {
        didResolveOperation: async ({ document, operation, operationName, request }) => {
          // No such operation: graphql-js says so itself.
          if (!operation) return;
          if (state) {
            state.operationName = operationName?.slice(0, 100);
            state.operationType = operation.operation;
          }
          const passed =
            variableDepthLimit(request.variables, limits.maxVariableDepth) ??
            structureLimit(document, operation, limits);
          if (passed) throw limitError(passed);
          const cost = estimateCost({ schema, document, operation, variables: request.variables });
          if (cost > limits.maxCost) {
            const what = 'fields, as estimated from the sizes of its lists';
            throw limitError({ name: 'MAX_COST', value: limits.maxCost, asked: Math.ceil(cost), what });
          }
        },
        didEncounterErrors: async ({ errors }) => {
          for (const error of errors.filter((candidate) => !mask.isIntended(candidate))) {
            const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
            const { name, message, stack } = cause;
            logger.error(
              { requestId: state?.requestId, path: error.path?.join('.'), error: { name, message, stack } },
              'internal error, masked',
            );
          }
        },
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
