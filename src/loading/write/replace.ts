/** Changing what is given, or replacing the whole thing: EnOS has both, and a replacement must not undo what others changed. */
import { ConflictError, InputError } from '../common.js';
import type { Entity, EntityRecord } from '../entity/description.js';
import type { WriteContext } from './description.js';
import { flag, instant, optional } from './members.js';

/** Members of every change that can also be a replacement. */
export const REPLACEMENT = {
  replace: optional(
    flag(
      'Whether the whole is replaced: what is left out is cleared. Else what is left out keeps its value.',
    ),
  ),
  ifUnchangedSince: optional(
    instant(
      'With `replace`: when what is replaced was last changed, as it was read. CONFLICT where it was changed since.',
    ),
  ),
};

/** What has come for these members. */
export interface Replacement {
  readonly replace?: boolean;
  readonly ifUnchangedSince?: number;
}

/**
 * Checks `ifUnchangedSince` against what EnOS holds at this moment. Rejects with `ConflictError`, or `InputError` where it is
 * given without `replace`.
 */
export async function checkUnchanged<Rec extends EntityRecord>(
  { replace = false, ifUnchangedSince }: Replacement,
  entity: Entity<Rec>,
  id: string,
  updatedAt: (record: Rec) => number | null,
  { reads, orgId }: WriteContext,
): Promise<void> {
  if (ifUnchangedSince === undefined) return;
  if (!replace)
    throw new InputError(
      'Argument "input.ifUnchangedSince": expected only with replace: true',
      'input.ifUnchangedSince',
    );
  const changed = updatedAt(await reads.of(entity).fresh({ orgId, id }));
  if (changed !== null && changed > ifUnchangedSince)
    throw new ConflictError(
      `The ${entity.nouns.one} was changed at ${new Date(changed).toISOString()}, after ifUnchangedSince.`,
    );
}

/** The members that were given; with `replace`, those that were not are empty. */
export function changed<Values extends object, Empty extends { [Name in keyof Values]?: unknown }>(
  { replace = false }: Replacement,
  given: Values,
  empty: Empty,
): Partial<Values> | (Empty & Values) {
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return (replace ? { ...empty, ...present } : present) as Partial<Values> | (Empty & Values);
}
