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
import { GraphQLError } from 'graphql';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { IncomingHttpHeaders } from 'node:http';
import { newHead } from './answer-errors.js';
import type { AnswerErrors } from './answer-errors.js';
import type { Answer } from './answer.js';
import type { ErrorMask } from './error-masking.js';
import { holdsBigInt } from './exact-json.js';
import { exactVariables } from './exact-variables.js';
import { ANYBODY } from './hooks.js';
import { wantsCost } from './limits/admission.js';
import { MAX_ERRORS, boundedErrors } from './limits/errors.js';
import { limitError } from './limits/limit-error.js';
import { tokenLimitRefusal } from './limits/tokens.js';
import { validationWorkRefusal, validationWorkRule } from './limits/validation-work.js';
import type { ServerMetrics } from './metrics.js';
import type { Operations, PreparedOperation } from './operations.js';
import type { ServerContext, ServerOptions } from './options.js';
import type { RequestState } from './request-state.js';
import { isAnsweredWith200 } from './rules/json-status.js';
import { wantsPlan } from './rules/wants-plan.js';
import { variableErrors } from './variable-errors.js';

/** What Apollo is asked, in its own terms. */
export interface ApolloRequest {
  /** Query string of the address with its "?", or empty. */
  search: string;
  /** Value of the body's JSON; undefined where there was none to read. */
  body: unknown;
}

/** The long road: any request, every rule of the protocol, every refusal. */
export interface ApolloRoad {
  answer(
    state: RequestState,
    request: ApolloRequest,
    context: () => ServerContext | Promise<ServerContext>,
  ): Promise<Answer>;
  stop(): Promise<void>;
}

/** What it is made of. */
export interface ApolloParts {
  metrics: ServerMetrics;
  operations: Operations;
  mask: ErrorMask;
  errors: AnswerErrors;
}

/**
 * Which request a context belongs to: Apollo's hooks know the context only, and a copy of it (own properties and
 * prototype), so that the state must travel in the context.
 */
const STATE = Symbol('request state');
type StatefulContext = ServerContext & { [STATE]?: RequestState };

type ApolloOptions = Pick<
  ServerOptions,
  'schema' | 'limits' | 'logger' | 'introspection' | 'admission' | 'documents' | 'explain' | 'planOperation'
>;

/** Starts Apollo for the schema. Rejects when the schema is not valid. */
export async function createApolloRoad(options: ApolloOptions, parts: ApolloParts): Promise<ApolloRoad> {
  const { schema, limits, logger, introspection } = options;
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
    validationRules: [validationWorkRule(limits)],
    // One more says that there are others.
    validationOptions: { maxErrors: MAX_ERRORS - 1, hideSuggestions: !introspection },
    // Operations keep documents already, bounded by their texts. Apollo's own store counts the parsed tree only, not the text
    // that it holds on to: short queries with long comments would fill the memory.
    documentStore: null,
    logger: {
      debug: (message?: string) => logger.debug(message),
      info: (message?: string) => logger.info(message),
      warn: (message?: string) => logger.warn(message),
      error: (message?: string) => logger.error(message),
    },
    formatError: (formatted, error) =>
      tokenLimitRefusal(formatted.message, limits.maxTokens) ??
      validationWorkRefusal(formatted) ??
      parts.mask.format(formatted, error),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      rulesPlugin(options, parts),
    ],
  });
  await apollo.start();
  return {
    answer: async (state, { search, body }, context) => {
      const { method = '', headers } = state.req;
      const reply = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: method.toUpperCase(), headers: headerMap(headers), search, body },
        context: async () => Object.assign(await context(), { [STATE]: state }),
      });
      if (reply.body.kind !== 'complete') throw new Error('answers in parts are not served');
      return {
        status: reply.status ?? 200,
        headers: [...reply.headers].flat(),
        body: reply.body.string,
      };
    },
    stop: () => apollo.stop(),
  };
}

function headerMap(headers: IncomingHttpHeaders): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}

