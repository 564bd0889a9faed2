/** Runs the operation: by its compiled plan, or by graphql-js where there is none. */
import { execute as executeByGraphqlJs } from 'graphql';
import type { Answer } from '../../answer.js';
import { exactVariables, variableErrors } from '../../variables/variables.js';
import type { BoundOperation } from '../../execution/compile.js';
import type { FragmentsOfCaller } from '../../execution/run-fragments.js';
import type { MaybePromise } from '../../hooks.js';
import { audienceOf } from '../../response-cache/key.js';
import type { PipelineRequest, Step, StepParts } from '../request.js';

type ExecuteParts = Pick<
  StepParts,
  'schema' | 'watchedSchema' | 'introspection' | 'errors' | 'cache' | 'fragments'
>;

/** The step. Refuses variables that do not fit. */
export function execute(parts: ExecuteParts): Step {
  return (request) => {
    const bound = request.operation.compiled?.bind(request.parameters?.variables);
    return bound ? run(parts, request, bound) : runByGraphqlJs(parts, request);
  };
}

/** Others may wait for the result from now on: whatever becomes of it, `render` tells them, and here a failure. */
function run(
  { cache, fragments }: ExecuteParts,
  request: PipelineRequest,
  bound: BoundOperation,
): MaybePromise<undefined> {
  const { context, flight } = request;
  if (!context?.sources) request.key = undefined;
  const { key } = request;
  if (key !== undefined && flight) cache.start(key, flight, request.about);
  const fail = (error: unknown): never => {
    if (key !== undefined && flight) cache.settle(key, flight, undefined);
    throw error;
  };
  try {
    const result = bound.execute({ context, parts: fragmentsFor(fragments, request) });
    if (result instanceof Promise) return result.then((given) => void (request.result = given), fail);
    request.result = result;
    return undefined;
  } catch (error) {
    return fail(error);
  }
}

/** Mutations, and what docs/decisions say the compiled plan leaves to graphql-js: nothing that is kept or shared. */
function runByGraphqlJs(
  { schema: plain, watchedSchema, introspection, errors }: ExecuteParts,
  request: PipelineRequest,
): MaybePromise<Answer | undefined> {
  const schema = (request.context?.aroundField && watchedSchema?.()) ?? plain;
  request.key = undefined;
  const { document, operation } = request.operation;
  const { operationName, variables } = request.parameters ?? {};
  const variableValues = exactVariables(schema, operation.variableDefinitions, variables);
  const unfit = variableErrors(schema, operation, variableValues, introspection);
  if (unfit) return errors.refusal(request, unfit);
  const result = executeByGraphqlJs({
    ...{ schema, document, operationName, variableValues },
    contextValue: request.context,
  });
  if (result instanceof Promise) return result.then((given) => void (request.result = given));
  request.result = result;
  return undefined;
}

function fragmentsFor(
  fragments: StepParts['fragments'],
  { state, caller, context }: PipelineRequest,
): FragmentsOfCaller | undefined {
  const marks = fragments && context?.sourceMarks?.();
  return marks && { kept: fragments, audience: audienceOf(state.req, caller.partition), marks };
}
