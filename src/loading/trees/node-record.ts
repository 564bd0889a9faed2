/** Assets as the nodes of a tree: the asset itself and what the tree says of it. */
import type { OperationId } from '../../enos/operation.js';
import { asset, type AssetRecord, type RawAsset } from '../entities/asset.js';
import { projectionOf, recordOf } from '../entity/records.js';
import type { NodeRecord } from './types.js';

/** The parts of the assets themselves. */
export function assetParts(parts: ReadonlySet<string>): ReadonlySet<string> {
  return parts.has('childCount') ? new Set([...parts].filter((part) => part !== 'childCount')) : parts;
}

/** The projection of nodes with the given parts. */
export function nodeProjection(parts: ReadonlySet<string>): string[] {
  const projection = projectionOf(asset, parts) ?? [];
  return parts.has('childCount') ? [...projection, 'childAssetNodeCount'] : projection;
}

/** A node of a tree, and the asset alone. Throws as `recordOf`. */
export function toNodeRecord(
  raw: RawAsset & { childAssetNodeCount?: unknown },
  { orgId, treeId }: { orgId: string; treeId: string },
  parts: ReadonlySet<string>,
  operation: OperationId,
): { asset: AssetRecord; node: NodeRecord } {
  const record = recordOf(asset, raw, orgId, operation, assetParts(parts));
  const count = raw.childAssetNodeCount;
  // Some EnOS send the member unasked, with a value that counts nothing.
  const isCount =
    parts.has('childCount') && typeof count === 'number' && Number.isSafeInteger(count) && count >= 0;
  return { asset: record, node: isCount ? { ...record, counted: { treeId, children: count } } : record };
}

/** The asset of a node, without what only the tree says. */
export function assetOf(node: NodeRecord): AssetRecord {
  if (node.counted === undefined) return node;
  const record: NodeRecord = { ...node };
  delete record.counted;
  return record;
}
