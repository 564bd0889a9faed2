import type { OperationId } from '../../enos/operation.js';
import type { components as AssetService } from '../../enos/generated/types/asset.js';
import type { components as TreeService } from '../../enos/generated/types/asset-tree.js';
import { localError } from '../enos-call.js';
import type { AssetPart, AssetRecord } from './types.js';

/** An asset as either service sends it; whatever a projection or an edition leaves out is absent. */
export type RawAsset =
  Partial<AssetService['schemas']['Asset']> | (TreeService['schemas']['Asset'] & { desc?: string | null });

/** Both heavy parts: an asset with them is whole. */
export const ALL_PARTS: ReadonlySet<AssetPart> = new Set<AssetPart>(['attributes', 'tags']);

/** Properties that every list read asks for. */
const LIGHT_PROPERTIES = ['assetId', 'modelId', 'modelIdPath', 'name', 'timezone', 'description'];

/** The projection of assets with the given heavy parts; `prefix` leads to the asset, e.g. `assets.*.`. */
export function assetProjection(parts: ReadonlySet<AssetPart>, prefix = ''): string[] {
  return [...LIGHT_PROPERTIES, ...[...parts].sort()].map((property) => prefix + property);
}

/**
 * An asset as the graph sees it. `parts` are the heavy parts that were asked for: an empty one may be absent from the
 * reply. Of the organization that was asked, since the Asset Tree Service does not name it.
 * Throws `EnosError` (invalid-response) for one without id or model. A missing time zone becomes the empty text.
 */
export function toAssetRecord(
  raw: RawAsset,
  orgId: string,
  parts: ReadonlySet<AssetPart>,
  operation: OperationId,
): AssetRecord {
  const { assetId, modelId } = raw;
  if (typeof assetId !== 'string' || typeof modelId !== 'string') {
    throw localError(operation, 'invalid-response', 'EnOS sent an asset without assetId or modelId');
  }
  return {
    assetId,
    orgId,
    modelId,
    modelIdPath: raw.modelIdPath ?? null,
    name: raw.name ?? {},
    // The 2.1 sample of getAsset spells it desc.
    description: raw.description ?? raw.desc ?? null,
    timezone: raw.timezone ?? '',
    ...(parts.has('attributes') ? { attributes: raw.attributes ?? {} } : {}),
    ...(parts.has('tags') ? { tags: raw.tags ?? {} } : {}),
  };
}

/** The heavy parts that a reply without projection really holds. */
export function partsOf(raw: RawAsset): ReadonlySet<AssetPart> {
  const parts = new Set<AssetPart>();
  if (raw.attributes != null) parts.add('attributes');
  if (raw.tags != null) parts.add('tags');
  return parts;
}

/** Whether the record is complete, so that it may stand for the asset everywhere. */
export function isWhole(record: AssetRecord): boolean {
  return record.attributes !== undefined && record.tags !== undefined;
}