function rulesPlugin(
  { schema, logger, admission, documents, explain, introspection, planOperation }: ApolloOptions,
  { metrics, operations, errors }: ApolloParts,
): ApolloServerPlugin<StatefulContext> {
  return {
    invalidRequestWasReceived: async () => metrics.countError('BAD_REQUEST'),
    contextCreationDidFail: async ({ error }) => errors.noteContextFailure(error),
    unexpectedErrorProcessingRequest: async ({ error }) => logger.error({ err: error }, 'request failed'),
    requestDidStart: async ({ contextValue }) => {
      const state = contextValue[STATE];
      let prepared: PreparedOperation | undefined;
      const plan = explain && state && wantsPlan(state.req) ? planOperation : undefined;
      let planned: { plan: unknown } | undefined;
      return {
        didResolveOperation: async ({ document, operation, source, request }) => {
          // No such operation: graphql-js says so itself.
          if (!operation) return;
          if (state?.mayRun === false) throw notUnderstood();
          checkRootType(schema, operation);
          prepared = operations.prepare(source, request.operationName, document, operation);
          if (state) {
            state.operationName = prepared.name?.slice(0, 100);
            state.operationType = prepared.type;
            state.operationHash = prepared.hash;
          }
          if (source) documents?.validated?.(source, (state?.caller ?? ANYBODY).id);
          if (state?.variables && holdsBigInt(state.variables)) request.variables = { ...state.variables };
          const { passed, cost } = prepared.weigh(request.variables);
          if (passed) throw limitError(passed);
          const exact = exactVariables(schema, operation.variableDefinitions, request.variables);
          if (exact && exact !== request.variables) request.variables = { ...exact };
          if (state) {
            state.cost = cost;
            state.plannedAt = performance.now();
          }
          if (admission && state) {
            const ticket = await admission.admit({
              caller: state.caller ?? ANYBODY,
              operationName: prepared.name,
              operationType: prepared.type,
              cost,
              // Nothing will run.
              answered: plan !== undefined,
              showCost: wantsCost(state.req),
              signal: state.signal,
              hasEnded: state.hasEnded,
            });
            state.hold(ticket);
          }
          // What is wrong with variables is said next.
          if (plan && !variableErrors(schema, operation, request.variables, false))
            planned = { plan: planOrRefusal(plan, document, request) };
        },
        responseForOperation: async ({ request, operation }) => {
          if (planned)
            return {
              http: newHead(),
              body: { kind: 'single', singleResult: { data: null, extensions: planned } },
            };
          const result = await prepared?.compiled?.execute({
            context: contextValue,
            variables: request.variables,
          });
          const http = newHead();
          if (!result) {
            const unfit = operation && variableErrors(schema, operation, request.variables, introspection);
            if (!unfit) return null;
            http.status = 400;
            return { http, body: { kind: 'single', singleResult: { errors: errors.show(unfit, http) } } };
          }
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
          if (result.errors && result.data === undefined) result.errors = boundedErrors(result.errors);
          errors.count(state, result.errors ?? []);
          if (result.errors && result.data === undefined) {
            if (isAnsweredWith200(request.http?.headers.get('accept'), result.errors))
              response.http.status = 200;
          }
          const extra = {
            ...state?.ticket?.extensions,
            ...context.answerExtensions?.(),
            ...context.responseExtensions?.(),
          };
          if (Object.keys(extra).length > 0) result.extensions = { ...result.extensions, ...extra };
        },
      };
    },
  };
}

/**
 * For a request that is in order by Apollo's rules and not by ours, such as one with two values of "documentId": it has been
 * read by nobody but Apollo, which knows nothing of documents that are known in advance.
 */
function notUnderstood(): GraphQLError {
  const message = 'A parameter of the request has a value of another type than it should, or more than one.';
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
}

/** Throws what graphql-js says of a kind of operation that the schema has not, which validation lets pass. */
function checkRootType(schema: GraphQLSchema, operation: OperationDefinitionNode): void {
  const { operation: type } = operation;
  if (schema.getRootType(type)) return;
  throw new GraphQLError(`Schema is not configured to execute ${type} operation.`, {
    nodes: operation,
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
  });
}

/** The plan; an operation that is too large for one is refused. */
function planOrRefusal(
  plan: NonNullable<ServerOptions['planOperation']>,
  document: DocumentNode,
  {
    operationName,
    variables,
  }: { operationName?: string | undefined; variables?: Record<string, unknown> | undefined },
): unknown {
  try {
    return plan({ document, operationName, variables });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new GraphQLError(error.message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
  }
}
