/** Thing models whose features are parsed when somebody asks for them. */
import { DeferredJson } from '../../enos/deferred-json.js';
import type { Codec } from '../codec.js';
import type { Slice } from '../common.js';
import { localError } from '../enos-call.js';
import type { ModelRecord } from './types.js';

/** What makes a model heavy, by the names of its members. */
export const FEATURES = ['attributes', 'measurepoints', 'services', 'events'] as const;

type Features = Pick<ModelRecord, (typeof FEATURES)[number]>;

/** Whether a feature of the model is bytes still. */
export function isDeferred(model: ModelRecord): boolean {
  return FEATURES.some((feature) => (model[feature] as unknown) instanceof DeferredJson);
}

/** A model like any other, but for when its features are parsed. */
export class DeferredModel implements ModelRecord {
  readonly modelId: string;
  /** As they came. Counts towards the size of the record, as all of it that can be seen from outside. */
  readonly features: Features;

  constructor({ attributes, measurepoints, services, events, ...light }: ModelRecord) {
    this.modelId = light.modelId;
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

/** Throws `EnosError` (invalid-response) for bytes that are no JSON after all. */
function read<Feature>(feature: Feature): Feature {
  if (!(feature instanceof DeferredJson)) return feature;
  try {
    return feature.read() as Feature;
  } catch {
    throw localError('model.searchThingModel', 'invalid-response', 'EnOS sent a model that is not JSON');
  }
}

/** A model as it is stored: its features as texts, so that whoever reads it need not parse them either. */
export const modelCodec: Codec<ModelRecord> = { toJson: stored, fromJson: restored };

/** The same of a list. */
export const modelsCodec: Codec<ModelRecord[]> = {
  toJson: (models) => models.map(stored),
  fromJson: (json) => (json as unknown[]).map(restored),
};

/** The same of a page. */
export const modelSliceCodec: Codec<Slice<ModelRecord>> = {
  toJson: (slice) => ({ ...slice, items: slice.items.map(stored) }),
  fromJson: (json) => {
    const slice = json as Slice<unknown>;
    return { ...slice, items: slice.items.map(restored) };
  },
};

interface StoredModel extends ModelRecord {
  /** Texts of features by name. */
  texts: Partial<Record<keyof Features, string>>;
}

function stored(model: ModelRecord): unknown {
  if (!(model instanceof DeferredModel)) return model;
  const { features, ...light } = model;
  const texts: StoredModel['texts'] = {};
  const plain: Features = {};
  for (const name of FEATURES) {
    const feature: unknown = features[name];
    if (feature instanceof DeferredJson) texts[name] = feature.text;
    else if (feature !== undefined) Object.assign(plain, { [name]: feature });
  }
  return { ...light, ...plain, texts };
}

function restored(json: unknown): ModelRecord {
  const { texts, ...model } = json as StoredModel;
  if (texts === undefined) return json as ModelRecord;
  const deferred: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(texts)) deferred[name] = DeferredJson.ofText(text);
  return new DeferredModel({ ...model, ...deferred });
}
