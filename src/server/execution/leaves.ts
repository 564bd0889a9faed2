/**
 * Objects of nothing but leaves, which most objects of an answer are: filled without the bookkeeping that failures, nulls and
 * awaited values need. At the first of these the object is given up, to be filled in the usual way.
 */
import type { ObjectPlan } from './plan.js';

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
        const serialized: unknown = shape.type.serialize(value);
        if (serialized == null) return undefined;
        target[key] = serialized;
      }
    }
  } catch {
    // What is wrong is said where the field is known by its place in the answer.
    return undefined;
  }
  return target;
}
