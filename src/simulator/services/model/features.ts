/**
 * Features of models as requests change them: own ones of a model, which its descendants inherit.
 */
import type { ServiceError } from '../../operation.js';
import { invalidArgument } from '../../refusals.js';
import { checkTags } from '../../tags.js';
import type { ModelFeature, WorldModel } from '../../world/world.js';
import { toText } from '../asset/changes.js';
import type { SentText } from '../asset/changes.js';

/** The four maps of features. */
export const FEATURE_KINDS = ['attributes', 'measurepoints', 'services', 'events'] as const;
export type FeatureKind = (typeof FEATURE_KINDS)[number];

/** Features by kind and identifier. */
export type Features = Record<FeatureKind, Record<string, ModelFeature>>;

/** Features as a request writes them: parts of those that are there, or new ones. */
export type SentFeatures = Partial<Record<FeatureKind, Record<string, Record<string, unknown>>>>;

/** What a feature has where the request does not say. */
const DEFAULTS: Record<FeatureKind, object> = {
  attributes: { dataDefinition: null, unit: null, isRequired: false, defaultValue: null },
  measurepoints: { dataDefinition: null, unit: null, hasQuality: false, signalType: 'Generic' },
  services: { inputData: [], outputData: [], callType: 'ASYNC' },
  events: { outputData: [], eventType: 'INFO' },
};

/** The features that a model has and its parent has not. */
export function ownFeatures(model: WorldModel, parent: WorldModel | undefined): Features {
  return mapKinds((kind) =>
    Object.fromEntries(
      Object.entries(model[kind] as Record<string, ModelFeature>).filter(
        ([id]) => parent === undefined || !Object.hasOwn(parent[kind], id),
      ),
    ),
  );
}

/** Builds one value for each kind. */
export function mapKinds<T>(make: (kind: FeatureKind) => T): Record<FeatureKind, T> {
  return Object.fromEntries(FEATURE_KINDS.map((kind) => [kind, make(kind)])) as Record<FeatureKind, T>;
}

/** A feature with what is sent laid over it, or a new one; 99400 for one that is not whole or not what its key says. */
export function mergedFeature(
  kind: FeatureKind,
  id: string,
  before: ModelFeature | undefined,
  sent: Readonly<Record<string, unknown>>,
): ModelFeature {
  const name = `${kind}.${id}`;
  if (sent['identifier'] !== undefined && sent['identifier'] !== id)
    throw invalidArgument(`${name}.identifier`, 'is not the key of the feature');
  const text = sent['name'] as SentText | undefined;
  const base = before ?? { desc: null, tags: {}, isStdElement: false, stdElementId: null, ...DEFAULTS[kind] };
  const merged = { ...base, ...sent, identifier: id, ...(text === undefined ? {} : { name: toText(text) }) };
  const feature = merged as unknown as ModelFeature;
  if (typeof (feature.name as Partial<SentText> | undefined)?.defaultValue !== 'string')
    throw invalidArgument(`${name}.name`, 'is required');
  if ((kind === 'attributes' || kind === 'measurepoints') && feature['dataType'] === undefined)
    throw invalidArgument(`${name}.dataType`, 'is required');
  checkTags(`${name}.tags`, feature.tags);
  checkDefinition(name, feature['dataDefinition']);
  return feature;
}

/** The definition of a type is JSON inside a text. */
function checkDefinition(name: string, definition: unknown): void {
  if (typeof definition !== 'string') return;
  try {
    JSON.parse(definition);
  } catch {
    throw invalidArgument(`${name}.dataDefinition`, 'is not JSON');
  }
}

/** 99400: a parent or child model has the feature already, or it is inherited and not the model's own. */
export function taken(kind: FeatureKind, id: string, model: WorldModel): ServiceError {
  return invalidArgument(`${kind}.${id}`, `belongs to model ${model.modelId}`);
}
