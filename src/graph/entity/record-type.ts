/** The GraphQL type of an entity, declared as data: one line for each member of its record that the graph shows. */
import { GraphQLBoolean, GraphQLID, GraphQLInt, GraphQLString } from 'graphql';
import type { EntityRecord } from '../../loading/entity/description.js';
import type { I18nText } from '../../loading/common.js';
import type { TypeClass } from '../lists/connection-type.js';
import { Field, ObjectType, registerEnumType } from '../decorators.js';
import { namedType, Tag, toTags } from '../names.js';
import { Node } from '../nodes/node.js';
import { declareType } from './declared-types.js';
import { free } from '../plan/common-rules.js';
import { BigIntScalar, DateTime } from '../scalars/scalars.js';
import type { FieldDefinition, ResolverClass } from './define-field.js';

type FieldType = FieldDefinition['type'];

/** How a member of a record is shown. */
export interface Shown<Value> {
  /** What is declared of it: fields read as they are, fields with a resolver, or the name of the thing. */
  readonly kind: 'plain' | 'instant' | 'tags' | 'name';
  readonly type: FieldType;
  readonly description: string;
  readonly nullable: boolean;
  /** Never there: it lets the compiler tell which members can be shown so. */
  readonly shows?: (value: Value) => void;
}

const plain =
  <Value>(type: () => FieldType) =>
  (description: string): Shown<Value> => ({ kind: 'plain', type: type(), description, nullable: true });

/** A text. */
export const text = plain<string | null>(() => () => GraphQLString);
/** A whole number of 32 bits. */
export const int = plain<number | null>(() => () => GraphQLInt);
/** True or false. */
export const flag = plain<boolean | null>(() => () => GraphQLBoolean);

/** An id that every record has. */
export const id = (description: string): Shown<string> => ({
  kind: 'plain',
  type: () => GraphQLID,
  description,
  nullable: false,
});

/** An id that may be missing. */
export const idOrNull = plain<string | null>(() => () => GraphQLID);

/** One of several words: the names of the graph, each with EnOS's word and what it means. */
export function oneOf(
  name: string,
  description: string,
  values: Readonly<Record<string, readonly [word: string, meaning: string]>>,
): Shown<string | null> {
  const entries = Object.entries(values);
  const words = Object.fromEntries(entries.map(([key, [word]]) => [key, word]));
  const valuesConfig = Object.fromEntries(
    entries.map(([key, [, meaning]]) => [key, { description: meaning }]),
  );
  registerEnumType(words, { name, description, valuesConfig });
  return { kind: 'plain', type: () => words, description, nullable: true };
}

/** Unix milliseconds: `createdAt` is shown as itself and as `createdTimestamp`. */
export const instant = (description: string): Shown<number | null> => ({
  kind: 'instant',
  type: () => DateTime,
  description,
  nullable: true,
});

/** Tags. */
export const tags: Shown<Readonly<Record<string, string>>> = {
  kind: 'tags',
  type: () => [Tag],
  description: 'Its tags.',
  nullable: false,
};

/** The name of the thing: `name(locale)` and `names`. */
export const named: Shown<I18nText | null> = {
  kind: 'name',
  type: () => GraphQLString,
  description: 'Its name.',
  nullable: false,
};

/** What of a record is shown, by the names of its members. */
export type ShownFields<Rec> = {
  readonly [Member in keyof Rec as Member extends keyof EntityRecord ? never : Member]?: Shown<Rec[Member]>;
};

/** As much of an entity as its type is made of. */
interface Described {
  readonly type: string;
  readonly key: string;
  readonly nouns: { readonly one: string };
}

/** Declares the type of an entity, with `orgId` and what `fields` names; returns it with resolvers of its own. */
export function recordType<Rec extends EntityRecord>(
  { type, key, nouns }: Described,
  description: string,
  fields: ShownFields<Rec>,
): { type: TypeClass; fields: FieldDefinition[]; resolvers: ResolverClass[] } {
  class EntityType {}
  const all = Object.entries({
    ...fields,
    orgId: id(`Organization that the ${nouns.one} belongs to.`),
  }) as [string, Shown<unknown>][];
  for (const [name, shown] of all) {
    if (shown.kind === 'plain')
      Field(shown.type, { nullable: shown.nullable, description: shown.description })(
        EntityType.prototype,
        name,
      );
  }
  ObjectType(type, { implements: Node, simpleResolvers: true, description })(EntityType);
  declareType(type, EntityType);
  const of = (): TypeClass => EntityType;
  return {
    type: EntityType,
    fields: all.flatMap(([name, shown]) => resolvedFields(of, name, shown)),
    resolvers: all
      .filter(([, { kind }]) => kind === 'name')
      .map(([name]) =>
        namedType<Record<string, unknown>>(of, nouns.one, (record) => ({
          text: record[name] as I18nText | null,
          id: String(record[key]),
        })),
      ),
  };
}

function resolvedFields(of: () => TypeClass, name: string, shown: Shown<unknown>): FieldDefinition[] {
  const { kind, type, description, nullable } = shown;
  const read = (record: Readonly<Record<string, unknown>>): unknown => record[name];
  const field = (called: string, as: FieldType, told: string, resolve: typeof read): FieldDefinition => ({
    of,
    name: called,
    type: as,
    options: { nullable, description: told },
    extensions: { rule: free },
    parameters: ['root'],
    resolve: resolve,
  });
  if (kind === 'tags')
    return [field(name, type, description, (record) => toTags(read(record) as Record<string, string>))];
  if (kind !== 'instant') return [];
  return [
    field(name, type, description, read),
    field(
      name.replace(/At$/, 'Timestamp'),
      () => BigIntScalar,
      `The same as ${name}, in Unix milliseconds.`,
      read,
    ),
  ];
}
