/** The heavy parts of assets: fetched with a list only where they are selected, one by one where they are missing. */
import type { AssetPart, AssetRecord } from '../../loading/assets/types.js';
import { then, type MaybePromise } from '../../loading/maybe.js';
import { selectsOfNodes } from '../lists/connection.js';
import type { GraphContext } from '../context.js';
import { oncePerField, type SelectionInfo } from '../selection.js';

/** Fields of `Asset` that need a part. */
const FIELDS_OF_PART: Readonly<Record<AssetPart, readonly string[]>> = {
  attributes: ['attributes', 'attribute', 'attributeValues'],
  tags: ['tags'],
};

const NODE_ITSELF: readonly string[] = [];

/** Parts that a query selects of the nodes of a connection; `inside` leads from a node to its asset. */
export function selectedParts(
  info: SelectionInfo,
  inside: readonly string[] = NODE_ITSELF,
): ReadonlySet<AssetPart> {
  return oncePerField(info, inside, readParts, inside);
}

function readParts(info: SelectionInfo, inside: readonly string[]): ReadonlySet<AssetPart> {
  const parts = new Set<AssetPart>();
  for (const part of ['attributes', 'tags'] as const) {
    if (selectsOfNodes(info, inside, FIELDS_OF_PART[part])) parts.add(part);
  }
  return parts;
}

/** Attributes of an asset, fetched with the whole asset where its list left them out. */
export function attributesOf(
  { loaders }: GraphContext,
  { orgId, assetId, attributes }: AssetRecord,
): MaybePromise<Readonly<Record<string, unknown>>> {
  return attributes ?? then(loaders.assets.byId({ orgId, assetId }), (whole) => whole.attributes ?? {});
}

/** Tags of an asset, likewise. */
export function tagsOf(
  { loaders }: GraphContext,
  { orgId, assetId, tags }: AssetRecord,
): MaybePromise<Readonly<Record<string, string>>> {
  return tags ?? then(loaders.assets.byId({ orgId, assetId }), (whole) => whole.tags ?? {});
}
