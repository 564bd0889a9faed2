/**
 * Which assets a user may see: those that the Application Portal grants him and, where the settings name a tree, everything
 * below them in it. Kept in this process for a short time, since every path to an object asks.
 */
import { LRUCache } from 'lru-cache';
import { EnosError, type Meaning } from '../../enos/errors.js';
import type { Loaders } from '../loaders.js';
import type { MaybePromise } from '../maybe.js';
import type { UserKey } from '../portal/types.js';
import type { SeenAssets } from './seen-entity.js';

/** How grants are read. */
export interface GrantedAssetsOptions {
  /** Tree in which a grant covers what lies below. */
  treeId?: string | undefined;
  /** Milliseconds that grants are kept. */
  lifetime: number;
  now: () => number;
}

/** Ids of all users that are kept at once; about 100 bytes each. */
const MAX_IDS = 1_000_000;
const PAGE = 1000;
/** Refusals of an asset that is not in the tree, or that the application may not read. */
const UNREADABLE = new Set<Meaning | undefined>(['not-found', 'denied', 'asset-denied']);

/** What somebody sees whom the portal does not know. */
export const SEES_NOTHING: SeenAssets = () => NOTHING;
const NOTHING: ReadonlySet<string> = new Set();

/** Grants of users. */
export class GrantedAssets {
  private readonly known: LRUCache<string, { ids: ReadonlySet<string>; until: number }>;

  constructor(private readonly options: GrantedAssetsOptions) {
    this.known = new LRUCache({ maxSize: MAX_IDS, sizeCalculation: ({ ids }) => ids.size + 1 });
  }

  /**
   * What a user may see, for one request: each organization is asked about once. `onUsed` is told until when (Unix
   * milliseconds) kept grants count, so that an answer made with them does not outlive them.
   */
  forRequest(userId: string, loaders: Loaders, onUsed: (until: number) => void): SeenAssets {
    const asked = new Map<string, ReturnType<SeenAssets>>();
    return (orgId) => {
      let ids = asked.get(orgId);
      if (ids === undefined) asked.set(orgId, (ids = this.of({ orgId, userId }, loaders, onUsed)));
      return ids;
    };
  }

  /** Ids of the assets that a user may see in an organization: at once where they are known. */
  private of(
    user: UserKey,
    loaders: Loaders,
    onUsed: (until: number) => void,
  ): MaybePromise<ReadonlySet<string>> {
    const key = JSON.stringify([user.orgId, user.userId]);
    const known = this.known.get(key);
    if (known === undefined || known.until <= this.options.now()) return this.read(key, user, loaders);
    onUsed(known.until);
    return known.ids;
  }

  private async read(key: string, user: UserKey, loaders: Loaders): Promise<ReadonlySet<string>> {
    const { treeId, lifetime, now } = this.options;
    const granted = await loaders.portal.grantedAssets(user);
    const ids =
      treeId === undefined ? new Set(granted) : await withBelow(granted, user.orgId, treeId, loaders);
    if (lifetime > 0) this.known.set(key, { ids, until: now() + lifetime });
    return ids;
  }
}

/** The granted assets and all below them. Only the topmost are asked for what lies below. */
async function withBelow(
  granted: readonly string[],
  orgId: string,
  treeId: string,
  { trees }: Loaders,
): Promise<Set<string>> {
  const ids = new Set(granted);
  const paths = await Promise.all(
    granted.map((assetId) => orNull(() => trees.path({ orgId, treeId, assetId }))),
  );
  const topmost = paths.flatMap((path) => {
    const top = path?.find(({ assetId }) => ids.has(assetId));
    return top ? [top.assetId] : [];
  });
  await Promise.all(
    [...new Set(topmost)].map(async (assetId) => {
      for (let offset = 0, total = 1; offset < total; offset += PAGE) {
        const window = { offset, limit: PAGE };
        const below = await orNull(() =>
          trees.descendants({ orgId, treeId, assetId }, {}, window, new Set()),
        );
        for (const asset of below?.items ?? []) ids.add(asset.assetId);
        total = below?.totalCount ?? 0;
      }
    }),
  );
  return ids;
}

/** Null for an asset that is not in the tree, or that the application may not read. */
async function orNull<T>(read: () => MaybePromise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof EnosError && UNREADABLE.has(error.meaning)) return null;
    throw error;
  }
}
