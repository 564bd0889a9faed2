/** What must be known of a point to read its values: its asset, its thing model, how it is stored. */
import type { AssetRecord } from '../../loading/assets/types.js';
import { isPromise, then, type MaybePromise } from '../../loading/maybe.js';
import type { ModelKey } from '../../loading/models/types.js';
import type { PointKey, PointStorage } from '../../loading/series/types.js';
import type { GraphContext } from '../context.js';
import { badUserInput } from '../errors/raise.js';
import type { SignalType } from '../model/enums.js';
import type { Measurepoint } from '../model/features.js';
import { loadModel } from '../model/load.js';
import type { ThingModel } from '../model/types.js';
import { TypeToCome } from './types.js';
import type { AssetPoint, KnownType, TypeOfValue } from './types.js';
import { declaredPoint } from '../warnings.js';

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

/** Definition of a point; null where its model declares none of that id, which the answer's warnings tell. */
export function definitionOf(point: AssetPoint, context: GraphContext): MaybePromise<Measurepoint | null> {
  return then(modelOf(point, context), (model) => declaredPoint(model, point, context));
}

/** Fields that only points of one kind can have. */
const KIND_OF_FIELD = {
  stateChanges: { kind: 'DI', name: 'discrete' },
  stateDurations: { kind: 'DI', name: 'discrete' },
  energyToday: { kind: 'PI', name: 'counter' },
} as const satisfies Readonly<Record<string, { kind: SignalType; name: string }>>;

/**
 * Whether a field of a point is to be read: not where the model lacks the point, which the warnings tell. Rejects with
 * BAD_USER_INPUT where the point is of a kind that cannot have it: EnOS would only say nothing. Where the model cannot be read,
 * nothing is known against it.
 */
export function isReadable(
  field: keyof typeof KIND_OF_FIELD,
  point: AssetPoint,
  context: GraphContext,
): MaybePromise<boolean> {
  const model = point.known.model ?? modelOf(point, context);
  if (!isPromise(model)) return canHave(field, model, point, context);
  return model.then(
    (read) => canHave(field, read, point, context),
    () => true,
  );
}

function canHave(
  field: keyof typeof KIND_OF_FIELD,
  model: ThingModel,
  point: AssetPoint,
  context: GraphContext,
): boolean {
  const { pointId, known } = point;
  known.model = model;
  const definition = declaredPoint(model, point, context);
  if (!definition) return false;
  const { signalType } = definition;
  const { kind, name } = KIND_OF_FIELD[field];
  if (signalType === kind || signalType === 'UNKNOWN') return true;
  throw badUserInput(
    `Field "${field}" is for ${name} points (${kind}); point "${pointId}" of thing model "${model.modelId}" is of kind ${signalType}. Use "series".`,
    'pointId',
  );
}

/** Type of the values of a point, or why it cannot be known. */
export function typeOf(point: AssetPoint, context: GraphContext): TypeOfValue {
  const { known } = point;
  const read = known.model ?? modelOf(point, context);
  return isPromise(read) ? typeToCome(read, point, context) : typeIn((known.model = read), point, context);
}

function typeToCome(read: Promise<ThingModel>, point: AssetPoint, context: GraphContext): TypeToCome {
  // A value that is there is shown without its type; the type itself is the failure.
  return new TypeToCome(
    read.then(
      (model) => typeIn(model, point, context),
      (failure: unknown): KnownType => ({ failure }),
    ),
  );
}

function typeIn(model: ThingModel, point: AssetPoint, context: GraphContext): KnownType {
  try {
    return declaredPoint(model, point, context)?.known ?? UNTYPED;
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
