/**
 * Objects of nothing but leaves, which most objects of an answer are: filled without the bookkeeping that failures, nulls and
 * awaited values need. At the first of these the object is given up, to be filled in the usual way.
 */
import { inspect } from 'graphql/jsutils/inspect.js';
import type { GraphQLLeafType } from 'graphql';
import type { ObjectPlan } from './plan.js';

/** A value as its type writes it. Throws where it cannot, as graphql-js does. */
export function serializedLeaf(type: GraphQLLeafType, value: unknown): unknown {
  const serialized: unknown = type.serialize(value);
  if (serialized != null) return serialized;
  throw new Error(
    `Expected \`${inspect(type)}.serialize(${inspect(value)})\` to ` +
      `return non-nullable value, returned: ${inspect(serialized)}`,
  );
}

/** The filled object; undefined where a value is to be awaited or asked for, or cannot be shown. */
export function filledLeaves(
  { fields, blank }: ObjectPlan,
  source: unknown,
): Record<string, unknown> | undefined {
  if (typeof source !== 'object' || source === null) return undefined;
  const holder = source as Readonly<Record<string, unknown>>;
  const target: Record<string, unknown> = { ...blank };
  try {
    for (const { key, field, shape } of fields) {
      // Objects are left out by the look at their plan.
      if (shape.kind !== 'leaf') return undefined;
      const value = holder[field.name];
      if (shape.isPlain(value)) target[key] = value;
      else if (value === undefined || value === null) {
        // It is null in the blank already.
        if (shape.nonNull) return undefined;
      } else if (typeof value === 'object' || typeof value === 'function') return undefined;
      else {
        target[key] = serializedLeaf(shape.type, value);
      }
    }
  } catch {
    // What is wrong is said where the field is known by its place in the answer.
    return undefined;
  }
  return target;
}
