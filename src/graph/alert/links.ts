/** Links that only alerts have: to what they carry a copy of, and from other things to their alerts. */
import type { GraphQLResolveInfo } from 'graphql';
import type { AlertFilter, AlertRecord, AlertState as State } from '../../loading/alerts/types.js';
import type { I18nText } from '../../loading/common.js';
import type { EntityRecord } from '../../loading/entity/description.js';
import { then, type MaybePromise } from '../../loading/maybe.js';
import { FILTER, STATE } from '../lists/filters.js';
import { ConnectionArgs, connect, emptyConnection } from '../lists/connection.js';
import type { Connection } from '../lists/connection.js';
import type { TypeClass } from '../lists/connection-type.js';
import type { GraphContext } from '../context.js';
import type { FieldDefinition } from '../entity/define-field.js';
import type { EntityGraph } from '../entity/graph.js';
import type { LinkFrom } from '../entity/links.js';
import { matchesNothing, narrowed } from '../lists/filters.js';
import { hasText } from '../i18n.js';
import { pageSizeOf } from '../lists/limits.js';
import { alertList, unlessCarried } from '../plan/rules.js';
import { selectsOnly } from '../selection.js';
import { AlertState } from './enums.js';
import { AlertFilterInput, toAlertFilter } from './filters.js';
import { AlertConnection } from './types.js';

/** A record with a name, if EnOS has one. */
type NamedRecord = EntityRecord & { readonly name: I18nText | null };

/** A definition that objects carry a copy of, its name above all: it is fetched only where more of it is selected. */
export interface Carried<Source, Rec> {
  of: () => TypeClass;
  name: string;
  description: string;
  /** Its id; null where the object refers to none. */
  id: (source: Source) => string | null;
  /** What the object says of it beside its id, in the words of EnOS. */
  raw: (source: Source) => object;
  /** Further members of the record that the object knows, should EnOS not say. */
  more?: (source: Source) => Partial<Rec>;
  /** Fields that these show. */
  fields?: readonly string[];
}

/** A link to a definition. What EnOS does not have of it is made of the copy. */
export function linkToCarried<Source extends { orgId: string }, Rec extends NamedRecord>(
  { of, name, description, id: idOf, raw, more, fields = [] }: Carried<Source, Rec>,
  { entity, type }: Pick<EntityGraph<Rec>, 'entity' | 'type'>,
): FieldDefinition {
  const carried = new Set(['id', 'orgId', 'name', 'names', entity.key, ...fields]);
  return {
    of,
    name,
    type: () => type,
    options: { nullable: true, description },
    extensions: { rule: unlessCarried(`${entity.type}.one`, carried) },
    parameters: ['root', 'context', 'info'],
    resolve: (
      source: Source,
      { loaders }: GraphContext,
      info: GraphQLResolveInfo,
    ): MaybePromise<Rec> | null => {
      const id = idOf(source);
      if (id === null) return null;
      const { orgId } = source;
      const known = more?.(source);
      const given = { ...raw(source), [entity.keyField]: id };
      const copy: Rec = { ...entity.record(given as never, orgId), ...known };
      if (hasText(copy.name) && selectsOnly(info, carried)) return copy;
      return then(loaders.of(entity).find({ orgId, id }), (record) =>
        record === null ? copy : completed(record, { name: copy.name, ...known }),
      );
    },
  };
}

/** A record with members that it lacks; itself where it lacks none of them. */
function completed<Rec extends object>(record: Rec, known: object): Rec {
  const own = record as Readonly<Record<string, unknown>>;
  const lacking = Object.entries(known).filter(([name, value]) => value != null && own[name] == null);
  return lacking.length === 0 ? record : { ...record, ...Object.fromEntries(lacking) };
}

/** `alerts`: those whose `member` of the filter holds the object's id. */
export function linkToAlerts<Source extends { readonly orgId: string }>(
  { of, name, description }: LinkFrom,
  member: 'modelIds' | 'severityIds' | 'typeIds' | 'contentIds' | 'ruleIds',
  id: (source: Source) => string,
): FieldDefinition {
  return {
    of,
    name,
    type: () => AlertConnection,
    options: { nullable: true, description },
    extensions: { listSize: pageSizeOf, rule: alertList },
    parameters: [
      'root',
      { arguments: () => ConnectionArgs },
      { argument: 'state', type: () => AlertState, options: STATE },
      { argument: 'filter', type: () => AlertFilterInput, options: FILTER },
      'context',
      'info',
    ],
    resolve: (
      source: Source,
      page: ConnectionArgs,
      state: State,
      input: AlertFilterInput | null | undefined,
      { loaders }: GraphContext,
      info: GraphQLResolveInfo,
    ): MaybePromise<Connection<AlertRecord>> => {
      const given = toAlertFilter(input);
      const ids = narrowed(given[member], id(source));
      if (!ids || matchesNothing(given)) return emptyConnection(page);
      const filter: AlertFilter = { ...given, [member]: ids };
      return connect(page, info, (window) => loaders.alerts.search(source.orgId, state, filter, window));
    },
  };
}
