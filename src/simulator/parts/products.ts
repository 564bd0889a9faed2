/** Connection Service, products: products.yaml, getProduct, searchProduct and their editions without secrets. */
import { z } from 'zod';
import { compileExpression } from '../expression/select.js';
import { keyOf, languageOf, ownValue, textsIn } from '../names.js';
import { ServiceError } from '../operation.js';
import type { OperationHandler, OperationRequest } from '../operation.js';
import { pageInfo, pageOf, readPage } from '../paging.js';
import { idOfSlug, uuidOfSlug } from '../world/ids.js';
import type { WorldPart } from '../world/part.js';
import { idSchema, slugSchema, tagsSchema, textSchema } from '../world/schema/common.js';
import type { I18nText } from '../world/world.js';
import { WorldError } from '../world/yaml.js';

const schema = z.strictObject({
  products: z.array(
    z.strictObject({
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
    }),
  ),
});

/** A product as the simulator keeps it. */
export interface WorldProduct {
  slug: string;
  productKey: string;
  name: I18nText;
  desc: string;
  modelId: string;
  productType: 'Device' | 'Gateway';
  dataFormat: 'Json' | 'Custom';
  tags: Record<string, string>;
  dynamicActivation: boolean;
  certificates: boolean;
  validDays: { default: number; max: number } | null;
  createTime: number;
  secret: string;
}

/** Products by key. */
export const products: WorldPart<z.infer<typeof schema>, Map<string, WorldProduct>> = {
  file: 'products.yaml',
  schema,
  build: (content, { file, models }) => {
    const byKey = new Map<string, WorldProduct>();
    for (const { slug, key, model, type, format, validDays, created, ...rest } of content?.products ?? []) {
      if (!models.has(model)) throw new WorldError(file, `product ${slug}: there is no model ${model}`);
      const productKey = key ?? idOfSlug('product', slug);
      if (byKey.has(productKey)) throw new WorldError(file, `product ${slug}: ${productKey} is taken`);
      byKey.set(productKey, {
        ...rest,
        slug,
        productKey,
        modelId: model,
        productType: type,
        dataFormat: format,
        validDays: validDays ?? null,
        createTime: Date.parse(created),
        secret: uuidOfSlug(`product-secret:${slug}`).slice(0, 11),
      });
    }
    return byKey;
  },
  get handlers() {
    return {
      getProduct: one(withSecret),
      getProductV24: one(withoutSecret),
      searchProduct: search(withSecret),
      searchProductV24: search(withoutSecret),
    };
  },
};

type View = (product: WorldProduct, orgId: string, request: OperationRequest) => Record<string, unknown>;

function one(view: View): OperationHandler {
  return (request, { world }) => {
    const product = world.parts.of(products).get(request.query['productKey'] ?? '');
    if (product === undefined) throw new ServiceError(11404, 'Product cannot be found');
    return { data: view(product, world.orgId, request) };
  };
}

function search(view: View): OperationHandler {
  return (request, { world }) => {
    // The newer edition documents no fields of its own: "expression as in searchProduct".
    const test = compileExpression('searchProduct', request.body['expression']);
    const page = readPage(request.operationId, request.body);
    const found = [...world.parts.of(products).values()].filter((product) =>
      test((name) => fieldOf(product, name)),
    );
    return {
      data: pageOf(found, page).map((product) => view(product, world.orgId, request)),
      beside: pageInfo(page, found.length),
    };
  };
}

function fieldOf({ productKey, modelId, name, tags }: WorldProduct, field: string): readonly unknown[] {
  if (field === 'productKey') return [productKey];
  if (field === 'modelId') return [modelId];
  if (field.startsWith('productTags.')) return [ownValue(tags, keyOf(field))];
  return textsIn(name, languageOf(field));
}

function withSecret(product: WorldProduct, orgId: string, { operationId }: OperationRequest) {
  // The pages spell it in two ways.
  const activation = operationId === 'getProduct' ? 'dynamicActivateEnabled' : 'dynamicActiveEnabled';
  return {
    ...common(product, orgId),
    productSecret: product.secret,
    [activation]: product.dynamicActivation,
  };
}

/** Secrets come encrypted for the application's key pair, and no application of the simulator has one. */
function withoutSecret(product: WorldProduct, orgId: string, { query, body }: OperationRequest) {
  const isAsked = query['requireSecret'] === 'true' || body['requireSecret'] === true;
  return {
    ...common(product, orgId),
    dynamicActivateEnabled: product.dynamicActivation,
    ...(isAsked ? { productSecret: 'No public key of the application', sessionKey: '' } : {}),
  };
}

function common(product: WorldProduct, orgId: string): Record<string, unknown> {
  const { productKey, name, desc, productType, dataFormat, tags, modelId, certificates, createTime } =
    product;
  return {
    orgId,
    productKey,
    productName: name,
    productDesc: desc,
    productType,
    dataFormat,
    productTags: Object.keys(tags).length === 0 ? null : tags,
    modelId,
    biDirectionalAuth: certificates,
    createBy: 'estate-admin',
    createTime,
    updateBy: 'estate-admin',
    updateTime: createTime,
    defaultValidDay: product.validDays?.default ?? null,
    maxValidDay: product.validDays?.max ?? null,
  };
}
