/** Products: create, update, delete, get, search, and the editions without secrets. */
import { getOne, searchAll } from '../../keyed-part.js';
import type { KeyedThings, View } from '../../keyed-part.js';
import { keyOf, languageOf, ownValue, textsIn } from '../../names.js';
import { ServiceError } from '../../operation.js';
import type { OperationHandler, OperationRequest, ServiceHandlers } from '../../operation.js';
import { devices } from '../../parts/devices.js';
import { products } from '../../parts/products.js';
import type { Product } from '../../parts/products.js';
import { invalidArgument, notFound } from '../../refusals.js';
import { checkTags, isTrue, textOf } from './values.js';

/** What stands for a secret that was asked for: it comes encrypted for a key pair, and no application here has one. */
export const NO_PUBLIC_KEY = 'No public key of the application';

const THINGS: KeyedThings<Product> = {
  all: (world) => world.parts.of(products).byKey,
  parameter: 'productKey',
  missing: { code: 11404, message: 'Product cannot be found' },
  search: 'searchProduct',
  field: ({ key, modelId, name, tags }, field) => {
    if (field === 'productKey') return [key];
    if (field === 'modelId') return [modelId];
    if (field.startsWith('productTags.')) return [ownValue(tags, keyOf(field))];
    return textsIn(name, languageOf(field));
  },
};

const withSecret: View<Product> = (product, orgId, { operationId }) => ({
  ...common(product, orgId),
  productSecret: product.secret,
  // The pages spell it in two ways.
  [operationId === 'getProduct' ? 'dynamicActivateEnabled' : 'dynamicActiveEnabled']:
    product.dynamicActivation,
});

const withoutSecret: View<Product> = (product, orgId, request) => ({
  ...common(product, orgId),
  dynamicActivateEnabled: product.dynamicActivation,
  ...(requiresSecret(request) ? { productSecret: NO_PUBLIC_KEY, sessionKey: '' } : {}),
});

/** Whether an edition that leaves secrets out is asked for one. */
export function requiresSecret({ query, body }: OperationRequest): boolean {
  return query['requireSecret'] === 'true' || body['requireSecret'] === true;
}

function common(product: Product, orgId: string): Record<string, unknown> {
  return {
    orgId,
    productKey: product.key,
    productName: product.name,
    productDesc: product.desc,
    productType: product.type,
    dataFormat: product.format,
    productTags: Object.keys(product.tags).length === 0 ? null : product.tags,
    modelId: product.modelId,
    biDirectionalAuth: product.certificates,
    createBy: 'estate-admin',
    createTime: product.createTime,
    updateBy: 'estate-admin',
    updateTime: product.updateTime,
    defaultValidDay: product.defaultValidDay,
    maxValidDay: product.maxValidDay,
  };
}

const createProduct: OperationHandler = ({ body }, { world, ids, now }) => {
  const { byKey } = world.parts.of(products);
  const modelId = String(body['modelId']);
  if (!world.models.has(modelId)) throw new ServiceError(11699, 'ModelId does not exist');
  const key = ids.short(byKey);
  const createTime = now();
  const product: Product = {
    key,
    secret: ids.short(byKey, 11),
    name: textOf(body['productName']),
    desc: '',
    modelId,
    type: body['productType'] as Product['type'],
    format: body['dataFormat'] as Product['format'],
    tags: {},
    dynamicActivation: false,
    certificates: false,
    defaultValidDay: null,
    maxValidDay: null,
    createTime,
    updateTime: createTime,
  };
  byKey.set(key, changed(product, body));
  return { data: key };
};

/** What is left out keeps its value. */
const updateProduct: OperationHandler = ({ query, body }, { world, now }) => {
  const { byKey } = world.parts.of(products);
  const key = query['productKey'] ?? '';
  const product = byKey.get(key);
  // The code stands only in a comment of the page's source.
  if (product === undefined) throw new ServiceError(11651, 'Product cannot be found');
  byKey.set(key, { ...changed(product, body), updateTime: now() });
  return { data: key };
};

function changed(product: Product, body: OperationRequest['body']): Product {
  const next = { ...product };
  if (body['productName'] !== undefined) {
    next.name = textOf(body['productName']);
    if (!/^[^<>;@*%&\\]{1,64}$/.test(next.name.defaultValue))
      throw invalidArgument('productName', 'must have 1 to 64 characters without < > ; @ * % & \\');
  }
  checkTags('productTags', body['productTags']);
  if (typeof body['productDesc'] === 'string') next.desc = body['productDesc'];
  if (body['productTags'] !== undefined) next.tags = body['productTags'] as Record<string, string>;
  if (body['biDirectionalAuth'] !== undefined) next.certificates = isTrue(body['biDirectionalAuth']);
  if (body['dynamicActivateEnabled'] !== undefined)
    next.dynamicActivation = isTrue(body['dynamicActivateEnabled']);
  if (body['defaultValidDay'] !== undefined) next.defaultValidDay = Number(body['defaultValidDay']);
  if (body['maxValidDay'] !== undefined) next.maxValidDay = Number(body['maxValidDay']);
  return next;
}

const deleteProduct: OperationHandler = ({ query }, { world }) => {
  const { byKey } = world.parts.of(products);
  const key = query['productKey'] ?? '';
  if (!byKey.has(key)) throw notFound('productKey', key);
  for (const { productKey } of world.parts.of(devices).byId.values())
    if (productKey === key) throw new ServiceError(11619, 'Existing Device Restrictions');
  byKey.delete(key);
  return { data: key };
};

/** Handlers of products. */
export const productHandlers: ServiceHandlers = {
  createProduct,
  updateProduct,
  deleteProduct,
  getProduct: getOne(THINGS, withSecret),
  getProductV24: getOne(THINGS, withoutSecret),
  searchProduct: searchAll(THINGS, withSecret),
  searchProductV24: searchAll(THINGS, withoutSecret),
};
