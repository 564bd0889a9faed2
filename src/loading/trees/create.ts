import type { AssetById } from '../assets/by-id.js';
import type { LoadContext } from '../load-context.js';
import { createTreeById } from './by-id.js';
import { createTreesOfAsset } from './of-asset.js';
import { createNodePath } from './path.js';
import { createRelatedNodes } from './related.js';
import { createTreeSearch } from './search.js';
import type { TreeLoaders } from './types.js';

/** The loaders of trees and their nodes of one request. */
export function createTreeLoaders(context: LoadContext, assetById: AssetById): TreeLoaders {
  const treeById = createTreeById(context);
  return {
    byId: (key) => treeById.load(key),
    search: createTreeSearch(context, treeById),
    ofAsset: createTreesOfAsset(context, treeById),
    children: createRelatedNodes(context, assetById, 'isChildOfAssetId'),
    descendants: createRelatedNodes(context, assetById, 'isDescendantOfAssetId'),
    path: createNodePath(context),
  };
}
