import type { Cache } from '../cache/cache.js';
import { alertTag, alertsTag, entitiesTag, entityTag, pointsTag } from './tags.js';

/** What a write changed in an organization. */
export type Change =
  | { kind: 'points'; orgId: string; assetId: string }
  | { kind: 'alert'; orgId: string; alertId?: string }
  /** Of an entity with a description, by the name of its type; lists alone without an id. */
  | { kind: 'entity'; type: string; orgId: string; id?: string };

/**
 * Makes everything stale that was made of what a write changed: in this process at once, in the others as docs/redis.md
 * says. Whoever asks afterwards never gets data from before, not by way of a read that was under way either. To be called
 * when EnOS has accepted the write. Never rejects.
 */
export function invalidate(cache: Cache, changes: readonly Change[]): Promise<void> {
  return cache.invalidateTags([...new Set(changes.flatMap(tagsOf))]);
}

function tagsOf(change: Change): string[] {
  const { orgId } = change;
  switch (change.kind) {
    case 'points':
      return [pointsTag(orgId, change.assetId)];
    case 'alert':
      return [alertsTag(orgId), ...(change.alertId === undefined ? [] : [alertTag(orgId, change.alertId)])];
    case 'entity': {
      const { type, id } = change;
      return [entitiesTag(type, orgId), ...(id === undefined ? [] : [entityTag(type, orgId, id)])];
    }
  }
}
