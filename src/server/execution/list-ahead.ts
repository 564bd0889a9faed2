/** Which fields of a list's objects are fetched ahead in a run (prefetched.ts tells what may be). */
import type { FieldPlan, Plan } from './plan.js';
import type { RunParts } from './run-parts.js';
import type { Shape } from './shape.js';
import { isObject } from './values.js';

const NONE: readonly FieldPlan[] = [];

/** None where the objects or their type are not known before they are made, or the first of them is there as text. */
export function fieldsAhead(
  plan: Plan,
  kept: RunParts | undefined,
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
