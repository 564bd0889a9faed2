import type { ModelRecord } from '../entities/thing-model.js';
import type { SharedReads } from '../entity/loader.js';
import type { LoadContext } from '../load-context.js';
import { createModelChildren } from './children.js';
import { createModelStorage } from './storage.js';
import type { ModelLoaders } from './types.js';

/** The loaders of thing models of one request, besides those that their description gives. */
export function createModelLoaders(context: LoadContext, models: SharedReads<ModelRecord>): ModelLoaders {
  return { children: createModelChildren(context, models), storage: createModelStorage(context) };
}
