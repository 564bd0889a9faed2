/**
 * Operations made ready to run many times. What is not served here is left to graphql-js: mutations (one root field after
 * the other), subscriptions, answers with a key `__proto__`, and conditions that are not booleans.
 * docs/decisions tells why this is ours.
 */
import { OperationTypeNode, getVariableValues, type ExecutionResult } from 'graphql';
import { exactVariables } from '../variables/variables.js';
import { Plan, readDocument, type OperationParts } from './plan.js';
import { Run, type RunResult } from './run.js';
import type { FragmentsOfCaller } from './run-fragments.js';

/** What one execution is given. */
export interface ExecutionInput extends BoundInput {
  /** As they came. */
  variables: Readonly<Record<string, unknown>> | undefined;
}

/** The same without the variables. */
export interface BoundInput {
  rootValue?: unknown;
  context: unknown;
}

/** An operation whose variables have been read. Runs once. With `parts`, the answer is to be written by its `dataText`. */
export interface BoundOperation {
  execute(input: BoundInput & { parts?: FragmentsOfCaller | undefined }): RunResult | Promise<RunResult>;
}

/** An operation ready to run. */
export interface CompiledOperation {
  /**
   * Runs it. Undefined, without anything having run, where this request must go through graphql-js: its variables do not
   * fit (graphql-js says how), or a condition is null.
   */
  execute(input: ExecutionInput): ExecutionResult | Promise<ExecutionResult> | undefined;
  /** Reads the variables. Undefined where this request must go through graphql-js, as with `execute`. */
  bind(variables: ExecutionInput['variables']): BoundOperation | undefined;
  /** Fields of all plans that are kept for further requests. */
  readonly plannedFields: number;
}

/** Plans kept per operation: one for each choice of conditions that was seen lately. */
const MAX_PLANS = 16;
/** Fields that the plans of one operation may hold from one request to the next. */
const MAX_PLANNED_FIELDS = 5_000;

/**
 * Makes a validated operation ready; undefined where graphql-js must run it. `onGrowth` is called whenever a plan has got
 * more fields, since the operation then takes more memory.
 */
export function compileOperation(
  parts: OperationParts,
  onGrowth?: () => void,
): CompiledOperation | undefined {
  const { schema, operation } = parts;
  const rootType = schema.getQueryType();
  if (operation.operation !== OperationTypeNode.QUERY || !rootType) return undefined;
  const { conditions, hasProtoKey } = readDocument(parts);
  if (hasProtoKey) return undefined;
  // Others are read by fragments that only other operations of the document use.
  const declared = new Set(operation.variableDefinitions?.map(({ variable }) => variable.name.value));
  const relevant = conditions.filter((name) => declared.has(name));
  const plans = new Map<string, Plan>();

  const planFor = (variables: Record<string, unknown>): Plan | undefined => {
    const values: Record<string, boolean> = {};
    let key = '';
    for (const name of relevant) {
      const value = variables[name];
      // Null is an error of its place, which graphql-js tells.
      if (typeof value !== 'boolean') return undefined;
      values[name] = value;
      key += value ? '1' : '0';
    }
    let plan = plans.get(key);
    if (!plan) {
      if (plans.size >= MAX_PLANS) plans.clear();
      plans.set(key, (plan = new Plan(parts, values, onGrowth)));
    }
    if (plan.size > MAX_PLANNED_FIELDS) plans.delete(key);
    return plan;
  };

  const bind: CompiledOperation['bind'] = (variables) => {
    const { variableDefinitions = [] } = operation;
    const given = exactVariables(schema, variableDefinitions, variables) ?? {};
    // One error is enough to leave the request to graphql-js.
    const { coerced } = getVariableValues(schema, variableDefinitions, given, { maxErrors: 0 });
    const plan = coerced && planFor(coerced);
    if (!plan) return undefined;
    return {
      execute: ({ rootValue, context, parts: kept }) =>
        new Run(plan, rootValue, context, coerced, kept).start(rootType),
    };
  };
  return {
    bind,
    execute: ({ variables, ...input }) => bind(variables)?.execute(input),
    get plannedFields() {
      let fields = 0;
      for (const plan of plans.values()) fields += plan.size;
      return fields;
    },
  };
}
