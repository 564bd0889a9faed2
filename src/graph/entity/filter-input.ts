/** The filter and order inputs of an entity's lists, made of its description. */
import { GraphQLBoolean, GraphQLID, GraphQLString } from 'graphql';
import type { Entity } from '../../loading/entity/description.js';
import type { FilterInput, FilterMember, FilterOf, FilterValues } from '../../loading/entity/filter.js';
import type { ListQuery } from '../../loading/entity/query.js';
import type { TypeClass } from '../lists/connection-type.js';
import { Field, InputType, registerEnumType } from '../decorators.js';
import { badUserInput } from '../errors/raise.js';
import {
  AttributeFilterInput,
  NameFilterInput,
  TagFilterInput,
  compact,
  toAttributeFilters,
  toIds,
  toNameFilter,
  toTagFilters,
} from '../lists/filters.js';
import { enumOf } from './define-field.js';

/** How one kind of condition is declared, and read from what came. Reading throws BAD_USER_INPUT. */
interface InputKind<Value> {
  type(member: FilterMember): Parameters<typeof Field>[0];
  read(given: never, argument: string): Value | undefined;
}

const KINDS: { readonly [Kind in FilterInput]: InputKind<FilterValues[Kind]> } = {
  ids: {
    type: () => () => [GraphQLID],
    read: (given: readonly string[], argument) => toIds(given, argument),
  },
  id: { type: () => () => GraphQLID, read: (given: string) => given },
  text: { type: () => () => GraphQLString, read: (given: string, argument) => notEmpty(given, argument) },
  word: { type: ({ words }) => enumOf(words!), read: (given: string) => given },
  flag: { type: () => () => GraphQLBoolean, read: (given: boolean) => given },
  name: {
    type: () => () => NameFilterInput,
    read: (given: NameFilterInput, argument) => toNameFilter(given, argument),
  },
  tags: {
    type: () => () => [TagFilterInput],
    read: (given: TagFilterInput[], argument) => toTagFilters(given, argument),
  },
  attributes: {
    type: () => () => [AttributeFilterInput],
    read: (given: AttributeFilterInput[], argument) => toAttributeFilters(given, argument),
  },
};

/** As much of a description as inputs are made of. */
type Described = Pick<Entity, 'type' | 'nouns' | 'filter' | 'sort'>;

/** What callers give as a filter. */
export type GivenFilter = Readonly<Record<string, unknown>> | null | undefined;
/** What callers give as an order. */
export type GivenOrder = readonly { field: string; direction?: string | null }[] | null | undefined;

/** Declares `<Type>Filter`; undefined where the lists of an entity take no conditions. */
export function filterInputOf({ type, nouns, filter }: Described): TypeClass | undefined {
  const members = Object.entries(filter);
  if (members.length === 0) return undefined;
  class EntityFilter {}
  for (const [name, member] of members) {
    const { input, description } = member;
    Field(KINDS[input].type(member), { nullable: true, description })(EntityFilter.prototype, name);
  }
  InputType(`${type}Filter`, {
    description: `Conditions on ${nouns.many}. All that are given must hold.`,
  })(EntityFilter);
  return EntityFilter;
}

/** Whether an order rises or falls. */
export const SortDirection = { ASC: 'ASC', DESC: 'DESC' } as const;
registerEnumType(SortDirection, {
  name: 'SortDirection',
  description: 'Which way an order runs.',
  valuesConfig: { ASC: { description: 'Smallest first.' }, DESC: { description: 'Largest first.' } },
});

/** Declares `<Type>Order` and its enumeration of fields; undefined where EnOS cannot sort the lists of an entity. */
export function orderInputOf({ type, nouns, sort }: Described): TypeClass | undefined {
  const names = Object.keys(sort);
  if (names.length === 0) return undefined;
  const Fields = Object.fromEntries(names.map((name) => [name, name]));
  registerEnumType(Fields, {
    name: `${type}OrderField`,
    description: `What ${nouns.many} can be sorted by.`,
    valuesConfig: Object.fromEntries(names.map((name) => [name, { description: `By \`${name}\`.` }])),
  });
  class EntityOrder {}
  Field(() => Fields, { description: 'What to sort by.' })(EntityOrder.prototype, 'field');
  Field(() => SortDirection, { defaultValue: 'ASC', description: 'Which way.' })(
    EntityOrder.prototype,
    'direction',
  );
  InputType(`${type}Order`, { description: `An order of ${nouns.many}.` })(EntityOrder);
  return EntityOrder;
}

/** What the loader takes. Throws BAD_USER_INPUT that names the condition. */
export function toListQuery({ filter }: Described, given: GivenFilter, order: GivenOrder): ListQuery {
  const values: Record<string, FilterOf[string]> = {};
  for (const [name, { input }] of Object.entries(filter)) {
    const value = given?.[name];
    if (value != null) values[name] = KINDS[input].read(value as never, `filter.${name}`);
  }
  const orders = (order ?? []).map(({ field, direction }) => ({
    by: field,
    descending: direction === 'DESC',
  }));
  return { filter: compact(values), orders };
}

/** The same for some members of the things; undefined for all. */
export function withParts(query: ListQuery, parts: ReadonlySet<string> | undefined): ListQuery {
  return parts === undefined ? query : { ...query, parts };
}

function notEmpty(given: string, argument: string): string {
  if (given === '') throw badUserInput(`Argument "${argument}" must not be empty.`, argument);
  return given;
}
