/** What values of resolvers are, as graphql-js tells it. */
import type { GraphQLLeafType } from 'graphql';
import { inspect } from 'graphql/jsutils/inspect.js';
import type { FieldPlan, Plan } from './plan.js';
import type { RunFragments } from './run-fragments.js';
import type { Shape } from './shape.js';

/** Whether it is awaited. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}

/** Whether it can be the value of a list. */
export function isIterable(value: unknown): value is Iterable<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { [Symbol.iterator]?: unknown })[Symbol.iterator] === 'function'
  );
}

/** Whether it is the value of an object, there already. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Error) && !isThenable(value);
}

/** A value as its type writes it. Throws where it cannot, as graphql-js does. */
export function serializedLeaf(type: GraphQLLeafType, value: unknown): unknown {
  const serialized: unknown = type.serialize(value);
  if (serialized != null) return serialized;
  throw new Error(
    `Expected \`${inspect(type)}.serialize(${inspect(value)})\` to ` +
      `return non-nullable value, returned: ${inspect(serialized)}`,
  );
}

const NONE: readonly FieldPlan[] = [];

/** The fields of a list's objects that are fetched ahead. None where the objects or their type are not known before they are made, or the first of them is there as text. */
export function fieldsAhead(
  plan: Plan,
  kept: RunFragments | undefined,
  field: FieldPlan,
  shape: Shape,
  list: Iterable<unknown>,
): readonly FieldPlan[] {
  if (shape.kind !== 'object' || shape.type.isTypeOf || !Array.isArray(list) || list.length < 2) return NONE;
  const { prefetched } = plan.object(field.below, shape.type);
  if (prefetched.length === 0 || !list.every(isObject)) return NONE;
  const [first] = list;
  return first && kept?.has(field, first) ? NONE : prefetched;
}
