import type { Cache } from '../cache/cache.js';
import { entitiesTag, entityTag, pointsTag } from './tags.js';

/** What a write changed in an organization. */
export type Change =
  | { kind: 'points'; orgId: string; assetId: string }
  /** Of what has a description, by the name of its type; lists alone without an id. */
  | { kind: 'entity'; type: string; orgId: string; id?: string };

/**
 * Makes everything stale that was made of what a write changed: in this process at once, in the others as docs/redis.md
 * says. Whoever asks afterwards never gets data from before, not by way of a read that was under way either. To be called
 * when EnOS has accepted the write. Never rejects.
 */
export function invalidate(cache: Cache, changes: readonly Change[]): Promise<void> {
  return cache.invalidateTags([...new Set(changes.flatMap(tagsOf))]);
}

/** The tags that a change makes stale. */
export function tagsOf(change: Change): string[] {
  const { orgId } = change;
  switch (change.kind) {
    case 'points':
      return [pointsTag(orgId, change.assetId)];
    case 'entity': {
      const { type, id } = change;
      return [entitiesTag(type, orgId), ...(id === undefined ? [] : [entityTag(type, orgId, id)])];
    }
  }
}
