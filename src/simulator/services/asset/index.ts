/**
 * Asset Service.
 */
import type { ServiceHandlers } from '../../operation.js';
import { logicalAssetHandlers } from './logical-assets.js';
import { assetReadHandlers } from './read.js';
import { assetUpdateHandlers } from './update.js';

/** Handlers by operation id of asset.yaml. */
export const assetHandlers: ServiceHandlers = {
  ...assetReadHandlers,
  ...assetUpdateHandlers,
  ...logicalAssetHandlers,
};
