import type { LoadContext } from '../load-context.js';
import { createModelById } from './by-id.js';
import { createModelChildren } from './children.js';
import { createModelSearch } from './search.js';
import { createModelStorage } from './storage.js';
import type { ModelLoaders } from './types.js';

/** The loaders of thing models of one request. */
export function createModelLoaders(context: LoadContext): ModelLoaders {
  const modelById = createModelById(context);
  return {
    byId: (key) => modelById.load(key),
    prefetch: (orgId, modelIds) => modelById.prefetch(modelIds.map((modelId) => ({ orgId, modelId }))),
    search: createModelSearch(context, modelById),
    children: createModelChildren(context, modelById),
    storage: createModelStorage(context),
  };
}
