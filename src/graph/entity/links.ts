/** Links between things, as data: resolver, batching ahead for lists, and plan rule follow from one line. */
import type { GraphQLResolveInfo } from 'graphql';
import type { EntityRecord } from '../../loading/entity/description.js';
import type { FilterOf } from '../../loading/entity/filter.js';
import type { MaybePromise } from '../../loading/maybe.js';
import { FILTER } from '../lists/filters.js';
import { ConnectionArgs, connect, emptyConnection } from '../lists/connection.js';
import type { Connection } from '../lists/connection.js';
import type { TypeClass } from '../lists/connection-type.js';
import type { GraphContext } from '../context.js';
import { badUserInput } from '../errors/raise.js';
import { compact, matchesNothing, narrowed } from '../lists/filters.js';
import { pageSizeOf } from '../lists/limits.js';
import { list, listOfOwners, shared } from '../plan/common-rules.js';
import { ofEachOrg, type FieldPrefetch } from '../prefetch.js';
import type { FieldDefinition } from './define-field.js';
import { toListQuery, withParts } from './filter-input.js';
import type { GivenFilter } from './filter-input.js';
import type { EntityGraph } from './graph.js';
import { selectedParts } from './parts.js';

/** The type that has a link, and what the link is called. */
export interface LinkFrom {
  of: () => TypeClass;
  name: string;
  description: string;
}

/** What has links: a record, or what is like one. */
interface Linking {
  readonly orgId: string;
}

/**
 * A link to one thing, by its id, asked in the organization of the object; null where the object names none. Objects of a list
 * share its calls. `find` is for ids that may lead nowhere: null then, in place of NOT_FOUND.
 */
export function linkOne<Source extends Linking, Rec extends EntityRecord>(
  { of, name, description }: LinkFrom,
  { entity, type }: Pick<EntityGraph<Rec>, 'entity' | 'type'>,
  idOf: (source: Source) => string | null,
  how: 'load' | 'find' = 'load',
): FieldDefinition {
  const ahead: FieldPrefetch<Source, unknown> = {
    load: (sources, _args, { loaders }) =>
      ofEachOrg(sources, (orgId, group) => {
        const ids = new Set(group.map(idOf).filter((id) => id !== null));
        return [loaders.of(entity).prefetch(orgId, [...ids])];
      }),
  };
  return {
    of,
    name,
    type: () => type,
    options: { nullable: true, description },
    extensions: { prefetch: ahead, rule: shared(`${entity.type}.one`) },
    parameters: ['root', 'context'],
    resolve: (source: Source, { loaders }: GraphContext): MaybePromise<Rec | null> => {
      const id = idOf(source);
      return id === null ? null : loaders.of(entity)[how]({ orgId: source.orgId, id });
    },
  };
}

/**
 * A link to many things: a connection of those whose `member` of the filter holds the object's id. Where a record tells whose it
 * is (`idOf` of the member), the lists of many objects share a search; else each is asked for.
 */
export function linkMany<Source extends Linking, Rec extends EntityRecord>(
  { of, name, description }: LinkFrom,
  target: EntityGraph<Rec>,
  member: string,
  idOf: (source: Source) => string,
): FieldDefinition {
  const { entity, connection, filter, maxPageSize } = target;
  const asks = entity.filter[member];
  const isShared = asks?.idOf !== undefined;
  return {
    of,
    name,
    type: () => connection,
    options: { nullable: true, description },
    extensions: {
      listSize: pageSizeOf,
      rule: isShared ? listOfOwners(`${entity.type}.listOf`) : list(`${entity.type}.list`, maxPageSize),
    },
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
      const { orgId } = source;
      const id = idOf(source);
      const asked = withParts(toListQuery(entity, given, undefined), selectedParts(info, target));
      if (asks?.input === 'id') refuseSecond(asked.filter, member);
      else if (!narrowed(asked.filter[member] as readonly string[] | undefined, id))
        return emptyConnection(page);
      if (matchesNothing(asked.filter)) return emptyConnection(page);
      const loader = loaders.of(entity);
      if (isShared) {
        // Lists that are alike but for their owner look alike to the loader.
        const query = { ...asked, filter: compact({ ...asked.filter, [member]: undefined }) };
        return connect(page, info, (window) => loader.listOf(orgId, query, { member, id }, window));
      }
      const query = { ...asked, filter: { ...asked.filter, [member]: asks?.input === 'id' ? id : [id] } };
      return connect(page, info, (window) => loader.list(orgId, query, window));
    },
  };
}

/** A condition that takes one id is the object's own already. Throws BAD_USER_INPUT for another. */
export function refuseSecond(filter: FilterOf, member: string): void {
  if (filter[member] === undefined) return;
  const argument = `filter.${member}`;
  throw badUserInput(`Argument "${argument}": this field is about one already.`, argument);
}
