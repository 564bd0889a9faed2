/** What is wrong with the variables of a request, in graphql-js's words and as errors of the caller. */
import { getVariableValues, GraphQLError } from 'graphql';
import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { MAX_ERRORS } from './limits/errors.js';

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
