/** Thing models as parents of fields; every domain links to them. */
import type { Loaders } from '../../loading/loaders.js';
import { isPromise, type MaybePromise } from '../../loading/maybe.js';
import type { ModelKey, ModelRecord } from '../../loading/models/types.js';
import { ThingModel } from './types.js';

/** One thing model (searchThingModel, getThingModel). */
export function loadModel(loaders: Loaders, key: ModelKey): MaybePromise<ThingModel> {
  const read = loaders.models.byId(key);
  if (!isPromise(read)) return modelOf(key, read);
  let model = coming.get(read);
  if (!model) coming.set(read, (model = read.then((record) => modelOf(key, record))));
  return model;
}

/** Models on their way, by the read of their record, which all who ask in one request have in common. */
const coming = new WeakMap<Promise<ModelRecord>, Promise<ThingModel>>();

/** By record, because many assets share a model: it lives as long as its record, which nobody changes. */
const known = new WeakMap<ModelRecord, ThingModel>();

function modelOf(key: ModelKey, record: ModelRecord): ThingModel {
  let model = known.get(record);
  // The same record may have been asked for by way of another organization, where it is shared.
  if (model?.modelKey.orgId !== key.orgId) known.set(record, (model = new ThingModel(key, record)));
  return model;
}
