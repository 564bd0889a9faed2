import { InputError, type TagFilter } from './common.js';
import { and, contains, equals, exists, field, isIn, notExists, or, type Condition } from './expression.js';

/** What an operation can do with tags beyond =, like and exists. */
export interface TagSupport {
  /** Name of the map in expressions: `tags`, `measurepoint_tags` ... */
  field: string;
  /** The argument to name in refusals, e.g. `filter.tags`. */
  argument: string;
  /** Whether a list of values may be compared at once; else it is spelled out with or. */
  in: boolean;
  /** Whether it can be asked for a tag of any value; absent: it can. */
  exists?: boolean;
  /** Whether the lack of a tag can be asked for. */
  notExists: boolean;
  /** Whether a part of a value can be asked for. */
  like: boolean;
}

/**
 * Conditions on tags as an EnOS expression, and-ed, as are several conditions on one tag. Throws `InputError` for what
 * the operation cannot do.
 */
export function tagConditions(filters: readonly TagFilter[] | undefined, support: TagSupport): Condition {
  return and(...(filters ?? []).map((filter) => tagCondition(filter, support)));
}

function tagCondition(filter: TagFilter, support: TagSupport): Condition {
  const { argument } = support;
  const tag = field(support.field, `${argument}.key`, filter.key);
  const value = { ...tag, argument: `${argument}.${filter.key}` };
  const conditions: Condition[] = [];
  if (filter.equals !== undefined) conditions.push(equals(value, filter.equals));
  if (filter.in !== undefined) {
    conditions.push(support.in ? isIn(value, filter.in) : or(...filter.in.map((one) => equals(value, one))));
  }
  if (filter.contains !== undefined) {
    if (!support.like) throw new InputError(`${argument}: EnOS cannot search a part of a tag here`, argument);
    conditions.push(contains(value, filter.contains));
  }
  if (filter.exists === true && support.exists === false) {
    throw new InputError(`${argument}: EnOS cannot search for a tag of any value here`, argument);
  }
  if (filter.exists === false && !support.notExists) {
    throw new InputError(`${argument}: EnOS cannot search for the lack of a tag here`, argument);
  }
  if (filter.exists !== undefined) conditions.push(filter.exists ? exists(tag) : notExists(tag));
  if (conditions.length === 0) {
    throw new InputError(
      `${argument}: a condition on tag "${filter.key}" needs equals, in, contains or exists`,
      argument,
    );
  }
  return and(...conditions);
}
