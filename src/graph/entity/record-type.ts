/** The GraphQL type of an entity, declared as data: one line for each member of its record that the graph shows. */
import { GraphQLBoolean, GraphQLID, GraphQLInt, GraphQLString } from 'graphql';
import type { Entity, EntityRecord } from '../../loading/entity/description.js';
import type { I18nText } from '../../loading/common.js';
import { then, type MaybePromise } from '../../loading/maybe.js';
import type { TypeClass } from '../lists/connection-type.js';
import type { GraphContext } from '../context.js';
import { Field, ObjectType } from '../decorators.js';
import { namedType } from '../names.js';
import { Node } from '../nodes/node.js';
import { declareType } from './declared-types.js';
import { free } from '../plan/common-rules.js';
import { BigIntScalar, DateTime, JsonScalar } from '../scalars/scalars.js';
import { Tag, toTags } from '../names.js';
import type { FieldDefinition, ResolverClass } from './define-field.js';
import { enumOf } from './define-field.js';

type FieldType = FieldDefinition['type'];

/** How a member of a record is shown. */
export interface Shown<Value> {
  /** What is declared of it: fields read as they are, fields with a resolver, or the name of the thing. */
  readonly kind: 'plain' | 'instant' | 'tags' | 'name';
  readonly type: FieldType;
  readonly description: string;
  readonly nullable: boolean;
  /** Reads it of a record, where it is not merely the member. */
  readonly from?: (record: never) => unknown;
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
/** Any JSON. */
export const json = plain<Readonly<Record<string, unknown>>>(() => () => JsonScalar);
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
  return { kind: 'plain', type: enumOf({ name, description, values }), description, nullable: true };
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
  readonly [Member in keyof Rec as Member extends '__typename' ? never : Member]?: Shown<
    Exclude<Rec[Member], undefined>
  >;
};

type Described = Pick<Entity, 'type' | 'key' | 'nouns' | 'projection'>;

/** Reads a member of a record that lists may have left out. */
export type ReadMember = (
  record: EntityRecord,
  member: string,
  context: GraphContext,
) => MaybePromise<unknown>;

/**
 * Declares the type of an entity, with `orgId` and what `fields` names; returns it with resolvers of its own. Members that
 * lists may leave out are read by `readMember`.
 */
export function recordType<Rec extends EntityRecord>(
  { type, key, nouns, projection }: Described,
  description: string,
  fields: ShownFields<Rec>,
  readMember: ReadMember,
): { type: TypeClass; fields: FieldDefinition[]; resolvers: ResolverClass[] } {
  class EntityType {}
  const all = Object.entries({
    orgId: id(`Organization that the ${nouns.one} belongs to.`),
    ...fields,
  }) as [string, Shown<unknown>][];
  const isProperty = ([name, { kind, from }]: [string, Shown<unknown>]): boolean =>
    kind === 'plain' && !from && projection?.selected.includes(name) !== true;
  for (const field of all) {
    const [name, shown] = field;
    if (isProperty(field))
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
    fields: all
      .filter((field) => !isProperty(field))
      .flatMap(([name, shown]) => resolvedFields(of, name, shown, readMember)),
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

function resolvedFields(
  of: () => TypeClass,
  name: string,
  { kind, type, description, nullable, from }: Shown<unknown>,
  readMember: ReadMember,
): FieldDefinition[] {
  if (kind === 'name') return [];
  const read = (record: EntityRecord, context: GraphContext): MaybePromise<unknown> =>
    from ? from(record as never) : readMember(record, name, context);
  const field = (called: string, as: FieldType, told: string, resolve: typeof read): FieldDefinition => ({
    of,
    name: called,
    type: as,
    options: { nullable, description: told },
    extensions: { rule: free },
    parameters: ['root', 'context'],
    resolve,
  });
  if (kind === 'tags')
    return [
      field(name, type, description, (record, context) =>
        then(read(record, context), (found) => toTags(found as Record<string, string>)),
      ),
    ];
  const itself = field(name, type, description, read);
  if (kind === 'plain') return [itself];
  const timestamp = name.replace(/At$/, 'Timestamp');
  return [itself, field(timestamp, () => BigIntScalar, `The same as ${name}, in Unix milliseconds.`, read)];
}
