/** The heavy parts of assets: fetched with a list only where they are selected, one by one where they are missing. */
import type { AssetPart, AssetRecord } from '../../loading/assets/types.js';
import { selectsOfNodes } from '../connection.js';
import type { GraphContext } from '../context.js';
import type { SelectionInfo } from '../selection.js';

/** Fields of `Asset` that need a part. */
const FIELDS_OF_PART: Readonly<Record<AssetPart, readonly string[]>> = {
  attributes: ['attributes', 'attribute', 'attributeValues'],
  tags: ['tags'],
};

/** Parts that a query selects of the nodes of a connection; `inside` leads from a node to its asset. */
export function selectedParts(info: SelectionInfo, inside: readonly string[] = []): ReadonlySet<AssetPart> {
  const parts = new Set<AssetPart>();
  for (const part of ['attributes', 'tags'] as const) {
    if (selectsOfNodes(info, inside, FIELDS_OF_PART[part])) parts.add(part);
  }
  return parts;
}

/** Attributes of an asset, fetched with the whole asset where its list left them out. */
export async function attributesOf(
  { loaders }: GraphContext,
  { orgId, assetId, attributes }: AssetRecord,
): Promise<Readonly<Record<string, unknown>>> {
  return attributes ?? (await loaders.assets.byId({ orgId, assetId })).attributes ?? {};
}

/** Tags of an asset, likewise. */
export async function tagsOf(
  { loaders }: GraphContext,
  { orgId, assetId, tags }: AssetRecord,
): Promise<Readonly<Record<string, string>>> {
  return tags ?? (await loaders.assets.byId({ orgId, assetId })).tags ?? {};
}
