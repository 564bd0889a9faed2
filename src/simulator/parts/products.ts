/** Connection Service, products: products.yaml, getProduct, searchProduct and their editions without secrets. */
import { z } from 'zod';
import { getOne, searchAll } from '../keyed-part.js';
import type { KeyedThings, View } from '../keyed-part.js';
import { keyOf, languageOf, ownValue, textsIn } from '../names.js';
import { idOfSlug, uuidOfSlug } from '../world/ids.js';
import type { WorldPart } from '../world/part.js';
import { idSchema, slugSchema, tagsSchema, textSchema } from '../world/schema/common.js';
import { WorldError } from '../world/yaml.js';

const productSchema = z.strictObject({
  slug: slugSchema,
  /** The key where it is to be known; else it follows from the slug. */
  key: idSchema.optional(),
  name: textSchema,
  desc: z.string().max(512).default(''),
  model: z.string(),
  type: z.enum(['Device', 'Gateway']).default('Device'),
  format: z.enum(['Json', 'Custom']).default('Json'),
  tags: tagsSchema,
  dynamicActivation: z.boolean().default(false),
  certificates: z.boolean().default(false),
  validDays: z.strictObject({ default: z.number().int(), max: z.number().int() }).optional(),
  created: z.iso.datetime({ offset: true }).default('2023-10-31T08:00:00Z'),
});
const schema = z.strictObject({ products: z.array(productSchema) });
type Product = Omit<z.infer<typeof productSchema>, 'key'> & { key: string };

/** Products by key. */
export const products: WorldPart<z.infer<typeof schema>, Map<string, Product>> = {
  file: 'products.yaml',
  schema,
  build: (content, { file, models }) => {
    const byKey = new Map<string, Product>();
    for (const product of content?.products ?? []) {
      const { slug, model, key = idOfSlug('product', slug) } = product;
      if (!models.has(model)) throw new WorldError(file, `product ${slug}: there is no model ${model}`);
      if (byKey.has(key)) throw new WorldError(file, `product ${slug}: ${key} is taken`);
      byKey.set(key, { ...product, key });
    }
    return byKey;
  },
  get handlers() {
    return {
      getProduct: getOne(THINGS, withSecret),
      getProductV24: getOne(THINGS, withoutSecret),
      searchProduct: searchAll(THINGS, withSecret),
      searchProductV24: searchAll(THINGS, withoutSecret),
    };
  },
};

const THINGS: KeyedThings<Product> = {
  all: (world) => world.parts.of(products),
  parameter: 'productKey',
  missing: { code: 11404, message: 'Product cannot be found' },
  search: 'searchProduct',
  field: ({ key, model, name, tags }, field) => {
    if (field === 'productKey') return [key];
    if (field === 'modelId') return [model];
    if (field.startsWith('productTags.')) return [ownValue(tags, keyOf(field))];
    return textsIn(name, languageOf(field));
  },
};

const withSecret: View<Product> = (product, orgId, { operationId }) => ({
  ...common(product, orgId),
  productSecret: uuidOfSlug(`product-secret:${product.slug}`).slice(0, 11),
  // The pages spell it in two ways.
  [operationId === 'getProduct' ? 'dynamicActivateEnabled' : 'dynamicActiveEnabled']:
    product.dynamicActivation,
});

/** Secrets come encrypted for the application's key pair, and no application of the simulator has one. */
const withoutSecret: View<Product> = (product, orgId, { query, body }) => ({
  ...common(product, orgId),
  dynamicActivateEnabled: product.dynamicActivation,
  ...(query['requireSecret'] === 'true' || body['requireSecret'] === true
    ? { productSecret: 'No public key of the application', sessionKey: '' }
    : {}),
});

function common(product: Product, orgId: string): Record<string, unknown> {
  const createTime = Date.parse(product.created);
  return {
    orgId,
    productKey: product.key,
    productName: product.name,
    productDesc: product.desc,
    productType: product.type,
    dataFormat: product.format,
    productTags: Object.keys(product.tags).length === 0 ? null : product.tags,
    modelId: product.model,
    biDirectionalAuth: product.certificates,
    createBy: 'estate-admin',
    createTime,
    updateBy: 'estate-admin',
    updateTime: createTime,
    defaultValidDay: product.validDays?.default ?? null,
    maxValidDay: product.validDays?.max ?? null,
  };
}
