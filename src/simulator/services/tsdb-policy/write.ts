/**
 * TSDB Policy Service, its writes. A saved policy decides how its points are stored, and so which reads find them.
 */
import type { OperationHandler, OperationRequest, ServiceHandlers } from '../../operation.js';
import { ServiceError } from '../../operation.js';
import { storageKindOf } from '../../world/policies.js';
import { storageKinds } from '../../world/schema/model.js';
import type { World, WorldPolicy } from '../../world/world.js';
import { metadataKey } from '../tsdb/request.js';
import { policyOf } from './read.js';

const MAX_MODELS = 200;
const MAX_LAST_CHANGED_PAIRS = 10_000;
const COMPRESSED_KINDS: readonly unknown[] = ['AI_RAW', 'AI_NORMALIZED', 'GENERIC'];

type PolicyModels = WorldPolicy['models'];
type PolicyPoint = PolicyModels[number]['points'][number];

/** The service documents one code for everything. */
function refused(detail: string): ServiceError {
  return new ServiceError(80500, `INTERNAL SERVER ERROR: ${detail}`);
}

/**
 * Whether the list that is sent replaces the policy's or adds to it is not documented: it replaces it, as "sets" says.
 */
function save(point: (one: unknown, before: PolicyPoint | undefined) => PolicyPoint): OperationHandler {
  return (request, context) => {
    const { world } = context;
    const policy = policyOf(request, context);
    const models = readModels(request.body, policy, point);
    checkPoints(models, policy, world);
    const retention = (request.body['retention'] as string | undefined) ?? policy.retention;
    if (request.body['retention'] === undefined) requireKnownPoints(models, policy);
    world.policies.set(policy.policyId, { ...policy, retention, models });
    store(policy, models, world);
    for (const { modelId, points } of models)
      for (const { pointId } of points) world.deletedMetadata.delete(metadataKey(modelId, pointId));
    return { data: null };
  };
}

/** The models of the body, each once, each with every point once. */
function readModels(
  body: OperationRequest['body'],
  policy: WorldPolicy,
  point: (one: unknown, before: PolicyPoint | undefined) => PolicyPoint,
): PolicyModels {
  const byModel = new Map<string, Map<string, PolicyPoint>>();
  for (const { modelId, points } of body['models'] as { modelId: string; points: unknown[] }[]) {
    const before = policy.models.find((one) => one.modelId === modelId)?.points ?? [];
    const byPoint = byModel.get(modelId) ?? new Map<string, PolicyPoint>();
    byModel.set(modelId, byPoint);
    for (const one of points) {
      const pointId = typeof one === 'string' ? one : (one as PolicyPoint).pointId;
      byPoint.set(
        pointId,
        point(
          one,
          before.find((known) => known.pointId === pointId),
        ),
      );
    }
  }
  return [...byModel].map(([modelId, byPoint]) => ({ modelId, points: [...byPoint.values()] }));
}

function checkPoints(models: PolicyModels, policy: WorldPolicy, world: World): void {
  const kind = storageKindOf(policy);
  if (models.length > MAX_MODELS) throw refused(`${models.length} models, more than ${MAX_MODELS}`);
  const pairs = models.reduce((sum, { points }) => sum + points.length, 0);
  if (kind === 'LAST_CHANGED' && pairs > MAX_LAST_CHANGED_PAIRS)
    throw refused(`${pairs} points, more than ${MAX_LAST_CHANGED_PAIRS}`);
  for (const { modelId, points } of models) {
    const model = world.models.get(modelId);
    if (model === undefined) throw refused(`no model ${modelId}`);
    for (const { pointId, sdt, db } of points) {
      if (!Object.hasOwn(model.measurepoints, pointId))
        throw refused(`model ${modelId} has no point ${pointId}`);
      if ((sdt !== null || db !== null) && !COMPRESSED_KINDS.includes(kind))
        throw refused(`points of the type ${policy.policyType} take no compression`);
    }
  }
}

/** The retention may be left out only for points that have one already. */
function requireKnownPoints(models: PolicyModels, policy: WorldPolicy): void {
  for (const { modelId, points } of models) {
    for (const { pointId } of points) {
      if (!covers(policy, modelId, pointId)) throw refused(`${modelId}.${pointId} has no retention yet`);
    }
  }
}

function covers(policy: WorldPolicy, modelId: string, pointId: string): boolean {
  return policy.models.some(
    (one) => one.modelId === modelId && one.points.some((p) => p.pointId === pointId),
  );
}

/** Gives the policy's kind of storage to the points that came under it, and takes it from those that left. */
function store(policy: WorldPolicy, models: PolicyModels, world: World): void {
  const kind = storageKindOf(policy);
  if (kind === undefined) return;
  const same = [...world.policies.values()].filter((one) => storageKindOf(one) === kind);
  for (const { modelId } of [...policy.models, ...models]) {
    const model = world.models.get(modelId);
    if (model === undefined) continue;
    const storage = { ...model.storage };
    for (const pointId of Object.keys(model.measurepoints)) {
      const others = (storage[pointId] ?? []).filter((one) => one !== kind);
      const all: string[] = same.some((one) => covers(one, modelId, pointId)) ? [...others, kind] : others;
      const kinds = storageKinds.filter((one) => all.includes(one));
      if (kinds.length > 0) storage[pointId] = kinds;
      else delete storage[pointId];
    }
    world.models.set(modelId, { ...model, storage });
  }
}

/** saveStoragePolicy: plain point ids; a point keeps the compression that it has. */
const saveStoragePolicy = save((one, before) => before ?? { pointId: String(one), sdt: null, db: null });

/** saveStoragePolicyV21: points with their compression. */
const saveStoragePolicyV21 = save((one) => {
  const { pointId, sdt = null, db = null } = one as Partial<PolicyPoint> & { pointId: string };
  return { pointId, sdt, db };
});

/** updateUnformattedPolicy: a GET that writes. */
const updateUnformattedPolicy: OperationHandler = ({ query }, { world, now }) => {
  world.unformattedPolicy = {
    ...world.unformattedPolicy,
    retention: query['retention'] ?? '',
    updateTime: new Date(now()).toISOString().replace('Z', '+00:00'),
  };
  return { data: null };
};

/** Handlers of writes. */
export const policyWriteHandlers: ServiceHandlers = {
  saveStoragePolicy,
  saveStoragePolicyV21,
  updateUnformattedPolicy,
};
