/**
 * Asset Service: getAsset.
 */
import { ServiceError } from '../operation.js';
import type { OperationHandler, ServiceHandlers } from '../operation.js';
import { notFound } from '../refusals.js';

const getAsset: OperationHandler = ({ query }, { world }) => {
  const assetId = query.assetId ?? '';
  const asset = world.assets.get(assetId);
  if (asset === undefined) throw notFound('assetId', assetId);
  if (!asset.readable) throw new ServiceError(99403, `Denied resource: assetId ${assetId}`);
  // Unlike the tree service's Asset: orgId, and neither label, inValid nor createTime.
  return {
    data: {
      assetId,
      orgId: asset.orgId,
      modelId: asset.modelId,
      modelIdPath: world.models.get(asset.modelId)?.modelIdPath ?? null,
      name: asset.name,
      description: asset.description,
      timezone: asset.timezone,
      attributes: asset.attributes,
      tags: asset.tags,
    },
  };
};

/** Handlers of the Asset Service. */
export const assetHandlers: ServiceHandlers = { getAsset };
