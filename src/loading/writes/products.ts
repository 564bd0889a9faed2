/** Writes of products: createProduct, updateProduct, deleteProduct of the Connection Service. */
import type { Reply } from '../../enos/client.js';
import { product, type ProductRecord } from '../entities/product.js';
import { InputError } from '../common.js';
import {
  choice,
  flag,
  id,
  int,
  localized,
  optional,
  tags,
  text,
  type LocalizedText,
} from '../write/members.js';
import { PRODUCTS } from '../write/rights.js';
import { sends, write } from '../write/description.js';

/** Of a name: EnOS forbids these in each language. */
const FORBIDDEN_IN_NAMES = /[<>;@*%&\\]/;

const CHANGEABLE = {
  description: optional(text('What the product is.', { min: 0, max: 512 })),
  tags: optional(tags('All its tags: others are removed.')),
  dynamicActivation: optional(flag('Whether a device may fetch its secret at its first login.')),
  defaultValidDays: optional(int('Days that a certificate lives by default.', 1)),
  maxValidDays: optional(int('Most days that a certificate may live.', 1)),
};

/** createProduct. */
export const createProduct = write({
  name: 'createProduct',
  description: 'Creates a product (createProduct). NOT_FOUND or BAD_USER_INPUT where there is no such model.',
  operation: 'connection.createProduct',
  right: PRODUCTS,
  of: product,
  effect: 'creates',
  assets: 'none',
  input: {
    name: localized('Its name, up to 64 characters without < > ; @ * % & and backslash.', 64),
    modelId: id('Thing model of all its devices.'),
    productType: choice('NewProductType', 'What devices it is of.', {
      DEVICE: ['Device', 'Devices that nothing connects through.'],
      GATEWAY: ['Gateway', 'Gateways: other devices connect through them.'],
    }),
    dataFormat: optional(
      choice('NewProductFormat', 'How its devices write. JSON where absent.', {
        JSON: ['Json', 'As the documents of EnOS say.'],
        CUSTOM: ['Custom', 'Bytes that a script converts.'],
      }),
    ),
    certificateAuthentication: optional(
      flag('Whether devices must authenticate with certificates. False where absent.'),
    ),
    ...CHANGEABLE,
  },
  check: ({ name }) => checkName(name),
  run: sends('connection.createProduct', (input, { orgId }) => ({
    query: { orgId },
    body: {
      productName: input.name,
      productDesc: input.description ?? '',
      productType: input.productType,
      dataFormat: input.dataFormat ?? 'Json',
      modelId: input.modelId,
      biDirectionalAuth: input.certificateAuthentication ?? false,
      dynamicActivateEnabled: input.dynamicActivation ?? false,
      productTags: input.tags ?? {},
      defaultValidDay: input.defaultValidDays,
      maxValidDay: input.maxValidDays,
    },
  })),
  key: (_, reply: Reply<'connection.createProduct'>) => reply.data ?? '',
});

/** updateProduct: what is left out keeps its value. */
export const updateProduct = write({
  name: 'updateProduct',
  description: 'Changes a product (updateProduct). What is left out keeps its value.',
  operation: 'connection.updateProduct',
  right: PRODUCTS,
  of: product,
  assets: 'none',
  input: {
    productKey: id('The product.'),
    name: optional(localized('Its name in all languages.', 64)),
    certificateAuthentication: optional(flag('Whether devices must authenticate with certificates.')),
    ...CHANGEABLE,
  },
  check: ({ name }) => checkName(name),
  run: sends('connection.updateProduct', (input, { orgId }) => ({
    query: { orgId, productKey: input.productKey },
    body: {
      productName: input.name,
      productDesc: input.description,
      biDirectionalAuth: input.certificateAuthentication,
      dynamicActivateEnabled: input.dynamicActivation,
      productTags: input.tags,
      defaultValidDay: input.defaultValidDays,
      maxValidDay: input.maxValidDays,
    },
  })),
  key: ({ productKey }) => productKey,
  patch: (record: ProductRecord, { productKey: _, ...given }) => ({ ...record, ...given }),
});

/** deleteProduct. */
export const deleteProduct = write({
  name: 'deleteProduct',
  description: 'Deletes a product that has no devices (deleteProduct). CONFLICT while it has some.',
  operation: 'connection.deleteProduct',
  right: PRODUCTS,
  of: product,
  effect: 'deletes',
  assets: 'none',
  input: { productKey: id('The product.') },
  run: sends('connection.deleteProduct', ({ productKey }, { orgId }) => ({ query: { orgId, productKey } })),
  key: ({ productKey }) => productKey,
});

function checkName(name: LocalizedText | undefined): void {
  const texts = name === undefined ? [] : [name.defaultValue, ...Object.values(name.i18nValue ?? {})];
  const wrong = texts.find((each) => FORBIDDEN_IN_NAMES.test(each));
  if (wrong !== undefined)
    throw new InputError(
      'Argument "input.name": expected a text without < > ; @ * % & and backslash.',
      'input.name',
    );
}
