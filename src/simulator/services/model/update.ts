/**
 * Model Service: updateThingModel.
 */
import { ServiceError } from '../../operation.js';
import type { OperationHandler, ServiceHandlers } from '../../operation.js';
import { invalidArgument, notFound } from '../../refusals.js';
import { checkTags } from '../../tags.js';
import type { World, WorldModel } from '../../world/world.js';
import { toText } from '../asset/changes.js';
import type { SentText } from '../asset/changes.js';
import { metadataKey } from '../tsdb/request.js';
import { FEATURE_KINDS, mapKinds, mergedFeature, ownFeatures, taken } from './features.js';
import type { Features, SentFeatures } from './features.js';

interface SentModel extends SentFeatures {
  modelId: string;
  name?: SentText;
  desc?: string | null;
  category?: string | null;
  tags?: Record<string, string>;
  featuresToDelete?: string[];
}

const updateThingModel: OperationHandler = ({ query, body }, { world }) => {
  const sent = body as unknown as SentModel;
  const model = world.models.get(sent.modelId);
  if (model === undefined) throw notFound('modelId', sent.modelId);
  // Other organizations share their models to be read.
  if (model.orgId !== world.orgId) throw new ServiceError(99403, `Denied resource: modelId ${model.modelId}`);
  checkTags('tags', sent.tags ?? {});
  const patch = query.isPatchUpdate !== 'false';
  if (!patch && sent.name === undefined) throw invalidArgument('name', 'is required');
  const parent = parentOf(model, world);
  const before = ownFeatures(model, parent);
  const after = patch ? patchedFeatures(sent, before) : replacedFeatures(sent, before);
  checkFree(model, parent, sent, world);
  world.models.set(model.modelId, {
    ...model,
    ...(sent.name === undefined ? {} : { name: toText(sent.name) }),
    desc: sent.desc ?? (patch ? model.desc : null),
    category: sent.category ?? (patch ? model.category : null),
    tags: sent.tags ?? (patch ? model.tags : {}),
  });
  inherit(model, before, after, world);
  for (const pointId of Object.keys(sent.measurepoints ?? {}))
    world.deletedMetadata.delete(metadataKey(model.modelId, pointId));
  return { data: null };
};

function parentOf({ modelIdPath }: WorldModel, world: World): WorldModel | undefined {
  return world.models.get(modelIdPath.split('/').at(-2) ?? '');
}

/** A feature that is named in the same request is not deleted; one that is not there need not be. */
function patchedFeatures(sent: SentModel, before: Features): Features {
  const named = FEATURE_KINDS.flatMap((kind) => Object.keys(sent[kind] ?? {}));
  const deleted = (sent.featuresToDelete ?? []).filter((id) => !named.includes(id));
  const merged = replacedFeatures(sent, before);
  return mapKinds((kind) =>
    Object.fromEntries(
      Object.entries({ ...before[kind], ...merged[kind] }).filter(([id]) => !deleted.includes(id)),
    ),
  );
}

/** The features that are sent, laid over those of the same identifiers. */
function replacedFeatures(sent: SentModel, before: Features): Features {
  return mapKinds((kind) =>
    Object.fromEntries(
      Object.entries(sent[kind] ?? {}).map(([id, one]) => [
        id,
        mergedFeature(kind, id, before[kind][id], one),
      ]),
    ),
  );
}

/** Refuses features that the parent has, and new ones that a descendant has. */
function checkFree(model: WorldModel, parent: WorldModel | undefined, sent: SentModel, world: World): void {
  for (const kind of FEATURE_KINDS) {
    for (const id of Object.keys(sent[kind] ?? {})) {
      if (parent !== undefined && Object.hasOwn(parent[kind], id)) throw taken(kind, id, parent);
      if (Object.hasOwn(model[kind], id)) continue;
      const heir = heirsOf(model, world).find((one) => Object.hasOwn(one[kind], id));
      if (heir !== undefined) throw taken(kind, id, heir);
    }
  }
  for (const id of sent.featuresToDelete ?? []) {
    const kind = FEATURE_KINDS.find((one) => parent !== undefined && Object.hasOwn(parent[one], id));
    if (kind !== undefined && parent !== undefined) throw taken(kind, id, parent);
  }
}

function heirsOf({ modelIdPath }: WorldModel, world: World): WorldModel[] {
  return [...world.models.values()].filter((one) => one.modelIdPath.startsWith(`${modelIdPath}/`));
}

/** Gives the model and its descendants the new features in place of the old ones. */
function inherit(model: WorldModel, before: Features, after: Features, world: World): void {
  for (const { modelId } of [model, ...heirsOf(model, world)]) {
    const one = world.models.get(modelId);
    if (one === undefined) continue;
    const features = mapKinds((kind) => ({
      ...Object.fromEntries(Object.entries(one[kind]).filter(([id]) => !Object.hasOwn(before[kind], id))),
      ...after[kind],
    })) as Pick<WorldModel, (typeof FEATURE_KINDS)[number]>;
    const storage = Object.fromEntries(
      Object.entries(one.storage).filter(([pointId]) => Object.hasOwn(features.measurepoints, pointId)),
    );
    world.models.set(modelId, { ...one, ...features, storage });
  }
  const gone = Object.keys(before.attributes).filter((id) => !Object.hasOwn(after.attributes, id));
  if (gone.length > 0) forget(gone, model, world);
}

/** Assets lose the values of attributes that their model has no longer. */
function forget(attributeIds: readonly string[], model: WorldModel, world: World): void {
  const path = `${model.modelIdPath}/`;
  for (const asset of [...world.assets.values()]) {
    const own = world.models.get(asset.modelId)?.modelIdPath ?? '';
    if (!`${own}/`.startsWith(path) || !attributeIds.some((id) => Object.hasOwn(asset.attributes, id)))
      continue;
    const attributes = Object.fromEntries(
      Object.entries(asset.attributes).filter(([id]) => !attributeIds.includes(id)),
    );
    world.assets.set(asset.assetId, { ...asset, attributes });
  }
}

/** Handlers of updates. */
export const modelUpdateHandlers: ServiceHandlers = { updateThingModel };
