/** Records of entities, whichever read brought them. */
import type { OperationId } from '../../enos/operation.js';
import { localError } from '../enos-call.js';
import type { Entity, EntityKey, EntityRecord } from './description.js';

/**
 * A record of what an operation sent; `parts` as in `Entity.record`. Throws `EnosError` (invalid-response) where it lacks what
 * every such thing has.
 */
export function recordOf<Rec extends EntityRecord>(
  entity: Entity<Rec>,
  raw: unknown,
  orgId: string,
  operation: OperationId,
  parts?: ReadonlySet<string>,
): Rec {
  const record = entity.record(raw as never, orgId, parts);
  const members = record as unknown as Readonly<Record<string, unknown>>;
  if (typeof members[entity.key] === 'string' && entity.needs.every((name) => members[name] != null))
    return record;
  const needed = entity.needs.join(' or ');
  const message = `EnOS sent one of the ${entity.nouns.many} without ${needed}`;
  throw localError(operation, 'invalid-response', message);
}

/** The key of a record. */
export function keyOf<Rec extends EntityRecord>({ key }: Entity<Rec>, record: Rec): EntityKey {
  return { orgId: record.orgId, id: (record as unknown as Record<string, string>)[key] ?? '' };
}

/** Whether a record lacks nothing of its thing, so that it may stand for it everywhere. */
export function isWhole<Rec extends EntityRecord>({ projection }: Entity<Rec>, record: Rec): boolean {
  const members = record as unknown as Readonly<Record<string, unknown>>;
  return projection === undefined || projection.selected.every((name) => members[name] !== undefined);
}

/**
 * What EnOS is to send of each thing where some members are selected; `prefix` leads to the thing, e.g. `assets.*.`. Undefined
 * where it sends all in any case.
 */
export function projectionOf(
  { projection }: Pick<Entity, 'projection'>,
  parts: ReadonlySet<string> | undefined,
  prefix = '',
): string[] | undefined {
  if (projection === undefined) return undefined;
  const selected = projection.selected.filter((name) => parts?.has(name) ?? true);
  return [...projection.always, ...selected].map((property) => prefix + property);
}
