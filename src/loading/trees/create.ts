import type { AssetRecord } from '../entities/asset.js';
import type { SharedReads } from '../entity/loader.js';
import type { LoadContext } from '../load-context.js';
import { createTreeById } from './by-id.js';
import { createTreesOfAsset } from './of-asset.js';
import { createNodePath } from './path.js';
import { createRelatedNodes } from './related.js';
import { createTreeSearch } from './search.js';
import type { TreeLoaders } from './types.js';

/** The loaders of trees and their nodes of one request. */
export function createTreeLoaders(context: LoadContext, assets: SharedReads<AssetRecord>): TreeLoaders {
  const treeById = createTreeById(context);
  return {
    byId: (key) => treeById.load(key),
    search: createTreeSearch(context, treeById),
    ofAsset: createTreesOfAsset(context, treeById),
    children: createRelatedNodes(context, assets, 'isChildOfAssetId'),
    descendants: createRelatedNodes(context, assets, 'isDescendantOfAssetId'),
    path: createNodePath(context),
  };
}
