/** What tests that go over every described entity know about one: found in the schema, so that no test names an entity. */
import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isScalarType,
} from 'graphql';
import type { GraphQLField, GraphQLObjectType, GraphQLOutputType, GraphQLSchema } from 'graphql';
import type { Entity } from '../../src/loading/entity/description.js';
import type { Rule } from '../../src/graph/plan/common-rules.js';
import { exactly } from '../../src/graph/plan/types.js';
import { ask } from './graphql-client.js';

/** A record of an answer. */
export type Shown = Record<string, unknown>;

/** A field of another type that leads to an entity. */
export interface LinkField {
  /** Where it stands, e.g. `ThingModel.products`. */
  name: string;
  /** The operation that reads it of several objects; `inner` is selected of what it leads to. */
  query(inner: string): string;
  /** What it leads to, of one object of the list. */
  found(owner: Shown): Shown[];
  /** Whether the objects of a list share its calls. */
  isShared: boolean;
}

/** An entity that root fields read. */
export type RootEntity = Entity & { readonly fields: NonNullable<Entity['fields']> };

/** Those of the entities that root fields read. */
export function withRootFields(entities: readonly Entity[]): RootEntity[] {
  return entities.filter((entity): entity is RootEntity => entity.fields !== null);
}

/** Fields of a type that are read without an argument and hold plain values. */
export function plainFields(schema: GraphQLSchema, type: string): string[] {
  const fields = Object.values((schema.getType(type) as GraphQLObjectType).getFields());
  return fields.flatMap(({ name, type: of, args }) => {
    if (args.some(isRequiredArgument)) return [];
    const named = getNamedType(of);
    return isScalarType(named) || isEnumType(named) ? [name] : [];
  });
}

/** What a list selects to be compared with others: every plain field, tags, and parts whose tags a condition is about. */
export function selectionOf(schema: GraphQLSchema, type: string): string {
  const fields = (schema.getType(type) as GraphQLObjectType).getFields();
  const input = schema.getType(`${type}Filter`);
  const parts = isInputObjectType(input) ? Object.keys(input.getFields()).map(partsTagged) : [];
  return [
    ...plainFields(schema, type),
    ...(fields['tags'] ? ['tags { key value }'] : []),
    ...parts.filter((part) => part !== undefined).map((part) => `${part} { tags { key value } }`),
  ].join(' ');
}

/** `attributeTags` is about the tags of `attributes`. */
function partsTagged(member: string): string | undefined {
  return /^\w+Tags$/.test(member) ? member.replace(/Tags$/, 's') : undefined;
}

/** All that the world holds of an entity, in EnOS's order. Throws where that is less than two: nothing could be proven. */
export async function everythingOf(url: string, schema: GraphQLSchema, entity: RootEntity): Promise<Shown[]> {
  const { many } = entity.fields;
  const { data, errors } = await ask<Record<string, { nodes: Shown[] }>>(
    url,
    `{ ${many}(first: 1000) { nodes { ${selectionOf(schema, entity.type)} } } }`,
  );
  const nodes = data?.[many]?.nodes ?? [];
  if (errors || nodes.length < 2)
    throw new Error(
      `The bundled world must hold two ${entity.nouns.many}: ${JSON.stringify(errors ?? nodes)}`,
    );
  return nodes;
}

/** Every field that leads to an entity from a type that a root field lists, as an operation over that list. */
export function linksTo(schema: GraphQLSchema, { type }: Entity): LinkField[] {
  const roots = Object.values(schema.getQueryType()!.getFields());
  return Object.values(schema.getTypeMap()).flatMap((owner) => {
    if (!isObjectType(owner) || owner === schema.getQueryType() || /(?:Edge|Connection)$/.test(owner.name))
      return [];
    return Object.values(owner.getFields()).flatMap((field) => {
      const target = getNamedType(field.type).name;
      if (target !== type && target !== `${type}Connection`) return [];
      const list = roots.find(
        ({ type: of }) =>
          getNamedType(of).name === `${owner.name}Connection` || listItemOf(of) === owner.name,
      );
      if (list === undefined || field.args.some(isRequiredArgument)) return [];
      return [linkField(owner.name, field, list, target !== type)];
    });
  });
}

