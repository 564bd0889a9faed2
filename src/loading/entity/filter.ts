/**
 * Conditions that a list of an entity takes, each said once: how callers give it, what it means, and how EnOS is asked. Input
 * types, checks and expressions follow from it.
 */
import { isBefore, type Edition } from '../../enos/editions.js';
import type { NameFilter, TagFilter } from '../common.js';
import {
  EVERYTHING,
  and,
  contains,
  equals,
  field,
  isIn,
  type Condition,
  type Literal,
} from '../expression.js';
import { searchedLocale } from '../expression.js';
import { tagConditions, type TagSupport } from '../expression.js';

/** What callers give for each kind of condition. */
export interface FilterValues {
  ids: readonly string[];
  id: string;
  text: string;
  word: string;
  flag: boolean;
  name: NameFilter;
  tags: readonly TagFilter[];
  attributes: readonly { attributeId: string; equals: Literal }[];
}

/** An enumeration: the names of the graph, each with its word and what it means. */
export interface Words {
  readonly name: string;
  readonly description: string;
  readonly values: Readonly<Record<string, readonly [word: string, meaning: string]>>;
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
  /** Type of the entity whose id it takes, where a change of that one thing changes the list. */
  readonly changesWith?: string;
  /** The words that it takes, where it takes one of several. */
  readonly words?: Words;
  /**
   * What the search is asked with in a parameter of its own, in place of an expression; the value is undefined where the
   * condition is not given. Throws `InputError`.
   */
  readonly parameter?: (value: never, argument: string, edition: Edition) => unknown;
  /** Editions before `since` cannot be asked for it: there all that meets the other conditions is read, and this decides. */
  readonly decided?: {
    readonly since: Edition;
    matches(record: never, value: never, argument: string): boolean;
  };
}

/** Conditions of one list by their names, checked already. */
export type FilterOf = Readonly<Record<string, FilterValues[FilterInput] | undefined>>;

/** The field has one of the given ids; none of them selects nothing. `idOf` reads it from a record. */
export function anyOf<Rec>(
  name: string,
  description: string,
  idOf?: (record: Rec) => string | null,
): FilterMember & { input: 'ids' } {
  const made = member('ids', description, (ids, argument) => isIn(field(name, argument), ids));
  return idOf === undefined ? made : { ...made, idOf };
}

/** The field has the id of an entity of the type, of which a change changes the list. */
export function idOfOne(name: string, type: string, description: string): FilterMember {
  return {
    ...member('id', description, (id, argument) => equals(field(name, argument), id)),
    changesWith: type,
  };
}

/** One of several words, which the operation takes in a parameter; `parameter` makes it of the word. */
export function oneWord(
  words: Words,
  description: string,
  parameter: (word: string | undefined, argument: string, edition: Edition) => unknown,
): FilterMember {
  return { ...member('word', description, () => EVERYTHING), words, parameter };
}

/** The same condition, decided here in editions before `since`. */
export function decidedBefore<Rec, Kind extends FilterInput>(
  since: Edition,
  member: FilterMember & { input: Kind },
  matches: (record: Rec, value: FilterValues[Kind], argument: string) => boolean,
): FilterMember {
  return { ...member, decided: { since, matches } };
}

/** Static attributes have these values. */
export function attributesAre(name: string, description: string): FilterMember {
  return member('attributes', description, (attributes, argument) =>
    and(
      ...attributes.map(({ attributeId, equals: value }) =>
        equals(field(name, argument, attributeId), value),
      ),
    ),
  );
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
export function nameHas(name: string, description: string): FilterMember & { input: 'name' } {
  return member('name', description, (filter, argument) =>
    contains(field(name, argument, searchedLocale(filter, argument)), filter.contains),
  );
}

/** Conditions on tags, as far as the operation can be asked. */
export function tagged(support: Omit<TagSupport, 'argument'>, description: string): FilterMember {
  return member('tags', description, (filters, argument) => tagConditions(filters, { ...support, argument }));
}

/** What the search is asked with for the conditions of a list, and what is left to decide here. */
export interface AskedFilter {
  condition: Condition;
  parameters: Readonly<Record<string, unknown>>;
  /** Whether a record meets what the edition cannot be asked for; absent where it can be asked for all. */
  matches?: (record: unknown) => boolean;
}

/** What is asked for the conditions of a list. Throws `InputError` for one that EnOS cannot be asked. */
export function askedFilter(
  members: Readonly<Record<string, FilterMember>>,
  filter: FilterOf,
  edition: Edition,
): AskedFilter {
  const conditions: Condition[] = [];
  const parameters: Record<string, unknown> = {};
  const decided: ((record: unknown) => boolean)[] = [];
  for (const name of Object.keys(filter))
    if (!Object.hasOwn(members, name)) throw new TypeError(`No condition is called ${name}`);
  for (const [name, one] of Object.entries(members)) {
    const value = filter[name] as never;
    const argument = `filter.${name}`;
    if (one.parameter) parameters[name] = one.parameter(value, argument, edition);
    if (value === undefined) continue;
    const condition = one.condition(value, argument);
    const { decided: here } = one;
    // What matches nothing needs no record to be told.
    if (!here || !isBefore(edition, here.since) || condition.kind === 'nothing') conditions.push(condition);
    else decided.push((record) => here.matches(record as never, value, argument));
  }
  return {
    condition: and(...conditions),
    parameters,
    ...(decided.length > 0 ? { matches: (record) => decided.every((matches) => matches(record)) } : {}),
  };
}

/** Tags that the conditions of a list add to its own. */
export function tagsOfFilter(
  members: Readonly<Record<string, FilterMember>>,
  filter: FilterOf,
  tagOf: (type: string, id: string) => string,
): string[] {
  return Object.entries(filter).flatMap(([name, value]) => {
    const type = members[name]?.changesWith;
    return type === undefined || typeof value !== 'string' ? [] : [tagOf(type, value)];
  });
}

function member<Kind extends FilterInput>(
  input: Kind,
  description: string,
  condition: (value: FilterValues[Kind], argument: string) => Condition,
): FilterMember & { input: Kind } {
  return { input, description, condition };
}
