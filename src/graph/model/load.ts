/** Thing models as parents of fields; every domain links to them. */
import type { Loaders } from '../../loading/loaders.js';
import { then, type MaybePromise } from '../../loading/maybe.js';
import type { ModelKey, ModelRecord } from '../../loading/models/types.js';
import { HiddenMemo } from '../selection.js';
import { ThingModel } from './types.js';

/** One thing model (searchThingModel, getThingModel). */
export function loadModel(loaders: Loaders, key: ModelKey): MaybePromise<ThingModel> {
  return then(loaders.models.byId(key), (record) => modelOf(key, record));
}

/** By record, because many assets share a model: it lives as long as its record, which nobody changes. */
const models = new HiddenMemo<ModelRecord, ThingModel>();

function modelOf(key: ModelKey, record: ModelRecord): ThingModel {
  const known = models.get(record);
  // The same record may have been asked for by way of another organization, where it is shared.
  return known?.modelKey.orgId === key.orgId ? known : models.set(record, new ThingModel(key, record));
}
