/**
 * Asset Tree Service.
 */
import type { ServiceHandlers } from '../../operation.js';
import { nodeChangeHandlers } from './node-changes.js';
import { nodeHandlers } from './nodes.js';
import { pathHandlers } from './paths.js';
import { treeChangeHandlers } from './tree-changes.js';
import { treeHandlers } from './trees.js';

/** Handlers by operation id of asset-tree.yaml. */
export const assetTreeHandlers: ServiceHandlers = {
  ...treeHandlers,
  ...treeChangeHandlers,
  ...nodeHandlers,
  ...nodeChangeHandlers,
  ...pathHandlers,
};
