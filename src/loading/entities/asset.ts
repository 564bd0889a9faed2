/** Assets of the Asset Service and the Asset Tree Service. */
import type { components as AssetService } from '../../enos/generated/types/asset.js';
import type { components as TreeService } from '../../enos/generated/types/asset-tree.js';
import type { I18nText } from '../common.js';
import { entity, type EntityRecord } from '../entity/description.js';
import { anyOf, attributesAre, idOfOne, nameHas, tagged } from '../entity/filter.js';
import { getBy, searchBy } from '../entity/reads.js';

/** An asset as either service sends it; whatever a projection or an edition leaves out is absent. */
export type RawAsset =
  Partial<AssetService['schemas']['Asset']> | (TreeService['schemas']['Asset'] & { desc?: string | null });

/** An asset, of the organization that was asked: the Asset Tree Service does not name it. */
export interface AssetRecord extends EntityRecord {
  readonly assetId: string;
  readonly modelId: string;
  /** Of its model, as `/root/parent/model`. */
  readonly modelIdPath: string | null;
  readonly name: I18nText;
  readonly description: string | null;
  /** UTC offset such as `+08:00`, or an IANA zone; the empty text where EnOS sends none. */
  readonly timezone: string;
  /** 64-bit integers are `bigint`. Undefined, as `tags`, where a list has left them out. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** getAsset, searchAssetNode. */
export const asset = entity<AssetRecord, RawAsset>({
  type: 'Asset',
  key: 'assetId',
  keyField: 'assetIds',
  right: { name: 'assets:read', allows: 'see assets and their attributes' },
  assets: { narrowBy: 'assetIds' },
  lifetime: { setting: 'CACHE_TTL_ASSETS', fallback: 60_000 },
  get: getBy('asset.getAsset', ({ orgId, id }) => ({ query: { orgId, assetId: id } })),
  search: searchBy('asset-tree.searchAssetNode'),
  projection: {
    always: ['assetId', 'modelId', 'modelIdPath', 'name', 'timezone', 'description'],
    selected: ['attributes', 'tags'],
  },
  needs: ['modelId'],
  record: (raw, parts) => ({
    assetId: raw.assetId!,
    modelId: raw.modelId!,
    modelIdPath: raw.modelIdPath ?? null,
    name: raw.name ?? {},
    // The 2.1 sample of getAsset spells it desc.
    description: raw.description ?? raw.desc ?? null,
    timezone: raw.timezone ?? '',
    ...(parts.has('attributes') ? { attributes: raw.attributes ?? {} } : {}),
    ...(parts.has('tags') ? { tags: raw.tags ?? {} } : {}),
  }),
  filter: {
    assetIds: anyOf('assetIds', 'One of these assets.'),
    modelIds: anyOf('modelIds', 'Of one of these models, not of their heirs.'),
    rootModelIds: anyOf(
      'rootModelIds',
      'Of a model whose inheritance starts at one of these: the model itself or an heir.',
      ({ modelIdPath }: AssetRecord) => modelIdPath?.split('/')[1] ?? null,
    ),
    treeId: idOfOne(
      'treeId',
      'AssetTree',
      'In this asset tree. Not where the field is about one tree already.',
    ),
    name: nameHas('name', 'Condition on the name.'),
    tags: tagged({ field: 'tags', in: true, notExists: false, like: true }, 'Conditions on tags.'),
    attributes: attributesAre('attributes', 'Conditions on static attributes.'),
  },
});
