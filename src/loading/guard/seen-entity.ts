/** Entities as callers see them who may see some assets only, as their descriptions have it. */
import type { Slice } from '../common.js';
import type { Entity, EntityRecord } from '../entity/description.js';
import type { EntityLoader } from '../entity/loader.js';
import { then, type MaybePromise } from '../maybe.js';
import type { SeenAssets } from './assets.js';

/** The reads of an entity, over what may be seen. */
export function seenEntity<Rec extends EntityRecord>(
  loader: EntityLoader<Rec>,
  { assets }: Entity<Rec>,
  seen: SeenAssets,
): EntityLoader<Rec> {
  if (assets === 'none') return loader;
  const redacted = <Found>(
    orgId: string,
    found: MaybePromise<Found>,
    each: (found: Found, redact: (record: Rec) => Rec) => Found,
  ): MaybePromise<Found> =>
    then(seen(orgId), (visible) => {
      const redact = (record: Rec): Rec => assets.redact(record, (assetId) => visible.has(assetId));
      return then(found, (what) => each(what, redact));
    });
  const inSlice = (slice: Slice<Rec>, redact: (record: Rec) => Rec): Slice<Rec> => ({
    ...slice,
    items: slice.items.map(redact),
  });
  return {
    load: (key) => redacted(key.orgId, loader.load(key), (record, redact) => redact(record)),
    fresh: async (key) => redacted(key.orgId, await loader.fresh(key), (record, redact) => redact(record)),
    find: (key) => redacted(key.orgId, loader.find(key), (record, redact) => record && redact(record)),
    prefetch: (orgId, ids) => loader.prefetch(orgId, ids),
    list: (orgId, query, window) => redacted(orgId, loader.list(orgId, query, window), inSlice),
    listOf: (orgId, query, owner, window) =>
      redacted(orgId, loader.listOf(orgId, query, owner, window), inSlice),
  };
}
