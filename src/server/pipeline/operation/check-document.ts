/**
 * The operation that the request asks for. One whose document was seen before is known to be valid. Any other, and what is not
 * in order, is judged by Apollo Server, which says what is wrong.
 */
import type { PreparedOperation } from '../../documents/operations.js';
import { exactJsonText } from '../../variables/variables.js';
import { limitError } from '../../errors/codes.js';
import { lineLimit } from '../../limits/validation-work.js';
import type { ApolloRequest } from '../../documents/apollo.js';
import type { PipelineRequest, Step, StepParts } from '../request.js';
import { withoutEmpty, type Parameters } from './parameters.js';

/** The step. */
export function checkDocument({
  operations,
  checker,
  documents,
  errors,
  limits,
}: Pick<StepParts, 'operations' | 'checker' | 'documents' | 'errors' | 'limits'>): Step {
  const accept = (request: PipelineRequest, operation: PreparedOperation): undefined => {
    const { state, parameters, caller } = request;
    state.noteOperation(operation);
    if (parameters?.query !== undefined) documents?.validated?.(parameters.query, caller.id);
    request.operation = operation;
    // Mutations are never shared.
    if (!operation.compiled) request.key = undefined;
    return undefined;
  };

  return (request) => {
    const { state, parameters, mediaType } = request;
    const known = mediaType && parameters && find(operations, parameters);
    if (known) return accept(request, known);
    const passed = parameters?.query === undefined ? undefined : lineLimit(parameters.query, limits);
    if (passed) return errors.refusal({ state, mediaType }, limitError(passed));
    const asked = parameters?.query === undefined ? requestAsItCame(request) : requestOf(parameters);
    return checker.check(request, asked, parameters !== undefined).then((judged) => {
      if ('refusal' in judged) return judged.refusal;
      // Most documents come once: the answer is kept from the second time on.
      request.key = undefined;
      return accept(request, judged.operation);
    });
  };
}

/** The operation, if it was answered before and Apollo has nothing to say of the request. */
function find(
  operations: StepParts['operations'],
  { method, query, operationName, extensions }: Parameters,
): PreparedOperation | undefined {
  if (query === undefined || extensions?.['persistedQuery'] !== undefined) return undefined;
  const operation = operations.find(query, operationName);
  return operation?.type === 'query' || method === 'POST' ? operation : undefined;
}

/** The parameters as Apollo reads them, without the variables, which it need not see. */
function requestOf({ method, query, operationName, extensions }: Parameters): ApolloRequest {
  if (method === 'POST') {
    const given = Object.entries({ query, operationName, extensions });
    return { search: '', body: Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
  }
  const search = new URLSearchParams();
  if (query !== undefined) search.set('query', query);
  if (operationName !== undefined) search.set('operationName', operationName);
  if (extensions !== undefined) search.set('extensions', exactJsonText(extensions));
  return { search: `?${search.toString()}`, body: undefined };
}

function requestAsItCame({ state: { req }, body }: PipelineRequest): ApolloRequest {
  const { url = '' } = req;
  const start = url.indexOf('?');
  return { search: start < 0 ? '' : withoutEmpty(url.slice(start)), body };
}
