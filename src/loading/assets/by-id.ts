import type { ReadToken } from '../../cache/cache.js';
import { OPERATIONS } from '../../enos/generated/operations.js';
import { createBatchLoader, type BatchLoader } from '../read/batch-loader.js';
import type { EnosCall } from '../enos-call.js';
import { field } from '../expression.js';
import { fetchByIds, searchForIds } from '../read/fetch-by-ids.js';
import type { LoadContext } from '../load-context.js';
import { ALL_PARTS, isWhole, toAssetRecord } from './record.js';
import { assetTag } from '../tags.js';
import type { AssetKey, AssetRecord } from './types.js';

const GET = 'asset.getAsset';
const SEARCH = 'asset-tree.searchAssetNode';
const MAX_IDS = OPERATIONS[SEARCH].batch?.max ?? 1000;

/** Whole assets by id, shared by all loaders of a request: lists that hold whole assets feed it. */
export type AssetById = BatchLoader<AssetKey, AssetRecord>;

/** Assets by id: getAsset for one alone, searchAssetNode for many. */
export function createAssetById(context: LoadContext): AssetById {
  return createBatchLoader({
    context,
    kind: 'asset',
    operation: SEARCH,
    keyOf: (key: AssetKey) => [key.assetId],
    lifetime: context.settings.lifetimes.assets,
    tags: ({ orgId, assetId }) => [assetTag(orgId, assetId)],
    fetch: (keys, call) =>
      fetchByIds(keys, {
        idOf: (key) => key.assetId,
        maxIds: MAX_IDS,
        search: (orgId, ids) => searchMany(orgId, ids, call),
        get: (key) => getOne(key, call),
      }),
  });
}

/** Hands the whole assets among the records to the loader of single assets: to this request, as if loaded. */
export function primeAssets(assetById: AssetById, records: readonly AssetRecord[]): void {
  for (const record of records) if (isWhole(record)) assetById.prime(record, record);
}

/** Caches the whole assets among records that just came from EnOS; `asOf` was taken before they were asked for. */
export function storeAssets(assetById: AssetById, records: readonly AssetRecord[], asOf: ReadToken): void {
  assetById.store(
    records.filter(isWhole).map((record) => [record, record]),
    asOf,
  );
}

async function searchMany(
  orgId: string,
  ids: readonly string[],
  call: EnosCall,
): Promise<Map<string, AssetRecord | Error>> {
  const { data } = await call(SEARCH, {
    query: { orgId },
    body: searchForIds(field('assetIds', 'assetId'), ids),
  });
  const found = new Map<string, AssetRecord | Error>();
  for (const raw of data) {
    if (typeof raw.assetId === 'string')
      found.set(
        raw.assetId,
        attempt(() => toAssetRecord(raw, orgId, ALL_PARTS, SEARCH)),
      );
  }
  return found;
}

async function getOne({ orgId, assetId }: AssetKey, call: EnosCall): Promise<AssetRecord> {
  const { data } = await call(GET, { query: { orgId, assetId } });
  return toAssetRecord(data, orgId, ALL_PARTS, GET);
}

/** One record that cannot be read must not take the others with it. */
function attempt<T>(make: () => T): T | Error {
  try {
    return make();
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  }
}
