import { createAlertLoaders } from './alerts/create.js';
import { createAssetById } from './assets/by-id.js';
import { createAssetLoaders } from './assets/create.js';
import type { LoadContext } from './load-context.js';
import type { Loaders } from './loaders.js';
import { createModelLoaders } from './models/create.js';
import { createPortalLoaders } from './portal/create.js';
import { createSeriesLoaders } from './series/create.js';
import { createTreeLoaders } from './trees/create.js';

/** All loaders of one request. Make them anew for each request: they remember what it has seen. */
export function createLoaders(context: LoadContext): Loaders {
  const assetById = createAssetById(context);
  return {
    assets: createAssetLoaders(context, assetById),
    models: createModelLoaders(context),
    trees: createTreeLoaders(context, assetById),
    alerts: createAlertLoaders(context),
    series: createSeriesLoaders(context),
    portal: createPortalLoaders(context),
  };
}
