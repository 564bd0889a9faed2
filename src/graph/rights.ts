/**
 * Rights of fields. Reading data is checked on the way to it (loading/guard); what a field does beyond that, it says with
 * `@Requires`, and the schema says so. The check stands in the field's resolver, which every way of
 * executing a query calls.
 */
import { defaultFieldResolver, isIntrospectionType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLSchema } from 'graphql';
import { DESCRIBED } from '../loading/entities/index.js';
import { rightMissing } from '../loading/guard/access-error.js';
import type { Right } from '../loading/guard/rights.js';
import type { GraphContext } from './context.js';
import { Extensions } from './decorators.js';

/** Types whose data a right opens, wherever they stand in the graph: the guard of the loaders sees to it. */
const RIGHT_OF_TYPE: Readonly<Record<string, Right>> = {
  AssetTree: 'trees:read',
  AssetTreeNode: 'trees:read',
  ...Object.fromEntries(
    DESCRIBED.flatMap(({ type, right, shownBy = [type] }) => shownBy.map((shown) => [shown, right.name])),
  ),
};

/** Rights that widen what others open. */
const SCOPES: readonly Right[] = ['assets:all', 'organizations:all'];
const USABLE = 'usableRights';

/** Those of a caller's rights that the schema can do something with; others may be given before there is anything to do. */
export function usableRights(schema: GraphQLSchema, rights: Iterable<Right> = []): Right[] {
  const usable = schema.extensions[USABLE] as ReadonlySet<Right> | undefined;
  return [...rights].filter((right) => usable?.has(right)).sort();
}

/** The field is for callers who have the right; to others it is FORBIDDEN. */
export function Requires(right: Right): PropertyDecorator & MethodDecorator & ClassDecorator {
  return Extensions({ requires: right });
}

/** Puts the checks into the resolvers of a schema, and what is needed into its descriptions. */
export function enforceRights(schema: GraphQLSchema): void {
  const usable = new Set<Right>([...SCOPES, ...Object.values(RIGHT_OF_TYPE)]);
  schema.extensions = { ...schema.extensions, [USABLE]: usable };
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || !isObjectType(type)) continue;
    const right = RIGHT_OF_TYPE[type.name];
    if (right !== undefined) type.description = withNote(type.description, right);
    for (const field of Object.values(type.getFields())) {
      const required = enforce(field as GraphQLField<unknown, GraphContext>);
      if (required !== undefined) usable.add(required);
    }
  }
}

/** Gives the right that the field needs, if any. */
function enforce(field: GraphQLField<unknown, GraphContext>): Right | undefined {
  const right = field.extensions['requires'] as Right | undefined;
  if (right === undefined) return undefined;
  const resolve = field.resolve ?? defaultFieldResolver;
  field.description = withNote(field.description, right);
  field.resolve = (source, args, context, info): unknown => {
    if (context.identity.rights?.has(right) !== true) throw rightMissing(right);
    return resolve(source, args as Record<string, unknown>, context, info);
  };
  return right;
}

function withNote(description: string | null | undefined, right: Right): string {
  return `${description ?? ''} Needs the right \`${right}\`.`.trim();
}
