/**
 * Conditions that a list of an entity takes, each said once: how callers give it, what it means, and how EnOS is asked. Input
 * types, checks and expressions follow from it.
 */
import type { NameFilter, TagFilter } from '../common.js';
import {
  and,
  contains,
  equals,
  field,
  isIn,
  type Condition,
  searchedLocale,
  tagConditions,
  type TagSupport,
} from '../expression.js';

/** What callers give for each kind of condition. */
export interface FilterValues {
  ids: readonly string[];
  text: string;
  flag: boolean;
  name: NameFilter;
  tags: readonly TagFilter[];
}

/** How callers give a condition. */
export type FilterInput = keyof FilterValues;

/** One condition. */
export interface FilterMember {
  readonly input: FilterInput;
  /** For the schema. */
  readonly description: string;
  /** Throws `InputError` for what EnOS cannot be asked; `argument` is the path to name, e.g. `filter.name`. */
  condition(value: never, argument: string): Condition;
  /**
   * The id of a record that the condition is about, where it is about one: lists that differ in it alone are then read
   * together.
   */
  readonly idOf?: (record: never) => string | null;
}

/** Conditions of one list by their names, checked already. */
export type FilterOf = Readonly<Record<string, FilterValues[FilterInput] | undefined>>;

/** The field has one of the given ids; none of them selects nothing. `idOf` reads it from a record. */
export function anyOf<Rec>(
  name: string,
  description: string,
  idOf?: (record: Rec) => string | null,
): FilterMember {
  const made = member('ids', description, (ids, argument) => isIn(field(name, argument), ids));
  return idOf === undefined ? made : { ...made, idOf };
}

/** The field has the text. */
export function sameText(name: string, description: string): FilterMember {
  return member('text', description, (text, argument) => equals(field(name, argument), text));
}

/** The field is true or false. */
export function isTrue(name: string, description: string): FilterMember {
  return member('flag', description, (flag, argument) => equals(field(name, argument), flag));
}

/** A part of a name that has several languages. */
export function nameHas(name: string, description: string): FilterMember {
  return member('name', description, (filter, argument) =>
    contains(field(name, argument, searchedLocale(filter, argument)), filter.contains),
  );
}

/** Conditions on tags, as far as the operation can be asked. */
export function tagged(support: Omit<TagSupport, 'argument'>, description: string): FilterMember {
  return member('tags', description, (filters, argument) => tagConditions(filters, { ...support, argument }));
}

/** All conditions of a list. Throws `InputError` for one that EnOS cannot be asked. */
export function conditionOf(members: Readonly<Record<string, FilterMember>>, filter: FilterOf): Condition {
  const conditions = Object.entries(filter).flatMap(([name, value]) => {
    const known = members[name];
    if (value === undefined) return [];
    if (known === undefined) throw new TypeError(`No condition is called ${name}`);
    return [known.condition(value as never, `filter.${name}`)];
  });
  return and(...conditions);
}

function member<Kind extends FilterInput>(
  input: Kind,
  description: string,
  condition: (value: FilterValues[Kind], argument: string) => Condition,
): FilterMember {
  return { input, description, condition };
}
