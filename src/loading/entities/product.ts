/** Products of the Connection Service: what kinds of devices an organization connects. */
import type { components } from '../../enos/generated/types/connection.js';
import type { I18nText } from '../common.js';
import { entity, type EntityRecord } from '../entity/description.js';
import { anyOf, nameHas, tagged } from '../entity/filter.js';
import { getBy, searchBy } from '../entity/reads.js';

type RawProduct = components['schemas']['Product'];

/** A product. Its secret is never read. */
export interface ProductRecord extends EntityRecord {
  readonly productKey: string;
  readonly modelId: string;
  readonly name: I18nText;
  readonly description: string | null;
  readonly productType: string;
  readonly dataFormat: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether a device may fetch its secret at its first login; null where EnOS does not say. */
  readonly dynamicActivation: boolean | null;
  /** Whether devices authenticate with certificates. */
  readonly certificateAuthentication: boolean | null;
  /** Days. */
  readonly defaultValidDays: number | null;
  readonly maxValidDays: number | null;
  readonly createdBy: string | null;
  /** Unix milliseconds. */
  readonly createdAt: number | null;
  readonly updatedBy: string | null;
  readonly updatedAt: number | null;
}

/** getProduct, searchProduct. */
export const product = entity<ProductRecord, RawProduct>({
  type: 'Product',
  key: 'productKey',
  right: { name: 'products:read', allows: 'see products' },
  assets: 'none',
  lifetime: { setting: 'CACHE_TTL_PRODUCTS', fallback: 60_000 },
  get: getBy('connection.getProduct', ({ orgId, id }) => ({ query: { orgId, productKey: id } })),
  search: searchBy('connection.searchProduct'),
  record: (raw) => ({
    productKey: raw.productKey,
    modelId: raw.modelId,
    name: raw.productName,
    description: raw.productDesc || null,
    productType: raw.productType,
    dataFormat: raw.dataFormat,
    tags: raw.productTags ?? {},
    // The pages of EnOS spell it both ways.
    dynamicActivation: raw.dynamicActivateEnabled ?? raw.dynamicActiveEnabled ?? null,
    certificateAuthentication: raw.biDirectionalAuth ?? null,
    defaultValidDays: raw.defaultValidDay ?? null,
    maxValidDays: raw.maxValidDay ?? null,
    createdBy: raw.createBy ?? null,
    createdAt: raw.createTime ?? null,
    updatedBy: raw.updateBy ?? null,
    updatedAt: raw.updateTime ?? null,
  }),
  filter: {
    productKeys: anyOf('productKey', 'One of these products.'),
    modelIds: anyOf(
      'modelId',
      'Of one of these thing models, not of their heirs.',
      ({ modelId }: ProductRecord) => modelId,
    ),
    name: nameHas('productName', 'Condition on the name.'),
    tags: tagged({ field: 'productTags', in: false, notExists: true, like: false }, 'Conditions on tags.'),
  },
});
