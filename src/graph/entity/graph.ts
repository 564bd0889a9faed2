/** The graph's side of an entity: its type, its page, its inputs, its root fields; all but the type made of the description. */
import { GraphQLID, type GraphQLResolveInfo } from 'graphql';
import type { Entity, EntityRecord } from '../../loading/entity/description.js';
import type { MaybePromise } from '../../loading/maybe.js';
import { FILTER, ORG_ID, matchesNothing } from '../lists/filters.js';
import { ConnectionArgs, connect, emptyConnection, type Connection } from '../lists/connection.js';
import { connectionType, type TypeClass } from '../lists/connection-type.js';
import { orgOf, type GraphContext } from '../context.js';
import { FRESHNESS, Freshness, freshnessOf } from '../freshness.js';
import { pageSizeOf } from '../lists/limits.js';
import { GLOBAL_ID, toGlobalId } from '../nodes/node.js';
import { byArgument, free, list } from '../plan/common-rules.js';
import { defineFields } from './define-field.js';
import type { FieldDefinition, Parameter, ResolverClass } from './define-field.js';
import { recordType } from './record-type.js';
import type { ShownFields } from './record-type.js';
import { memberOf, selectedParts, type PartsOf } from './parts.js';
import { filterInputOf, orderInputOf, toListQuery, withParts } from './filter-input.js';
import type { GivenFilter, GivenOrder } from './filter-input.js';

/** An entity in the graph. */
export interface EntityGraph<Rec extends EntityRecord> {
  entity: Entity<Rec>;
  type: TypeClass;
  connection: TypeClass;
  filter: TypeClass | undefined;
  order: TypeClass | undefined;
  neededBy: PartsOf['neededBy'];
  /** Items of one page of EnOS, for plans. */
  maxPageSize: number;
  /** Resolvers of what follows from the description; with those of its links, they make the entity whole. */
  resolvers: readonly ResolverClass[];
}

/**
 * Declares type, page, inputs and root fields of an entity; `fields` says what of its record is shown, `neededBy` which fields
 * of its type need a heavy member besides the one that is called like it.
 */
export function entityGraph<Rec extends EntityRecord>(
  entity: Entity<Rec>,
  description: string,
  fields: ShownFields<Rec>,
  neededBy: PartsOf['neededBy'] = {},
): EntityGraph<Rec> {
  const shown = recordType(entity, description, fields, (record, member, context) =>
    memberOf(entity, record as Rec, member as keyof Rec, context),
  );
  const { type } = shown;
  const graph = {
    entity,
    type,
    connection: connectionType(entity.type, entity.nouns.many, () => type),
    filter: filterInputOf(entity),
    order: orderInputOf(entity),
    neededBy,
    maxPageSize: entity.search.maxPageSize,
  };
  const common = [oneField, manyField, globalIdField, freshnessField].map((make) =>
    make(graph as unknown as Graph<EntityRecord>),
  );
  return { ...graph, resolvers: [...defineFields([...common, ...shown.fields]), ...shown.resolvers] };
}

type Graph<Rec extends EntityRecord> = Omit<EntityGraph<Rec>, 'resolvers'>;

function oneField<Rec extends EntityRecord>({ entity, type }: Graph<Rec>): FieldDefinition {
  const { nouns, key, get, search } = entity;
  const operation = nameOf(get ?? search);
  return {
    name: rootFields(entity).one,
    type: () => type,
    options: {
      nullable: true,
      description: `One ${nouns.one} by its EnOS id (${operation}). Null and NOT_FOUND where there is none.`,
    },
    extensions: { rule: byArgument(`${entity.type}.one`, key) },
    parameters: [
      {
        argument: key,
        type: () => GraphQLID,
        options: { description: `Id of the ${nouns.one} in EnOS.` },
      },
      { argument: 'orgId', type: () => GraphQLID, options: ORG_ID },
      'context',
    ],
    resolve: (id: string, orgId: string | null | undefined, context: GraphContext): MaybePromise<Rec> =>
      context.loaders.of(entity).load({ orgId: orgOf(context, orgId), id }),
  };
}

function manyField<Rec extends EntityRecord>(graph: Graph<Rec>): FieldDefinition {
  const { entity, connection, filter, order, maxPageSize } = graph;
  const optional: Parameter[] = [
    ...(filter ? [{ argument: 'filter', type: () => filter, options: FILTER }] : []),
    ...(order ? [{ argument: 'orderBy', type: () => [order], options: ORDER }] : []),
  ];
  return {
    name: rootFields(entity).many,
    type: () => connection,
    options: {
      nullable: true,
      description: `${capital(entity.nouns.many)} of an organization (${nameOf(entity.search)}).`,
    },
    extensions: { listSize: pageSizeOf, rule: list(`${entity.type}.list`, maxPageSize) },
    parameters: [
      { arguments: () => ConnectionArgs },
      { argument: 'orgId', type: () => GraphQLID, options: ORG_ID },
      'context',
      'info',
      ...optional,
    ],
    resolve: (
      page: ConnectionArgs,
      org: string | null | undefined,
      context: GraphContext,
      info: GraphQLResolveInfo,
      ...given: unknown[]
    ): MaybePromise<Connection<Rec>> => {
      const query = toListQuery(
        entity,
        filter ? (given[0] as GivenFilter) : undefined,
        order ? (given[filter ? 1 : 0] as GivenOrder) : undefined,
      );
      if (matchesNothing(query.filter)) return emptyConnection(page);
      const orgId = orgOf(context, org);
      const asked = withParts(query, selectedParts(info, graph));
      return connect(page, info, (window) => context.loaders.of(entity).list(orgId, asked, window));
    },
  };
}

const ORDER = {
  nullable: true,
  description: 'Orders, the first one first; as EnOS sends them where absent.',
};

function globalIdField<Rec extends EntityRecord>({ entity, type }: Graph<Rec>): FieldDefinition {
  const { key } = entity;
  return {
    of: () => type,
    name: 'id',
    type: () => GraphQLID,
    options: GLOBAL_ID,
    extensions: { rule: free },
    parameters: ['root'],
    resolve: (record: Rec) =>
      toGlobalId(entity.type, record.orgId, String((record as Readonly<Record<string, unknown>>)[key])),
  };
}

function freshnessField<Rec extends EntityRecord>({ type }: Graph<Rec>): FieldDefinition {
  return {
    of: () => type,
    name: 'freshness',
    type: () => Freshness,
    options: FRESHNESS,
    extensions: { rule: free },
    parameters: ['root', 'context'],
    resolve: (record: Rec, context: GraphContext) => freshnessOf(record, context),
  };
}

function rootFields({ type, fields }: Pick<Entity, 'type' | 'fields'>): NonNullable<Entity['fields']> {
  if (fields === null) throw new TypeError(`${type} is described as one without root fields`);
  return fields;
}

/** Name of an operation without its service. */
function nameOf(read: { operation: string }): string {
  return read.operation.replace(/^.*\./, '');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
