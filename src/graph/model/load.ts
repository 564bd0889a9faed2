/** Thing models as parents of fields; every domain links to them. */
import type { Loaders } from '../../loading/loaders.js';
import type { ModelKey } from '../../loading/models/types.js';
import { ThingModel } from './types.js';

/** One thing model (searchThingModel, getThingModel). */
export async function loadModel(loaders: Loaders, key: ModelKey): Promise<ThingModel> {
  return new ThingModel(key, await loaders.models.byId(key));
}
