/**
 * Thing models of a world: merges each with its ancestors and writes the features as the Model Service returns them.
 */
import type { ModelFeature, ModelMeasurepoint, WorldModel } from './world.js';
import type {
  AttributeSpec,
  DatapointSpec,
  EventSpec,
  MeasurepointSpec,
  ModelSpec,
  ServiceSpec,
  ValueSpec,
} from './schema/model.js';
import { WorldError } from './yaml.js';

/** A model with the file that tells it, for error messages. */
export interface ModelSource {
  file: string;
  spec: ModelSpec;
}

/** All models by id, each with the features of its ancestors, parents before heirs. */
export function buildModels(sources: readonly ModelSource[], orgId: string): Map<string, WorldModel> {
  const byId = new Map<string, ModelSource>();
  for (const source of sources) {
    if (byId.has(source.spec.id)) throw new WorldError(source.file, `model ${source.spec.id} is there twice`);
    byId.set(source.spec.id, source);
  }
  const built = new Map<string, WorldModel>();
  const build = (source: ModelSource, heirs: readonly string[]): WorldModel => {
    const { file, spec } = source;
    const known = built.get(spec.id);
    if (known) return known;
    if (heirs.includes(spec.id)) throw new WorldError(file, `model ${spec.id} inherits from itself`);
    let parent: WorldModel | null = null;
    if (spec.parent !== undefined) {
      const parentSource = byId.get(spec.parent);
      if (!parentSource) throw new WorldError(file, `model ${spec.id}: no parent model ${spec.parent}`);
      parent = build(parentSource, [...heirs, spec.id]);
    }
    const model = buildModel(source, parent, orgId);
    built.set(spec.id, model);
    return model;
  };
  for (const source of sources) build(source, []);
  return built;
}

function buildModel({ file, spec }: ModelSource, parent: WorldModel | null, orgId: string): WorldModel {
  for (const kind of ['attributes', 'measurepoints', 'services', 'events'] as const) {
    for (const id of Object.keys(spec[kind])) {
      if (parent && id in parent[kind]) {
        throw new WorldError(
          file,
          `model ${spec.id}: ${kind}.${id} is inherited from ${parent.modelId} already`,
        );
      }
    }
  }
  const own = <S, F>(specs: Record<string, S>, make: (id: string, one: S) => F): Record<string, F> =>
    Object.fromEntries(Object.entries(specs).map(([id, one]) => [id, make(id, one)]));
  const storage = own(spec.measurepoints, (_id, point) => storageOf(point));
  return {
    modelId: spec.id,
    modelIdPath: `${parent?.modelIdPath ?? ''}/${spec.id}`,
    orgId: spec.orgId ?? orgId,
    name: spec.name,
    desc: spec.desc,
    category: spec.category,
    tags: spec.tags,
    attributes: { ...parent?.attributes, ...own(spec.attributes, attribute) },
    measurepoints: { ...parent?.measurepoints, ...own(spec.measurepoints, measurepoint) },
    services: { ...parent?.services, ...own(spec.services, service) },
    events: { ...parent?.events, ...own(spec.events, event) },
    storage: {
      ...parent?.storage,
      ...Object.fromEntries(Object.entries(storage).filter(([, kinds]) => kinds.length > 0)),
    },
  };
}

const USUAL_STORAGE: Readonly<Record<MeasurepointSpec['signal'], readonly string[]>> = {
  AI: ['AI_RAW', 'AI_NORMALIZED'],
  DI: ['DI'],
  PI: ['PI'],
  Generic: ['GENERIC'],
};

function storageOf(point: MeasurepointSpec): string[] {
  return [...(point.storage ?? USUAL_STORAGE[point.signal])];
}

function feature(
  identifier: string,
  spec: Pick<AttributeSpec, 'name' | 'desc' | 'tags' | 'standard'>,
): ModelFeature {
  return {
    identifier,
    name: spec.name,
    desc: spec.desc,
    tags: spec.tags,
    isStdElement: spec.standard !== undefined,
    stdElementId: spec.standard ?? null,
  };
}

function valueFields(spec: ValueSpec): {
  dataType: ValueSpec['type'];
  dataDefinition: string | null;
  unit: unknown;
} {
  return { dataType: spec.type, dataDefinition: dataDefinition(spec), unit: spec.unit };
}

function attribute(id: string, spec: AttributeSpec): ModelFeature {
  return {
    ...feature(id, spec),
    ...valueFields(spec),
    isRequired: spec.required,
    defaultValue: spec.default ?? null,
  };
}

function measurepoint(id: string, spec: MeasurepointSpec): ModelMeasurepoint {
  return { ...feature(id, spec), ...valueFields(spec), hasQuality: spec.quality, signalType: spec.signal };
}

function datapoints(specs: Record<string, DatapointSpec>): ModelFeature[] {
  return Object.entries(specs).map(([id, spec]) => ({ ...feature(id, spec), ...valueFields(spec) }));
}

function service(id: string, spec: ServiceSpec): ModelFeature {
  return {
    ...feature(id, spec),
    inputData: datapoints(spec.input),
    outputData: datapoints(spec.output),
    callType: spec.call,
  };
}

function event(id: string, spec: EventSpec): ModelFeature {
  return { ...feature(id, spec), outputData: datapoints(spec.output), eventType: spec.severity };
}

/** EnOS sends the definition of a type as JSON inside a string. */
function dataDefinition(spec: ValueSpec): string | null {
  if (spec.enum) {
    const { values: enumDesc, type: enumType, default: defaultValue = null } = spec.enum;
    return JSON.stringify({ enumDesc, enumType, defaultValue });
  }
  if (spec.bool) {
    const { default: defaultValue = null, ...boolDesc } = spec.bool;
    return JSON.stringify({ boolDesc, defaultValue });
  }
  if (spec.maxLength !== undefined) return JSON.stringify({ maxLength: spec.maxLength });
  if (spec.itemType) return JSON.stringify({ itemType: spec.itemType });
  if (!spec.members) return null;
  const items = Object.entries(spec.members).map(([identifier, member]) => ({
    identifier,
    name: member.name,
    dataType: member.type,
    dataDefinition: {},
    unit: member.unit ?? null,
    required: member.required,
  }));
  return JSON.stringify({ items });
}
