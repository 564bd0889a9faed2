/**
 * Everything of Apollo Server, which judges documents not seen before: it parses and validates them, and says what is wrong
 * with them and with requests that are not as the protocol wants them. It executes nothing.
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
import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { IncomingHttpHeaders } from 'node:http';
import { isAnsweredWith200, newHead } from '../errors/answer-errors.js';
import type { AnswerErrors } from '../errors/answer-errors.js';
import type { Answer } from '../answer.js';
import type { ErrorMask } from '../errors/masking.js';
import { MAX_ERRORS, boundedErrors } from '../errors/bounds.js';
import { tokenLimitRefusal, validationWorkRefusal, validationWorkRule } from '../limits/validation-work.js';
import type { ServerMetrics } from '../metrics/metrics.js';
import type { ServerOptions } from '../options.js';
import type { RequestState } from '../request-state.js';
import type { Operations, PreparedOperation } from './operations.js';

/** What Apollo is asked, in its own terms. */
export interface ApolloRequest {
  /** Query string of the address with its "?", or empty. */
  search: string;
  /** Value of the body's JSON; undefined where there was none to read. */
  body: unknown;
}

/** A request that is to be judged. */
export interface RequestToCheck {
  readonly state: RequestState;
  /** What stands in the `extensions` of a refusal. */
  readonly extensions: Record<string, unknown> | undefined;
}

/** What Apollo finds. */
export type Judgement =
  | { readonly operation: PreparedOperation; readonly refusal?: never }
  | { readonly refusal: Answer; readonly operation?: never };

/** Judges requests whose document is not known. */
export interface DocumentChecker {
  /** `isInOrder` is false where only the refusal is wanted: it could not be read as a request that may run. */
  check(request: RequestToCheck, asked: ApolloRequest, isInOrder: boolean): Promise<Judgement>;
  stop(): Promise<void>;
}

/** What it is made of. */
export interface ApolloParts {
  metrics: ServerMetrics;
  operations: Operations;
  mask: ErrorMask;
  errors: AnswerErrors;
}

/** What Apollo's hooks know of a request. */
interface CheckContext {
  readonly request: RequestToCheck;
  readonly isInOrder: boolean;
  /** Set where nothing is wrong. A holder, since Apollo hands its hooks copies of the context. */
  readonly found: { operation?: PreparedOperation };
}

type ApolloOptions = Pick<ServerOptions, 'schema' | 'limits' | 'logger' | 'introspection'>;

/** Starts Apollo for the schema. Rejects when the schema is not valid. */
export async function createDocumentChecker(
  options: ApolloOptions,
  parts: ApolloParts,
): Promise<DocumentChecker> {
  const { schema, limits, logger, introspection } = options;
  const apollo = new ApolloServer<CheckContext>({
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
    check: async (request, { search, body }, isInOrder) => {
      const { method = '', headers } = request.state.req;
      const found: CheckContext['found'] = {};
      const reply = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: method.toUpperCase(), headers: headerMap(headers), search, body },
        context: async () => ({ request, isInOrder, found }),
      });
      if (reply.body.kind !== 'complete') throw new Error('answers in parts are not served');
      const status = reply.status ?? 200;
      // 406 comes last: Apollo finds that the client takes no answer of ours when it has one.
      if (found.operation && status === 200) return { operation: found.operation };
      return { refusal: { status, headers: [...reply.headers].flat(), body: reply.body.string } };
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
  { schema, logger }: ApolloOptions,
  { metrics, operations, errors }: ApolloParts,
): ApolloServerPlugin<CheckContext> {
  return {
    invalidRequestWasReceived: async () => metrics.countError('BAD_REQUEST'),
    unexpectedErrorProcessingRequest: async ({ error }) => logger.error({ err: error }, 'request failed'),
    requestDidStart: async ({ contextValue: { request: asked, isInOrder, found } }) => ({
      didResolveOperation: async ({ document, operation, source, request }) => {
        // No such operation: graphql-js says so itself.
        if (!operation) return;
        if (!isInOrder) throw notUnderstood();
        checkRootType(schema, operation);
        found.operation = operations.prepare(source, request.operationName, document, operation);
      },
      responseForOperation: async () =>
        found.operation ? { http: newHead(), body: { kind: 'single', singleResult: { data: null } } } : null,
      didEncounterErrors: async ({ errors: met }) => errors.log(met, asked.state.requestId),
      willSendResponse: async ({ response, request }) => {
        if (found.operation || response.body.kind !== 'single') return;
        const result = response.body.singleResult;
        result.errors = boundedErrors(result.errors ?? []);
        errors.count(asked.state, result.errors);
        if (isAnsweredWith200(request.http?.headers.get('accept'), result.errors)) response.http.status = 200;
        if (asked.extensions) result.extensions = { ...result.extensions, ...asked.extensions };
      },
    }),
  };
}

/**
 * For a request that is in order by Apollo's rules and not by ours, such as one with two values of "documentId": it has been
 * read by Apollo only, which knows nothing of documents that are known in advance.
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
