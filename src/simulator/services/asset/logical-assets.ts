/**
 * Asset Service: logical assets created, updated and deleted.
 */
import { ServiceError } from '../../operation.js';
import type { OperationHandler, ServiceHandlers } from '../../operation.js';
import { invalidArgument, requireAccess } from '../../refusals.js';
import type { World, WorldAsset } from '../../world/world.js';
import { addLogicalAsset, modelOf, patched, replaced } from './changes.js';
import type { SentAsset } from './changes.js';

/** createLogicalAsset: outside of any tree. */
const createLogicalAsset: OperationHandler = ({ body }, context) => ({
  data: addLogicalAsset(
    body.assetInstance as Parameters<typeof addLogicalAsset>[0],
    context,
    (detail) => new ServiceError(17986, `TSL instance validation failed: ${detail}`),
  ),
});

const updateLogicalAsset: OperationHandler = ({ query, body }, context) => {
  const sent = body.assetUpdateVo as SentAsset & { assetId: string };
  const asset = logicalAsset(context.world, sent.assetId);
  const change = query.isPatchUpdate === 'false' ? replaced : patched;
  const changed = change(
    asset,
    modelOf(asset, context),
    sent,
    (detail) => new ServiceError(17958, `Asset validation failed: ${detail}`),
  );
  context.world.assets.set(asset.assetId, changed);
  return { data: null };
};

/**
 * deleteLogicalAsset. Whether EnOS deletes an asset that still sits in a tree is not documented: a client must take it
 * out first, and here it has to.
 */
const deleteLogicalAsset: OperationHandler = ({ query, body }, { world }) => {
  // A query parameter in 2.2 and from 2.4 on, a body field in 2.3.
  const assetId = query.assetId ?? (body.assetId as string | undefined);
  if (assetId === undefined || assetId === '') throw invalidArgument('assetId', 'is required');
  logicalAsset(world, assetId);
  const tree = [...world.trees.values()].find(({ nodes }) => nodes.has(assetId));
  if (tree !== undefined) throw invalidArgument('assetId', `${assetId} is in the tree ${tree.treeId}`);
  world.assets.delete(assetId);
  return { data: null };
};

/** A logical asset: 17404 for what is none, device assets included. */
function logicalAsset(world: World, assetId: string): WorldAsset {
  const asset = world.assets.get(assetId);
  if (asset?.label !== '1') throw new ServiceError(17404, 'Logical asset does not exist');
  requireAccess(asset);
  return asset;
}

/** Handlers of logical assets. */
export const logicalAssetHandlers: ServiceHandlers = {
  createLogicalAsset,
  updateLogicalAsset,
  deleteLogicalAsset,
};