function linkField(
  owner: string,
  { name, extensions }: GraphQLField<unknown, unknown>,
  list: GraphQLField<unknown, unknown>,
  isConnection: boolean,
): LinkField {
  const use = { parents: exactly(2), owners: exactly(2), args: {}, selected: new Set(['nodes']) };
  const loads = (extensions['rule'] as Rule | undefined)?.(use).flat() ?? [];
  return {
    name: `${owner}.${name}`,
    isShared: loads.some(({ loader }) => loader.endsWith(isConnection ? '.listOf' : '.one')),
    found: ({ [name]: shown }) =>
      [isConnection ? (shown as { nodes: Shown[] }).nodes : (shown as Shown | Shown[] | null)]
        .flat()
        .filter((one) => one !== null),
    query: (inner) => {
      const link = `${name} ${isConnection ? `{ nodes { ${inner} } }` : `{ ${inner} }`}`;
      if (listItemOf(list.type) === null) return `{ ${list.name}(first: 20) { nodes { ${link} } } }`;
      // A list without pages that must be told by what it is made: once for each word that there is.
      const required = list.args.find(({ type }) => isNonNullType(type));
      const words = required && getNamedType(required.type);
      if (!isEnumType(words)) return `{ ${list.name} { ${link} } }`;
      const each = words
        .getValues()
        .map((word) => `${word.name}: ${list.name}(${required!.name}: ${word.name}) { ${link} }`);
      return `{ ${each.join(' ')} }`;
    },
  };
}

/** The objects that the operation of a link has read it of. */
export function ownersIn(answer: Record<string, unknown>): Shown[] {
  return Object.values(answer).flatMap((list) =>
    Array.isArray(list) ? (list as Shown[]) : (list as { nodes: Shown[] }).nodes,
  );
}

/** Name of the type that a list without pages holds. */
function listItemOf(type: GraphQLOutputType): string | null {
  const nullable = getNullableType(type);
  return isListType(nullable) ? getNamedType(nullable).name : null;
}

/** One condition of an entity's lists. */
export interface FilterCase {
  member: string;
  /** The condition that a record fulfils. */
  value: (record: Shown) => unknown;
  /** Whether a record fulfils it. */
  holds: (record: Shown, value: never) => boolean;
}

/**
 * A case for each condition of an entity's lists. Throws for one whose meaning no field of the type shows; words, and ids of
 * what a thing is only listed by, are for tests of the entity's own.
 */
export function filterCases(schema: GraphQLSchema, entity: Entity): FilterCase[] {
  const input = schema.getType(`${entity.type}Filter`);
  const members = isInputObjectType(input) ? Object.keys(input.getFields()) : [];
  const shown = new Set(plainFields(schema, entity.type));
  return members.flatMap((member) => {
    const { input: kind, idOf } = entity.filter[member]!;
    if (kind === 'word' || kind === 'id') return [];
    const field = kind === 'ids' ? member.replace(/s$/, '') : member;
    if (kind !== 'tags' && !idOf && !shown.has(field))
      throw new Error(`${entity.type}: no field "${field}" shows what the condition "${member}" is about`);
    return [CASES[kind](member, field, idOf as ((record: Shown) => unknown) | undefined)];
  });
}

type Tags = readonly { key: string; value: string }[];

/** Tags that a condition is about: of the thing, or of all its parts. */
function tagsFor(member: string, record: Shown): Tags {
  const parts = partsTagged(member);
  return parts === undefined
    ? (record['tags'] as Tags)
    : (record[parts] as { tags: Tags }[]).flatMap(({ tags }) => tags);
}

const CASES: {
  readonly [Kind in Exclude<Entity['filter'][string]['input'], 'word' | 'id'>]: (
    member: string,
    field: string,
    idOf: ((record: Shown) => unknown) | undefined,
  ) => FilterCase;
} = {
  ids: (member, field, idOf = (record) => record[field]) => ({
    member,
    value: (record) => [idOf(record)],
    holds: (record, value: readonly unknown[]) => value.includes(idOf(record)),
  }),
  attributes: (member, field) => ({
    member,
    value: (record) =>
      Object.entries(record[field] as Shown)
        .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
        .slice(0, 1)
        .map(([attributeId, equals]) => ({ attributeId, equals })),
    holds: (record, wanted: readonly { attributeId: string; equals: unknown }[]) =>
      wanted.every(({ attributeId, equals }) => (record[field] as Shown)[attributeId] === equals),
  }),
  text: (member, field) => ({
    member,
    value: (record) => record[field],
    holds: (record, value: unknown) => record[field] === value,
  }),
  flag: (member, field) => ({
    member,
    value: (record) => record[field],
    holds: (record, value: unknown) => record[field] === value,
  }),
  name: (member, field) => ({
    member,
    value: (record) => ({ contains: String(record[field]).slice(1, 6) }),
    holds: (record, { contains }: { contains: string }) => String(record[field]).includes(contains),
  }),
  tags: (member) => ({
    member,
    value: (record) =>
      tagsFor(member, record)
        .slice(0, 1)
        .map(({ key, value }) => ({ key, equals: value })),
    holds: (record, wanted: readonly { key: string; equals: string }[]) =>
      wanted.every(({ key, equals }) =>
        tagsFor(member, record).some((tag) => tag.key === key && tag.value === equals),
      ),
  }),
};
