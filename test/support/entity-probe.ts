/** What tests that go over every described entity know about one: found in the schema, so that no test names an entity. */
import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from 'graphql';
import type { GraphQLField, GraphQLObjectType, GraphQLOutputType, GraphQLSchema } from 'graphql';
import type { Entity } from '../../src/loading/entity/description.js';
import { ask } from './graphql-client.js';

/** A record of an answer. */
export type Shown = Record<string, unknown>;

/** A field of another type that leads to an entity. */
export interface LinkField {
  /** Where it stands, e.g. `ThingModel.products`. */
  name: string;
  /** The operation that reads it of several objects; `inner` is selected of what it leads to. */
  query(inner: string): string;
  isList: boolean;
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
  return fields.flatMap(({ name, type: of }) => {
    const named = getNamedType(of);
    return isScalarType(named) || isEnumType(named) ? [name] : [];
  });
}

/** What a list selects to be compared with others: every plain field, and tags. */
export function selectionOf(schema: GraphQLSchema, type: string): string {
  const fields = (schema.getType(type) as GraphQLObjectType).getFields();
  return [...plainFields(schema, type), ...(fields['tags'] ? ['tags { key value }'] : [])].join(' ');
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

/** Every field that leads to an entity from another type, as an operation over the list of those types. */
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
      if (list === undefined)
        throw new Error(`No root field lists ${owner.name}, so that ${field.name} cannot be tested`);
      return [linkField(owner.name, field, list, target !== type)];
    });
  });
}

function linkField(
  owner: string,
  { name }: GraphQLField<unknown, unknown>,
  list: GraphQLField<unknown, unknown>,
  isList: boolean,
): LinkField {
  return {
    name: `${owner}.${name}`,
    isList,
    query: (inner) => {
      const link = `${name} ${isList ? `{ nodes { ${inner} } }` : `{ ${inner} }`}`;
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

/** A case for each condition of an entity's lists. Throws for one whose meaning no field of the type shows. */
export function filterCases(schema: GraphQLSchema, entity: Entity): FilterCase[] {
  const input = schema.getType(`${entity.type}Filter`);
  const members = isInputObjectType(input) ? Object.keys(input.getFields()) : [];
  const shown = new Set(plainFields(schema, entity.type));
  return members.map((member) => {
    const { input: kind } = entity.filter[member]!;
    const field = kind === 'ids' ? member.replace(/s$/, '') : member;
    if (kind !== 'tags' && !shown.has(field))
      throw new Error(`${entity.type}: no field "${field}" shows what the condition "${member}" is about`);
    return CASES[kind](member, field);
  });
}

type Tags = readonly { key: string; value: string }[];

const CASES: {
  readonly [Kind in Entity['filter'][string]['input']]: (member: string, field: string) => FilterCase;
} = {
  ids: (member, field) => ({
    member,
    value: (record) => [record[field]],
    holds: (record, value: readonly unknown[]) => value.includes(record[field]),
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
    value: (record) => (record['tags'] as Tags).slice(0, 1).map(({ key, value }) => ({ key, equals: value })),
    holds: (record, wanted: readonly { key: string; equals: string }[]) =>
      wanted.every(({ key, equals }) =>
        (record['tags'] as Tags).some((tag) => tag.key === key && tag.value === equals),
      ),
  }),
};
