/** Entities as callers see them who may see some assets only, as their descriptions have it. */
import type { Slice, Window } from '../common.js';
import type { AssetRule, Entity, EntityKey, EntityRecord } from '../entity/description.js';
import type { EntityLoader } from '../entity/loader.js';
import type { ListQuery } from '../entity/query.js';
import { keyOf } from '../entity/records.js';
import { isPromise, rejected, then, type MaybePromise } from '../maybe.js';
import { isNotFound } from '../../enos/errors.js';
import { unseen } from './access-error.js';
import { MAX_IDS, filteredWhole, oneAfterTheOther, seenIds } from './narrow.js';

/** Ids of the assets of an organization that the caller may see. */
export type SeenAssets = (orgId: string) => MaybePromise<ReadonlySet<string>>;

type Ids = ReadonlySet<string>;
type Redacting<Rec> = Extract<AssetRule<Rec>, { redact: unknown }>;
type Narrowing<Rec> = Extract<AssetRule<Rec>, { narrowBy: string }>;

/** The reads of an entity, over what may be seen. */
export function seenEntity<Rec extends EntityRecord>(
  loader: EntityLoader<Rec>,
  entity: Entity<Rec>,
  seen: SeenAssets,
): EntityLoader<Rec> {
  const { assets } = entity;
  if (assets === 'none') return loader;
  return 'redact' in assets ? redacted(loader, assets, seen) : narrowed(loader, entity, assets, seen);
}

function redacted<Rec extends EntityRecord>(
  loader: EntityLoader<Rec>,
  assets: Redacting<Rec>,
  seen: SeenAssets,
): EntityLoader<Rec> {
  const read = <Found>(
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
    load: (key) => read(key.orgId, loader.load(key), (record, redact) => redact(record)),
    fresh: async (key) => read(key.orgId, await loader.fresh(key), (record, redact) => redact(record)),
    find: (key) => read(key.orgId, loader.find(key), (record, redact) => record && redact(record)),
    prefetch: (orgId, ids) => loader.prefetch(orgId, ids),
    list: (orgId, query, window) => read(orgId, loader.list(orgId, query, window), inSlice),
    listOf: (orgId, query, owner, window) => read(orgId, loader.listOf(orgId, query, owner, window), inSlice),
  };
}

function narrowed<Rec extends EntityRecord>(
  loader: EntityLoader<Rec>,
  entity: Entity<Rec>,
  assets: Narrowing<Rec>,
  seen: SeenAssets,
): EntityLoader<Rec> {
  const { narrowBy } = assets;
  const assetOf = (record: Rec): string => assets.idOf?.(record) ?? keyOf(entity, record).id;
  /** EnOS is not asked for what its key says may not be seen. */
  const isUnseen = ({ id }: EntityKey, visible: Ids): boolean => !assets.idOf && !visible.has(id);
  const read = <Found>(
    key: EntityKey,
    load: () => MaybePromise<Found & (Rec | null)>,
    otherwise: () => MaybePromise<Found>,
  ): MaybePromise<Found> =>
    then(seen(key.orgId), (visible) => {
      if (isUnseen(key, visible)) return otherwise();
      const check = (record: Found & (Rec | null)): MaybePromise<Found> =>
        record === null || visible.has(assetOf(record)) ? record : otherwise();
      const found = load();
      if (!assets.idOf) return found;
      if (!isPromise(found)) return check(found);
      // Must not be told from what belongs to somebody else's asset.
      return found.then(check, (error: unknown) => (isNotFound(error) ? otherwise() : rejected(error)));
    });
  /** Ids of too many assets make several lists, which have no order among them: one with an order is read whole. */
  const list = (
    orgId: string,
    query: ListQuery,
    window: Window,
    ask: (query: ListQuery, window: Window) => MaybePromise<Slice<Rec>>,
  ): MaybePromise<Slice<Rec>> =>
    then(seen(orgId), (visible) => {
      const ids = seenIds(visible, query.filter[narrowBy] as readonly string[] | undefined);
      if (ids.length > MAX_IDS && query.orders.length > 0)
        return filteredWhole(
          window,
          (record: Rec) => visible.has(assetOf(record)),
          (part) => ask(query, part),
        );
      return oneAfterTheOther(ids, window, (some, part) =>
        ask({ ...query, filter: { ...query.filter, [narrowBy]: some } }, part),
      );
    });
  const { one } = entity.nouns;
  return {
    load: (key) =>
      read<Rec>(
        key,
        () => loader.load(key),
        () => Promise.reject(unseen(one, key.id)),
      ),
    fresh: async (key) =>
      read<Rec>(
        key,
        () => loader.fresh(key),
        () => Promise.reject(unseen(one, key.id)),
      ),
    find: (key) =>
      read<Rec | null>(
        key,
        () => loader.find(key),
        () => null,
      ),
    prefetch: (orgId, ids) => {
      const visible = seen(orgId);
      const ofSeen = (those: Ids): Promise<void> | undefined =>
        loader.prefetch(
          orgId,
          ids.filter((id) => !isUnseen({ orgId, id }, those)),
        );
      return isPromise(visible) ? visible.then(ofSeen) : ofSeen(visible);
    },
    list: (orgId, query, window) =>
      list(orgId, query, window, (asked, part) => loader.list(orgId, asked, part)),
    listOf: (orgId, query, owner, window) => {
      if (owner.member !== narrowBy)
        return list(orgId, query, window, (asked, part) => loader.listOf(orgId, asked, owner, part));
      return then(seen(orgId), (visible) =>
        visible.has(owner.id)
          ? loader.listOf(orgId, query, owner, window)
          : { items: [], offset: window.offset, totalCount: 0 },
      );
    },
  };
}
