/** Inputs that several filters share, and how they become what the loaders take. */
import { GraphQLBoolean, GraphQLID, GraphQLString } from 'graphql';
import type { FilterValues } from '../../loading/entity/filter.js';
import type { NameFilter, TagFilter } from '../../loading/common.js';
import { Field, InputType } from '../decorators.js';
import { badUserInput } from '../errors/raise.js';
import { MAX_LIST_SIZE } from './limits.js';
import { JsonScalar } from '../scalars/scalars.js';
import { shownValue } from '../scalars/shown.js';

@InputType('NameFilter', { description: 'A condition on a name.' })
export class NameFilterInput {
  @Field(() => GraphQLString, { description: 'Part of the name. Must not be empty.' })
  contains!: string;

  @Field(() => GraphQLString, {
    nullable: true,
    description:
      'Language searched: `default`, `en_US`, `zh_CN`, `ja_JP`, `es_ES`. All languages where absent.',
  })
  locale?: string | null;
}

@InputType('TagFilter', {
  description: 'A condition on one tag. At most one of equals, in, contains and exists.',
})
export class TagFilterInput {
  @Field(() => GraphQLString, { description: 'Key of the tag.' })
  key!: string;

  @Field(() => GraphQLString, { nullable: true, description: 'The tag has this value.' })
  equals?: string | null;

  @Field(() => [GraphQLString], { nullable: true, description: 'The tag has one of these values.' })
  in?: string[] | null;

  @Field(() => GraphQLString, { nullable: true, description: 'The value holds this text.' })
  contains?: string | null;

  @Field(() => GraphQLBoolean, {
    nullable: true,
    description: 'Whether the tag is there, whatever its value. True where no other condition is given.',
  })
  exists?: boolean | null;
}

@InputType('AttributeFilter', { description: 'A condition on a static attribute.' })
export class AttributeFilterInput {
  @Field(() => GraphQLID, { description: 'Id of the attribute.' })
  attributeId!: string;

  @Field(() => JsonScalar, {
    description:
      'The attribute has this value: a text, a number or a boolean. Integers are exact at any size, as numbers in the query or in variables.',
  })
  equals!: unknown;
}

/** Condition on a name, or undefined where none is given. */
export function toNameFilter(
  input: NameFilterInput | null | undefined,
  argument: string,
): NameFilter | undefined {
  if (!input) return undefined;
  if (input.contains === '')
    throw badUserInput(`Argument "${argument}.contains" must not be empty.`, `${argument}.contains`);
  return { contains: input.contains, ...(input.locale != null ? { locale: input.locale } : {}) };
}

/** Conditions on tags; undefined where there are none. */
export function toTagFilters(
  inputs: readonly TagFilterInput[] | null | undefined,
  argument: string,
): readonly TagFilter[] | undefined {
  if (!inputs || inputs.length === 0) return undefined;
  checkLength(inputs, argument);
  return inputs.map((input, index) => toTagFilter(input, `${argument}[${index}]`));
}

function toTagFilter(
  { key, equals, in: values, contains, exists }: TagFilterInput,
  argument: string,
): TagFilter {
  const given = [equals, values, contains, exists].filter((condition) => condition != null);
  if (given.length > 1) {
    throw badUserInput(
      `Argument "${argument}": give at most one of equals, in, contains and exists.`,
      argument,
    );
  }
  if (key === '') throw badUserInput(`Argument "${argument}.key" must not be empty.`, `${argument}.key`);
  if (equals != null) return { key, equals };
  if (values != null) return { key, in: checkLength(values, `${argument}.in`) };
  if (contains != null) return { key, contains };
  return { key, exists: exists ?? true };
}

/** Conditions on static attributes; undefined where there are none. */
export function toAttributeFilters(
  inputs: readonly AttributeFilterInput[] | null | undefined,
  argument: string,
): FilterValues['attributes'] | undefined {
  if (!inputs || inputs.length === 0) return undefined;
  return checkLength(inputs, argument).map(({ attributeId, equals }, index) => {
    if (isScalar(equals)) return { attributeId, equals };
    const place = `${argument}[${index}].equals`;
    throw badUserInput(
      `Argument "${place}" must be a text, a number or a boolean, got ${shownValue(equals)}.`,
      place,
    );
  });
}

function isScalar(value: unknown): value is string | number | bigint | boolean {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}

/** A list of ids of a filter, without repetitions; undefined where absent. Throws beyond the limit of a list. */
export function toIds(
  ids: readonly string[] | null | undefined,
  argument: string,
): readonly string[] | undefined {
  if (!ids) return undefined;
  checkLength(ids, argument);
  return [...new Set(ids)];
}

/** The list itself, unless it is longer than a list may be. */
export function checkLength<List extends readonly unknown[]>(list: List, argument: string): List {
  if (list.length > MAX_LIST_SIZE) {
    throw badUserInput(
      `Argument "${argument}": ${list.length} values are more than the limit of ${MAX_LIST_SIZE}.`,
      argument,
    );
  }
  return list;
}

/** Whether a filter has an empty list of ids or values: nothing can meet it, and EnOS need not be asked. */
export function matchesNothing(filter: object): boolean {
  return Object.entries(filter).some(([name, value]: [string, unknown]) => {
    if (!Array.isArray(value)) return false;
    if (value.length === 0) return name.endsWith('Ids');
    return value.some((item: unknown) => isTagInNothing(item));
  });
}

function isTagInNothing(item: unknown): boolean {
  return (
    typeof item === 'object' &&
    item !== null &&
    'in' in item &&
    Array.isArray(item.in) &&
    item.in.length === 0
  );
}

/**
 * Adds an id to a list of a filter that is and-ed with it. Undefined where the list excludes the id: nothing can match.
 */
export function narrowed(ids: readonly string[] | undefined, id: string): readonly string[] | undefined {
  return ids === undefined || ids.includes(id) ? [id] : undefined;
}

/** The same object without the members that are undefined, so that equal filters look alike to loaders. */
export function compact<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}

/** Descriptions of arguments that many fields take. */
export const ORG_ID = {
  nullable: true,
  description: "Organization asked about; the caller's own where absent.",
} as const;

export const FILTER = { nullable: true, description: 'Conditions, all of which must hold.' } as const;

export const STATE = {
  defaultValue: 'ACTIVE',
  description: 'Open alerts, or past ones (of the last three months unless the filter says otherwise).',
} as const;
