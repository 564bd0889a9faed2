/** Which object type a value of an interface or union is, by the name that its type resolver gave. */
import { GraphQLError, isObjectType } from 'graphql';
import type { GraphQLAbstractType, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { inspect } from 'graphql/jsutils/inspect.js';
import type { FieldPlan } from './plan.js';

/** The type of that name. Throws, in graphql-js's words, where it cannot be the type of the value. */
export function objectTypeNamed(
  name: unknown,
  abstract: GraphQLAbstractType,
  { nodes, field, parentType }: FieldPlan,
  schema: GraphQLSchema,
  value: unknown,
): GraphQLObjectType {
  const place = `${parentType.name}.${field.name}`;
  if (name == null) {
    throw new GraphQLError(
      `Abstract type "${abstract.name}" must resolve to an Object type at runtime for field "${place}". ` +
        `Either the "${abstract.name}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`,
      { nodes },
    );
  }
  if (isObjectType(name)) {
    throw new GraphQLError(
      'Support for returning GraphQLObjectType from resolveType was removed in graphql-js@16.0.0 please return type name instead.',
    );
  }
  if (typeof name !== 'string') {
    throw new GraphQLError(
      `Abstract type "${abstract.name}" must resolve to an Object type at runtime for field "${place}" with ` +
        `value ${inspect(value)}, received "${inspect(name)}".`,
    );
  }
  const type = schema.getType(name);
  if (!type) {
    throw new GraphQLError(
      `Abstract type "${abstract.name}" was resolved to a type "${name}" that does not exist inside the schema.`,
      { nodes },
    );
  }
  if (!isObjectType(type)) {
    throw new GraphQLError(`Abstract type "${abstract.name}" was resolved to a non-object type "${name}".`, {
      nodes,
    });
  }
  if (!schema.isSubType(abstract, type)) {
    throw new GraphQLError(
      `Runtime Object type "${type.name}" is not a possible type for "${abstract.name}".`,
      {
        nodes,
      },
    );
  }
  return type;
}
