/** What must be known of a point to read its values: its asset, its thing model, how it is stored. */
import type { AssetRecord } from '../../loading/assets/types.js';
import { isPromise, then, type MaybePromise } from '../../loading/maybe.js';
import type { PointKey, PointStorage } from '../../loading/series/types.js';
import type { GraphContext } from '../context.js';
import { notFound } from '../errors/raise.js';
import type { Measurepoint } from '../model/features.js';
import { loadModel } from '../model/load.js';
import type { ThingModel } from '../model/types.js';
import type { AssetPoint, KnownType } from './types.js';

/** What the loaders know a point by. */
export function keyOf({ orgId, assetId, pointId }: AssetPoint): PointKey {
  return { orgId, assetId, pointId };
}

/** The asset of a point. */
export function assetOf(
  { orgId, assetId, known }: AssetPoint,
  { loaders }: GraphContext,
): MaybePromise<AssetRecord> {
  return known.asset ?? loaders.assets.byId({ orgId, assetId });
}

/** The thing model that declares a point. */
export function modelOf(point: AssetPoint, context: GraphContext): MaybePromise<ThingModel> {
  const { orgId, known } = point;
  if (known.modelId != null) return loadModel(context.loaders, { orgId, modelId: known.modelId });
  return then(assetOf(point, context), ({ modelId }) => loadModel(context.loaders, { orgId, modelId }));
}

/** Definition of a point; null where its model declares none of that id. */
export function definitionOf(point: AssetPoint, context: GraphContext): MaybePromise<Measurepoint | null> {
  return then(modelOf(point, context), (model) => model.pointOf(point.pointId));
}

/** The same; NOT_FOUND that names point and model where there is none. */
export async function requiredDefinition(point: AssetPoint, context: GraphContext): Promise<Measurepoint> {
  const model = await modelOf(point, context);
  const definition = model.pointOf(point.pointId);
  if (definition) return definition;
  throw notFound(
    `Thing model "${model.modelId}" of asset "${point.assetId}" has no measurement point "${point.pointId}".`,
  );
}

/** Type of the values of a point, or why it cannot be known; never rejects. */
export function typeOf(point: AssetPoint, context: GraphContext): MaybePromise<KnownType> {
  const definition = definitionOf(point, context);
  // A value that is there is shown without its type; whoever asks for the type gets the failure.
  return isPromise(definition)
    ? definition.then(knownType, (failure: unknown) => ({ failure }))
    : knownType(definition);
}

/** The type of values of which no model tells anything. */
export const UNTYPED: KnownType = { type: { dataType: null, definition: null } };

function knownType(definition: Measurepoint | null): KnownType {
  return definition?.known ?? UNTYPED;
}

/** How the values of a point are stored. */
export async function storageOf(definition: Measurepoint, { loaders }: GraphContext): Promise<PointStorage> {
  const kinds = (await loaders.models.storage(definition.owner))[definition.pointId] ?? [];
  return {
    modelId: definition.owner.modelId,
    signalType: definition.rawSignalType,
    dataType: definition.dataType ?? '',
    hasQuality: definition.hasQuality,
    kinds,
  };
}
