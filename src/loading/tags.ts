/**
 * The words in which cached entries say what they were made of, and writes say what they changed: docs/caching.md has the
 * scheme. Gateway and identity are no part of them: what one caller changes is stale for every other.
 */

import type { Cache } from '../cache/cache.js';

/** One thing of an entity that has a description, and whatever lists it by id. */
export const entityTag = (type: string, orgId: string, id: string): string => tag(type, orgId, id);
/** Lists and counts of such things, which a change of any of them may alter. */
export const entitiesTag = (type: string, orgId: string): string => tag(`${type}.list`, orgId);

/** Anything about one asset: the asset itself, and whatever lists it by id. */
export const assetTag = (orgId: string, assetId: string): string => entityTag('Asset', orgId, assetId);
/** Lists and counts that any change of an asset of the organization may alter: who is in them, in which order. */
export const assetsTag = (orgId: string): string => entitiesTag('Asset', orgId);
/** A thing model, and how the organization stores its points. */
export const modelTag = (orgId: string, modelId: string): string => entityTag('ThingModel', orgId, modelId);
/** Lists of thing models. */
export const modelsTag = (orgId: string): string => entitiesTag('ThingModel', orgId);
/** A tree: itself, and everything about the places of assets in it. */
export const treeTag = (orgId: string, treeId: string): string => entityTag('AssetTree', orgId, treeId);
/** Lists of trees, and which trees assets sit in. */
export const treesTag = (orgId: string): string => entitiesTag('AssetTree', orgId);
/** Values of the points of an asset: latest ones and series. */
export const pointsTag = (orgId: string, assetId: string): string => tag('points', orgId, assetId);

/** Ids may hold any character: parts are told apart by their lengths, not by a separator. */
function tag(kind: string, ...parts: string[]): string {
  let text = kind;
  for (const part of parts) text += `:${part.length}.${part}`;
  return text;
}

/** What a write changed in an organization. */
export type Change =
  | { kind: 'points'; orgId: string; assetId: string }
  /** Of what has a description, by the name of its type; lists alone without an id. */
  | { kind: 'entity'; type: string; orgId: string; id?: string };

/**
 * Makes everything stale that was made of what a write changed: in this process at once, in the others as docs/redis.md
 * says. Later reads never get data from before, not by way of a read that was under way either. To be called
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
