/** `x-enos-explain: plan`: what the operation would cost, in place of its answer. */
import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';
import { exactVariables, variableErrors } from '../../variables/variables.js';
import type { Step, StepParts } from '../request.js';
import { answerOnce } from './render.js';

type PlanParts = Pick<StepParts, 'explain' | 'planOperation'>;

/** Whether a plan is asked for, and may be. */
export function isPlan({ explain, planOperation }: PlanParts, { headers }: IncomingMessage): boolean {
  return explain && planOperation !== undefined && headers['x-enos-explain'] === 'plan';
}

/** The step. An operation that is too large for a plan is refused; what is wrong with variables is said by the next step. */
export function plan(parts: PlanParts & Pick<StepParts, 'schema' | 'errors'>): Step {
  const { planOperation, schema, errors } = parts;
  return (request) => {
    if (!planOperation || !isPlan(parts, request.state.req)) return undefined;
    const { document, operation } = request.operation;
    const { operationName, variables: given } = request.parameters ?? {};
    const variables = exactVariables(schema, operation.variableDefinitions, given);
    if (variableErrors(schema, operation, variables, false)) return undefined;
    let planned: unknown;
    try {
      planned = planOperation({ document, operationName, variables });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const refused = { code: 'BAD_USER_INPUT', http: { status: 400 } };
      return errors.refusal(request, new GraphQLError(error.message, { extensions: refused }));
    }
    return answerOnce(errors, request, { data: null, extensions: { plan: planned } });
  };
}
