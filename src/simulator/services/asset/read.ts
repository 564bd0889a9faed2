/**
 * Asset Service: getAsset.
 */
import type { OperationHandler, ServiceHandlers } from '../../operation.js';
import { notFound, requireAccess } from '../../refusals.js';

const getAsset: OperationHandler = ({ query }, { world }) => {
  const assetId = query.assetId ?? '';
  const asset = world.assets.get(assetId);
  if (asset === undefined) throw notFound('assetId', assetId);
  requireAccess(asset);
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

/** Handlers of reads. */
export const assetReadHandlers: ServiceHandlers = { getAsset };
