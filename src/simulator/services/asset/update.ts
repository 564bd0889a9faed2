/**
 * Asset Service: updateAsset, for device assets and logical ones.
 */
import { ServiceError } from '../../operation.js';
import type { OperationHandler, ServiceHandlers } from '../../operation.js';
import { invalidArgument, requireAccess } from '../../refusals.js';
import type { WorldAsset } from '../../world/world.js';
import { modelOf, patched, replaced } from './changes.js';
import type { SentAsset } from './changes.js';

const misfit = (detail: string): ServiceError => new ServiceError(12958, `Asset validate failed: ${detail}`);

const updateAsset: OperationHandler = ({ query, body }, context) => {
  const { world } = context;
  const sent = body.asset as SentAsset & { assetId: string; tagKeys?: string[] };
  const asset = world.assets.get(sent.assetId);
  if (asset === undefined) throw new ServiceError(12404, 'Asset is not existent');
  requireAccess(asset);
  const mode = query.updateMode ?? (query.isPatchUpdate === 'false' ? 'overwrite' : 'patchUpdate');
  world.assets.set(
    asset.assetId,
    mode === 'tagDelete'
      ? withoutTags(asset, sent.tagKeys)
      : (mode === 'overwrite' ? replaced : patched)(asset, modelOf(asset, context), sent, misfit),
  );
  return { data: null };
};

function withoutTags(asset: WorldAsset, tagKeys: readonly string[] | undefined): WorldAsset {
  if (tagKeys === undefined) throw invalidArgument('asset.tagKeys', 'is required');
  const tags = Object.fromEntries(Object.entries(asset.tags).filter(([key]) => !tagKeys.includes(key)));
  return { ...asset, tags };
}

/** Handlers of updates. */
export const assetUpdateHandlers: ServiceHandlers = { updateAsset };
