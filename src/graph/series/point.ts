/** What must be known of a point to read its values: its asset, its thing model, how it is stored. */
import type { AssetRecord } from '../../loading/assets/types.js';
import type { ModelKey } from '../../loading/models/types.js';
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
): Promise<AssetRecord> {
  return known.asset ? Promise.resolve(known.asset) : loaders.assets.byId({ orgId, assetId });
}

/** The thing model that declares a point. */
export async function modelOf(point: AssetPoint, context: GraphContext): Promise<ThingModel> {
  return loadModel(context.loaders, await modelKeyOf(point, context));
}

/** Kinds of storage of a point, asked without its model; empty without a storage policy. */
export async function kindsOf(point: AssetPoint, context: GraphContext): Promise<readonly string[]> {
  const key = await modelKeyOf(point, context);
  return (await context.loaders.models.storage(key))[point.pointId] ?? [];
}

async function modelKeyOf(point: AssetPoint, context: GraphContext): Promise<ModelKey> {
  const modelId = point.known.modelId ?? (await assetOf(point, context)).modelId;
  return { orgId: point.orgId, modelId };
}

/** Definition of a point; null where its model declares none of that id. */
export async function definitionOf(point: AssetPoint, context: GraphContext): Promise<Measurepoint | null> {
  return (await modelOf(point, context)).pointOf(point.pointId);
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
export async function typeOf(point: AssetPoint, context: GraphContext): Promise<KnownType> {
  try {
    const definition = await definitionOf(point, context);
    return { type: definition?.valueType ?? { dataType: null, definition: null } };
  } catch (failure) {
    // A value that is there is shown without its type; whoever asks for the type gets the failure.
    return { failure };
  }
}

/** How the values of a point are stored. */
export function storageOf(definition: Measurepoint, kinds: readonly string[]): PointStorage {
  return {
    modelId: definition.owner.modelId,
    signalType: definition.rawSignalType,
    dataType: definition.dataType ?? '',
    hasQuality: definition.hasQuality,
    kinds,
  };
}
