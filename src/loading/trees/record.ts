import type { components } from '../../enos/generated/types/asset-tree.js';
import type { OperationId } from '../../enos/operation.js';
import { partsOf, toAssetRecord } from '../assets/record.js';
import { localError } from '../enos-call.js';
import type { TreeRecord } from './types.js';

/**
 * A tree as the graph sees it, with its root's asset as far as the reply holds it. Throws `EnosError`
 * (invalid-response) for a tree without an id or a root.
 */
export function toTreeRecord(
  raw: components['schemas']['AssetTree'],
  orgId: string,
  operation: OperationId,
): TreeRecord {
  const { treeId, asset } = raw;
  if (typeof treeId !== 'string' || asset == null) {
    throw localError(operation, 'invalid-response', 'EnOS sent a tree without treeId or root');
  }
  const root = toAssetRecord(asset, orgId, partsOf(asset), operation);
  return { treeId, orgId, name: raw.name ?? null, tags: raw.tags ?? {}, root };
}
