import type { LoadContext } from '../load-context.js';
import type { AssetById } from './by-id.js';
import { createAssetSearch } from './search.js';
import type { AssetLoaders } from './types.js';

/** The asset loaders of one request. */
export function createAssetLoaders(context: LoadContext, assetById: AssetById): AssetLoaders {
  return { byId: (key) => assetById.load(key), search: createAssetSearch(context, assetById) };
}
