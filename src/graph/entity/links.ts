/** Links between things, as data: resolver, batching ahead for lists, and plan rule follow from one line. */
import type { GraphQLResolveInfo } from 'graphql';
import type { EntityRecord } from '../../loading/entity/description.js';
import type { MaybePromise } from '../../loading/maybe.js';
import { FILTER, compact, matchesNothing, narrowed } from '../lists/filters.js';
import { ConnectionArgs, connect, emptyConnection, type Connection } from '../lists/connection.js';
import type { TypeClass } from '../lists/connection-type.js';
import { modelAhead } from '../asset/prefetch.js';
import type { GraphContext } from '../context.js';
import { loadModel } from '../model/load.js';
import { ThingModel } from '../model/types.js';
import { pageSizeOf } from '../lists/limits.js';
import { listOfOwners, shared } from '../plan/common-rules.js';
import type { FieldDefinition } from './define-field.js';
import { toListQuery, type GivenFilter } from './filter-input.js';
import type { EntityGraph } from './graph.js';

/** The type that has a link, and what the link is called. */
export interface LinkFrom<Source> {
  of: () => TypeClass;
  name: string;
  description: string;
  /** Organization of the object. */
  orgId: (source: Source) => string;
}

/** A link to many things: a connection of those whose `member` of the filter holds the object's id. */
export function linkMany<Source, Rec extends EntityRecord>(
  { of, name, description, orgId }: LinkFrom<Source>,
  target: EntityGraph<Rec>,
  member: string,
  id: (source: Source) => string,
): FieldDefinition {
  const { entity, connection, filter } = target;
  return {
    of,
    name,
    type: () => connection,
    options: { nullable: true, description },
    extensions: { listSize: pageSizeOf, rule: listOfOwners(`${entity.type}.listOf`) },
    parameters: [
      'root',
      { arguments: () => ConnectionArgs },
      'context',
      'info',
      ...(filter ? [{ argument: 'filter', type: () => filter, options: FILTER }] : []),
    ],
    resolve: (
      source: Source,
      page: ConnectionArgs,
      { loaders }: GraphContext,
      info: GraphQLResolveInfo,
      given?: GivenFilter,
    ): MaybePromise<Connection<Rec>> => {
      const asked = toListQuery(entity, given, undefined);
      const owner = { member, id: id(source) };
      if (!narrowed(asked.filter[member] as readonly string[] | undefined, owner.id))
        return emptyConnection(page);
      if (matchesNothing(asked.filter)) return emptyConnection(page);
      // Lists that are alike but for their owner look alike to the loader.
      const query = { ...asked, filter: compact({ ...asked.filter, [member]: undefined }) };
      return connect(page, info, (window) => loaders.of(entity).listOf(orgId(source), query, owner, window));
    },
  };
}

/**
 * A link to one thing by an id that the object has; null where it has none. `find` is for ids that may lead nowhere: null then,
 * in place of NOT_FOUND.
 */
export function linkOne<Source, Rec extends EntityRecord>(
  { of, name, description, orgId }: LinkFrom<Source>,
  { entity, type }: Pick<EntityGraph<Rec>, 'entity' | 'type'>,
  idOf: (source: Source) => string | null,
  how: 'load' | 'find' = 'load',
): FieldDefinition {
  return {
    of,
    name,
    type: () => type,
    options: { nullable: true, description },
    extensions: { rule: shared(`${entity.type}.one`) },
    parameters: ['root', 'context'],
    resolve: (source: Source, { loaders }: GraphContext): MaybePromise<Rec | null> => {
      const id = idOf(source);
      return id === null ? null : loaders.of(entity)[how]({ orgId: orgId(source), id });
    },
  };
}

/** `model`: the thing model of an entity, by the id in its record. */
export function linkToModel<Rec extends EntityRecord>(
  { type, entity }: EntityGraph<Rec>,
  modelIdOf: (record: Rec) => string | null,
  description = `Thing model of the ${entity.nouns.one} (searchThingModel).`,
): FieldDefinition {
  return {
    of: () => type,
    name: 'model',
    type: () => ThingModel,
    options: { nullable: true, description },
    extensions: { prefetch: modelAhead, rule: shared('model') },
    parameters: ['root', 'context'],
    resolve: (record: Rec, { loaders }: GraphContext) => {
      const modelId = modelIdOf(record);
      return modelId === null ? null : loadModel(loaders, { orgId: record.orgId, modelId });
    },
  };
}
