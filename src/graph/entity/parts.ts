/** Heavy members of records: fetched with a list only where they are selected, one by one where they are missing. */
import type { Entity, EntityRecord } from '../../loading/entity/description.js';
import { keyOf } from '../../loading/entity/records.js';
import { then, type MaybePromise } from '../../loading/maybe.js';
import { selectsOfNodes } from '../lists/connection.js';
import type { GraphContext } from '../context.js';
import { oncePerField } from '../selection.js';
import type { SelectionInfo } from '../selection.js';

/** What tells which members a selection needs. */
export interface PartsOf {
  entity: Pick<Entity, 'projection'>;
  /** Fields of the type that need a member, besides the one that is called like it. */
  neededBy: Readonly<Record<string, readonly string[]>>;
}

const NODE_ITSELF: readonly string[] = [];

/**
 * Heavy members that a query selects of the nodes of a connection; `inside` leads from a node to the thing. Undefined where
 * all are fetched in any case.
 */
export function selectedParts(
  info: SelectionInfo,
  graph: PartsOf,
  inside = NODE_ITSELF,
): ReadonlySet<string> | undefined {
  if (graph.entity.projection === undefined) return undefined;
  return oncePerField(info, inside, readParts, { graph, inside });
}

function readParts(
  info: SelectionInfo,
  { graph: { entity, neededBy }, inside }: { graph: PartsOf; inside: readonly string[] },
): ReadonlySet<string> {
  const members = entity.projection?.selected ?? [];
  return new Set(
    members.filter((member) => selectsOfNodes(info, inside, [member, ...(neededBy[member] ?? [])])),
  );
}

/** A member of a record, fetched with the whole thing where its list left it out. */
export function memberOf<Rec extends EntityRecord, Member extends keyof Rec>(
  entity: Entity<Rec>,
  record: Rec,
  member: Member,
  { loaders }: GraphContext,
): MaybePromise<Rec[Member]> {
  const there = record[member];
  if (there !== undefined || entity.projection === undefined) return there;
  return then(loaders.of(entity).load(keyOf(entity, record)), (whole) => whole[member]);
}
