/** A schema for what graphql-js executes while an explanation is wanted: each resolver is told to the context first. */
import { isIntrospectionType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLSchema } from 'graphql';
import type { GraphContext } from './context.js';

/** Has each resolver of a schema of its own run inside `aroundField`, so that an explanation knows which field needed what. */
export function watchFields(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || !isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) watch(field as GraphQLField<unknown, GraphContext>);
  }
  return schema;
}

function watch(field: GraphQLField<unknown, GraphContext>): void {
  const { resolve } = field;
  if (!resolve) return;
  field.resolve = (source, args, context, info): unknown => {
    const run = (): unknown => resolve(source, args as Record<string, unknown>, context, info);
    return context.aroundField ? context.aroundField(info, run) : run();
  };
}
