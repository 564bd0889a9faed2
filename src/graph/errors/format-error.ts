/**
 * What a caller sees of an error. Failed calls to EnOS get a code of our table and say where they come from; refused
 * arguments name the argument; what was not made to be shown is masked.
 */
import { GraphQLError, type GraphQLErrorExtensions, type GraphQLFormattedError } from 'graphql';
import { EnosError } from '../../enos/errors.js';
import { CallBudgetError } from '../../loading/enos-call.js';
import { ConflictError, InputError } from '../../loading/common.js';
import { AccessError } from '../../loading/guard/access-error.js';
import { publicCodeOf, MASKED, type PublicCode } from './code-table.js';

/** Message and extensions of an error as the caller may see them. */
export type PublicError = Pick<GraphQLFormattedError, 'message' | 'extensions'>;

/** Seconds to wait where EnOS refused for quantity and did not say how long. */
const DEFAULT_RETRY_AFTER = 1;

/**
 * The public form of an error as it was thrown, or as the executor wrapped it. Undefined for an error that the graph does
 * not know: it must be masked.
 */
export function formatError(error: unknown): PublicError | undefined {
  const original = thrown(error);
  if (original instanceof CallBudgetError) {
    const limit = { name: 'MAX_UPSTREAM_CALLS', value: original.limit, asked: null };
    return { message: original.message, extensions: { code: 'BAD_USER_INPUT', limit } };
  }
  if (original instanceof EnosError) return ofEnos(original);
  if (original instanceof InputError) {
    return {
      message: original.message,
      extensions: { code: 'BAD_USER_INPUT', argument: original.argument },
    };
  }
  if (original instanceof ConflictError)
    return { message: original.message, extensions: { code: 'CONFLICT' } };
  if (original instanceof AccessError) {
    const { code, message, right } = original;
    return { message, extensions: { code, ...(right === null ? {} : { right }) } };
  }
  if (original instanceof GraphQLError && original.extensions['code'] !== undefined) {
    return { message: original.message, extensions: withoutPrivate(original.extensions) };
  }
  return undefined;
}

/**
 * The whole public error with its place and path, for executors without a server around them. GraphQL's own refusals of a
 * request keep their message; everything else that `formatError` does not know is masked.
 */
export function publicError(error: unknown): GraphQLFormattedError {
  const shown = formatError(error) ??
    refusalOfRequest(error) ?? { message: MASKED.message, extensions: { code: MASKED.code } };
  if (!(error instanceof GraphQLError)) return shown;
  const { locations, path } = error;
  return { ...shown, ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
}

function refusalOfRequest(error: unknown): PublicError | undefined {
  const isOfRequest = error instanceof GraphQLError && !error.path && thrown(error) instanceof GraphQLError;
  return isOfRequest
    ? { message: error.message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }
    : undefined;
}

/** The public code of a failed call. */
export function codeOf(error: EnosError): PublicCode {
  switch (error.kind) {
    case 'refused':
      if (error.httpStatus === 429) return 'RATE_LIMITED';
      return publicCodeOf(error.service, error.code);
    case 'http':
      return error.httpStatus === 429 ? 'RATE_LIMITED' : 'UPSTREAM_ERROR';
    case 'credentials':
      return 'UPSTREAM_ERROR';
    // A call is cancelled when the request it served has ended: what still reads the answer has run out of time.
    case 'timeout':
    case 'cancelled':
      return 'UPSTREAM_TIMEOUT';
    case 'unavailable':
      return 'UPSTREAM_UNAVAILABLE';
    case 'invalid-response':
      return 'UPSTREAM_INVALID_RESPONSE';
    case 'argument':
      return 'BAD_USER_INPUT';
  }
}

function ofEnos(error: EnosError): PublicError {
  const code = codeOf(error);
  const message = safeText(error.message);
  const extensions: GraphQLErrorExtensions = {
    code,
    enos: {
      service: error.service,
      operation: error.operation,
      code: error.code,
      message,
      requestId: error.requestId,
    },
  };
  if (error.outcome !== null) extensions['outcome'] = error.outcome;
  if (code === 'RATE_LIMITED') extensions['retryAfter'] = error.retryAfter ?? DEFAULT_RETRY_AFTER;
  else if (code === 'UPSTREAM_UNAVAILABLE' && error.retryAfter !== null) {
    extensions['retryAfter'] = error.retryAfter;
  }
  return { message, extensions };
}

/**
 * The error as it was thrown, out of what the executor wraps around it. Where scalars refuse a value all layers are
 * GraphQL errors, and the outermost says which variable or argument held it.
 */
function thrown(error: unknown): unknown {
  let current = error;
  while (current instanceof GraphQLError && current.originalError) current = current.originalError;
  return current instanceof GraphQLError ? error : current;
}

/** What belongs to the HTTP layer or to a debugger. */
const PRIVATE_EXTENSIONS = new Set(['http', 'stacktrace', 'exception']);

function withoutPrivate(extensions: GraphQLErrorExtensions): GraphQLErrorExtensions {
  return Object.fromEntries(Object.entries(extensions).filter(([name]) => !PRIVATE_EXTENSIONS.has(name)));
}

const URL_WITH_HOST = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>)\]]+/gi;
const IPV4 = /\b(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b/g;
const HOST_AND_PORT = /\b[a-z0-9-]+(?:\.[a-z0-9-]+)+:\d{2,5}\b/gi;
const LONGEST = 500;
/** Beyond that nothing is looked at: it would not be shown. */
const LONGEST_READ = 10 * LONGEST;

/** A text of EnOS, fit for callers: one line of at most 500 characters, with URLs, IP addresses and host:port pairs replaced. */
export function safeText(text: string): string {
  const [line = ''] = text
    .trimStart()
    .slice(0, LONGEST_READ)
    .trimEnd()
    .split(/[\r\n]/, 1);
  const clean = line
    .replace(URL_WITH_HOST, '[address]')
    .replace(IPV4, '[address]')
    .replace(HOST_AND_PORT, '[address]');
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}...` : clean;
}
