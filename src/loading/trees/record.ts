import type { components } from '../../enos/generated/types/asset-tree.js';
import type { OperationId } from '../../enos/operation.js';
import { asset as assets, type RawAsset } from '../entities/asset.js';
import { recordOf } from '../entity/records.js';
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
  const root = recordOf(assets, asset, orgId, operation, partsOf(asset));
  return { treeId, orgId, name: raw.name ?? null, tags: raw.tags ?? {}, root };
}

/** The heavy parts that a reply without projection really holds. */
function partsOf(raw: RawAsset): ReadonlySet<string> {
  return new Set(assets.projection?.selected.filter((name) => raw[name as keyof RawAsset] != null));
}
