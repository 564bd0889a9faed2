/** Variables of a request: integers beyond 2^53 as the types of GraphQL take them, and what is wrong with values that do not fit. */
import {
  GraphQLError,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  isInputObjectType,
  isListType,
  isNonNullType,
  isInputType,
  getVariableValues,
  typeFromAST,
} from 'graphql';
import type {
  GraphQLInputType,
  GraphQLSchema,
  OperationDefinitionNode,
  VariableDefinitionNode,
} from 'graphql';
import { MAX_ERRORS } from '../errors/bounds.js';
import { holdsBigInt } from './exact-json.js';

type Variables = Readonly<Record<string, unknown>>;

/**
 * Variables that scalars can read: the scalars of the specification know no `bigint`. An ID is the text of its digits, a Float
 * the nearest number, as ever; an Int refuses what it cannot hold. Scalars of the schema get the integer itself. Returns the
 * variables themselves where there is nothing to do, which is the usual case. They must be within the limits: it goes as deep as they do.
 */
export function exactVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[] | undefined,
  variables: Variables | undefined,
): Variables | undefined {
  if (variables === undefined || !holdsBigInt(variables)) return variables;
  const result: Record<string, unknown> = { ...variables };
  for (const { variable, type } of definitions ?? []) {
    const name = variable.name.value;
    const declared = typeFromAST(schema, type);
    if (Object.hasOwn(result, name) && isInputType(declared)) result[name] = fitted(result[name], declared);
  }
  return result;
}

function fitted(value: unknown, type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return fitted(value, type.ofType);
  if (isListType(type)) {
    const { ofType } = type as { ofType: GraphQLInputType };
    return Array.isArray(value) ? value.map((item) => fitted(item, ofType)) : fitted(value, ofType);
  }
  if (typeof value === 'bigint') return scalarOf(value, type);
  if (!isInputObjectType(type) || typeof value !== 'object' || value === null || Array.isArray(value))
    return value;
  const fields = type.getFields();
  return Object.fromEntries(
    Object.entries(value as Variables).map(([name, item]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      return [name, field ? fitted(item, field.type) : item];
    }),
  );
}

function scalarOf(value: bigint, type: GraphQLInputType): unknown {
  switch (type) {
    case GraphQLID:
      return String(value);
    case GraphQLFloat:
    case GraphQLInt:
      return Number(value);
    default:
      return value;
  }
}

/**
 * BAD_USER_INPUT, with status 400, for each value that does not fit, MAX_ERRORS at most; undefined where all fit. Names of the schema are
 * suggested only with `suggests`.
 */
export function variableErrors(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>> | undefined,
  suggests: boolean,
): GraphQLError[] | undefined {
  const { errors } = getVariableValues(schema, variableDefinitions, variables ?? {}, {
    // The last one says that there are more.
    maxErrors: MAX_ERRORS - 1,
    hideSuggestions: !suggests,
  });
  return errors?.map(ofCaller);
}

function ofCaller({ message, nodes, originalError, extensions }: GraphQLError): GraphQLError {
  return new GraphQLError(message, {
    ...(nodes ? { nodes } : {}),
    ...(originalError ? { originalError } : {}),
    extensions: { ...extensions, code: 'BAD_USER_INPUT', http: { status: 400 } },
  });
}
