/** Assets as the nodes of a tree: the asset itself and what the tree says of it. */
import type { OperationId } from '../../enos/operation.js';
import { assetProjection, toAssetRecord, type RawAsset } from '../assets/record.js';
import type { AssetPart, AssetRecord } from '../assets/types.js';
import type { NodePart, NodeRecord } from './types.js';

/** The parts of the assets themselves. */
export function assetParts(parts: ReadonlySet<NodePart>): ReadonlySet<AssetPart> {
  return parts.has('childCount')
    ? new Set([...parts].filter((part) => part !== 'childCount'))
    : (parts as ReadonlySet<AssetPart>);
}

/** The projection of nodes with the given parts. */
export function nodeProjection(parts: ReadonlySet<NodePart>): string[] {
  const projection = assetProjection(assetParts(parts));
  return parts.has('childCount') ? [...projection, 'childAssetNodeCount'] : projection;
}

/** A node of a tree, and the asset alone. Throws as `toAssetRecord`. */
export function toNodeRecord(
  raw: RawAsset & { childAssetNodeCount?: unknown },
  { orgId, treeId }: { orgId: string; treeId: string },
  parts: ReadonlySet<NodePart>,
  operation: OperationId,
): { asset: AssetRecord; node: NodeRecord } {
  const asset = toAssetRecord(raw, orgId, assetParts(parts), operation);
  const count = raw.childAssetNodeCount;
  // Some EnOS send the member unasked, with a value that counts nothing.
  const isCount =
    parts.has('childCount') && typeof count === 'number' && Number.isSafeInteger(count) && count >= 0;
  return { asset, node: isCount ? { ...asset, counted: { treeId, children: count } } : asset };
}

/** The asset of a node, without what only the tree says. */
export function assetOf(node: NodeRecord): AssetRecord {
  if (node.counted === undefined) return node;
  const asset: NodeRecord = { ...node };
  delete asset.counted;
  return asset;
}
