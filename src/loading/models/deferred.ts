/** Thing models whose features are parsed when somebody asks for them. */
import { DeferredJson } from '../../enos/reply/deferred-json.js';
import type { Codec } from '../read/codec.js';
import { localError } from '../enos-call.js';
import type { EntityRecord } from '../entity/description.js';
import { FEATURES, type Features, type ModelRecord } from './types.js';

type Model = Omit<ModelRecord, keyof EntityRecord>;

/** Whether a feature of the model is bytes still. */
export function isDeferred(model: Features): boolean {
  return FEATURES.some((feature) => (model[feature] as unknown) instanceof DeferredJson);
}

/** A model like any other, but for when its features are parsed. */
export class DeferredModel implements Model {
  readonly modelId!: string;
  readonly makerOrgId!: string | null;
  readonly name!: Model['name'];
  readonly description!: string | null;
  readonly category!: string | null;
  readonly modelIdPath!: string | null;
  readonly tags!: Model['tags'];
  /** As they came. A member that can be listed, so that whoever measures the record finds their bytes. */
  readonly features: Features;

  constructor({ attributes, measurepoints, services, events, ...light }: Model) {
    Object.assign(this, light);
    this.features = { attributes, measurepoints, services, events };
  }

  get attributes(): Features['attributes'] {
    return read(this.features.attributes);
  }

  get measurepoints(): Features['measurepoints'] {
    return read(this.features.measurepoints);
  }

  get services(): Features['services'] {
    return read(this.features.services);
  }

  get events(): Features['events'] {
    return read(this.features.events);
  }
}

/** One feature of a model, of which nothing else is read; undefined where the model has none of that id. */
export function featureOf<Name extends keyof Features>(
  model: ModelRecord,
  name: Name,
  id: string,
): NonNullable<Features[Name]>[string] | undefined {
  const features: unknown = model instanceof DeferredModel ? model.features[name] : model[name];
  if (features instanceof DeferredJson)
    return memberOf(features, id) as NonNullable<Features[Name]>[string] | undefined;
  return Object.hasOwn(features ?? {}, id)
    ? (features as Record<string, NonNullable<Features[Name]>[string]>)[id]
    : undefined;
}

/** Throws `EnosError` (invalid-response) for bytes that are no JSON after all. */
function read<Feature>(feature: Feature): Feature {
  if (!(feature instanceof DeferredJson)) return feature;
  try {
    return feature.read() as Feature;
  } catch {
    throw noJson();
  }
}

function memberOf(features: DeferredJson, id: string): unknown {
  try {
    return features.member(id);
  } catch {
    throw noJson();
  }
}

function noJson(): Error {
  return localError('model.searchThingModel', 'invalid-response', 'EnOS sent a model that is not JSON');
}

/**
 * A model as it is stored for others: like any other. Text inside of text would have to be read twice by whoever needs a
 * feature, and who shares a cache keeps what he has read from it in his own.
 */
export const modelCodec: Codec<ModelRecord> = { toJson: stored, fromJson: (json) => json as ModelRecord };

function stored(model: ModelRecord): ModelRecord {
  if (!(model instanceof DeferredModel)) return model;
  const { features, ...light }: DeferredModel & ModelRecord = model;
  const read: Features = {};
  for (const name of FEATURES) if (features[name] !== undefined) Object.assign(read, { [name]: model[name] });
  return { ...light, ...read };
}
