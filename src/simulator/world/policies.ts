/**
 * Storage policies of a world. Which points a policy covers follows from the `storage` of the models' points.
 */
import { uuidOfSlug } from './ids.js';
import { storageKinds } from './schema/model.js';
import type { PolicyFile } from './schema/world.js';
import type { World, WorldModel, WorldPolicy } from './world.js';
import { WorldError } from './yaml.js';

/** Names of policy types; NORMALIZED is the one that EnOS's samples show. */
const POLICY_TYPES: Readonly<Record<PolicyFile['policies'][number]['storage'], string>> = {
  AI_RAW: 'RAW',
  AI_NORMALIZED: 'NORMALIZED',
  DI: 'DI',
  PI: 'PI',
  GENERIC: 'GENERIC',
  LAST_CHANGED: 'LAST_CHANGED',
};

/** The kind of storage that a policy gives its points; undefined for a type that EnOS does not show. */
export function storageKindOf({
  policyType,
}: WorldPolicy): PolicyFile['policies'][number]['storage'] | undefined {
  return storageKinds.find((kind) => POLICY_TYPES[kind] === policyType);
}

/** The policies by id, each with all points of its kind, and the policy of unformatted data. */
export function buildPolicies(
  file: string,
  content: PolicyFile,
  models: ReadonlyMap<string, WorldModel>,
): Pick<World, 'policies' | 'unformattedPolicy'> {
  const policies = new Map<string, WorldPolicy>();
  for (const spec of content.policies) {
    for (const { model, point } of spec.compression) {
      if (!models.get(model)?.storage[point]?.includes(spec.storage)) {
        throw new WorldError(
          file,
          `policy ${spec.name}: ${model} has no point ${point} stored as ${spec.storage}`,
        );
      }
    }
    const covered = [...models.values()].map(({ modelId, storage }) => ({
      modelId,
      points: Object.entries(storage)
        .filter(([, kinds]) => kinds.includes(spec.storage))
        .map(([pointId]) => {
          const compression = spec.compression.find((one) => one.model === modelId && one.point === pointId);
          return { pointId, sdt: compression?.sdt ?? null, db: compression?.db ?? null };
        }),
    }));
    const policyId = spec.id ?? uuidOfSlug(`policy:${spec.name}`);
    policies.set(policyId, {
      policyId,
      policyName: spec.name,
      policyType: POLICY_TYPES[spec.storage],
      retention: spec.retention,
      models: covered.filter(({ points }) => points.length > 0),
    });
  }
  const { id, retention, updated } = content.unformatted;
  return {
    policies,
    unformattedPolicy: { policyId: id ?? uuidOfSlug('policy:unformatted'), retention, updateTime: updated },
  };
}
