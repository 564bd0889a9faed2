/**
 * TSDB Policy Service, its reads.
 */
import type {
  OperationHandler,
  OperationRequest,
  ServiceHandlers,
  SimulatorContext,
} from '../../operation.js';
import { ServiceError } from '../../operation.js';
import type { WorldPolicy } from '../../world/world.js';
import { HISTORY_KINDS } from '../tsdb/request.js';

const MAX_PRODUCT = 3000;

/**
 * getMeasurementPointTsdbMetadata: kinds of storage per point of models. Unknown models and points are left out, and
 * so are points under no policy. The operation documents the code 500 only, which stands for refusals too.
 */
const getMeasurementPointTsdbMetadata: OperationHandler = ({ query }, { world }) => {
  const modelIds = list(query['modelIds']);
  const pointIds = query['measurepoints'] === undefined ? null : list(query['measurepoints']);
  if (modelIds.length === 0) throw new ServiceError(500, 'Invalid param error: modelIds');
  const product = modelIds.length * (pointIds?.length ?? 1);
  if (product > MAX_PRODUCT) {
    throw new ServiceError(
      500,
      `Invalid param error: modelIds x measurepoints is ${product}, more than ${MAX_PRODUCT}`,
    );
  }
  const data = [...new Set(modelIds)].flatMap((modelId) => {
    const model = world.models.get(modelId);
    if (!model) return [];
    const kinds = Object.entries(model.storage)
      .filter(([pointId]) => pointIds === null || pointIds.includes(pointId))
      .map(([pointId, all]) => [pointId, all.filter((kind) => HISTORY_KINDS.includes(kind))] as const)
      .filter(([, history]) => history.length > 0);
    return [{ modelId, tsdb_metadata: Object.fromEntries(kinds) }];
  });
  return { data };
};

function list(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
}

/** The policy that a path names; 80500, which stands for every refusal here, where there is none. */
export function policyOf({ path }: OperationRequest, { world }: SimulatorContext): WorldPolicy {
  const policyId = path['policyId'] ?? '';
  const policy = world.policies.get(policyId);
  if (!policy) throw new ServiceError(80500, `INTERNAL SERVER ERROR: no policy ${policyId}`);
  return policy;
}

/** getStoragePolicyV21: each point with its compression. */
const getStoragePolicyV21: OperationHandler = (request, context) => ({ data: policyOf(request, context) });

/** getStoragePolicy: points as plain ids. */
const getStoragePolicy: OperationHandler = (request, context) => {
  const policy = policyOf(request, context);
  const models = policy.models.map(({ modelId, points }) => ({
    modelId,
    points: points.map(({ pointId }) => pointId),
  }));
  return { data: { ...policy, models } };
};

/** getUnformattedPolicy: one per organization. */
const getUnformattedPolicy: OperationHandler = (_request, { world }) => ({ data: world.unformattedPolicy });

/** Handlers of reads. */
export const policyReadHandlers: ServiceHandlers = {
  getMeasurementPointTsdbMetadata,
  getStoragePolicy,
  getStoragePolicyV21,
  getUnformattedPolicy,
};
