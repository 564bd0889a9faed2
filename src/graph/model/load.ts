/** Thing models by their keys; every domain asks for them. */
import { thingModel, type ModelRecord } from '../../loading/entities/thing-model.js';
import type { MaybePromise } from '../../loading/maybe.js';
import type { ModelKey } from '../../loading/models/types.js';
import type { GraphContext } from '../context.js';

/** One thing model (searchThingModel, getThingModel). */
export function modelAt(
  { loaders }: Pick<GraphContext, 'loaders'>,
  { orgId, modelId }: ModelKey,
): MaybePromise<ModelRecord> {
  return loaders.of(thingModel).load({ orgId, id: modelId });
}
