/** What must be known of a point to read its values: its asset, its thing model, how it is stored. */
import type { AssetRecord } from '../../loading/assets/types.js';
import { isPromise, then, type MaybePromise } from '../../loading/maybe.js';
import type { ModelKey } from '../../loading/models/types.js';
import type { PointKey, PointStorage } from '../../loading/series/types.js';
import type { GraphContext } from '../context.js';
import { notFound } from '../errors/raise.js';
import type { Measurepoint } from '../model/features.js';
import { loadModel } from '../model/load.js';
import type { ThingModel } from '../model/types.js';
import { TypeToCome } from './types.js';
import type { AssetPoint, KnownType, TypeOfValue } from './types.js';

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
  return then(modelKeyOf(point, context), (key) => loadModel(context.loaders, key));
}

/** Kinds of storage of a point, asked without its model; empty without a storage policy. */
export function kindsOf(point: AssetPoint, context: GraphContext): MaybePromise<readonly string[]> {
  return then(modelKeyOf(point, context), (key) =>
    then(context.loaders.models.storage(key), (kinds) => kinds[point.pointId] ?? []),
  );
}

function modelKeyOf(point: AssetPoint, context: GraphContext): MaybePromise<ModelKey> {
  const { orgId, known } = point;
  if (known.modelId != null) return { orgId, modelId: known.modelId };
  return then(assetOf(point, context), ({ modelId }) => ({ orgId, modelId }));
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

/** Type of the values of a point, or why it cannot be known. */
export function typeOf(point: AssetPoint, context: GraphContext): TypeOfValue {
  const { known, pointId } = point;
  const read = known.model ?? modelOf(point, context);
  return isPromise(read) ? typeToCome(read, pointId) : typeIn((known.model = read), pointId);
}

function typeToCome(read: Promise<ThingModel>, pointId: string): TypeToCome {
  // A value that is there is shown without its type; whoever asks for the type gets the failure.
  return new TypeToCome(
    read.then(
      (model) => typeIn(model, pointId),
      (failure: unknown): KnownType => ({ failure }),
    ),
  );
}

function typeIn(model: ThingModel, pointId: string): KnownType {
  try {
    return model.pointOf(pointId)?.known ?? UNTYPED;
  } catch (failure) {
    return { failure };
  }
}

/** The type of values of which no model tells anything. */
export const UNTYPED: KnownType = { type: { dataType: null, definition: null } };

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
