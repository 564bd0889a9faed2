/** Products in the graph, and what links to them. */
import { product, type ProductRecord } from '../../loading/entities/product.js';
import type { ModelRecord } from '../../loading/entities/thing-model.js';
import { defineFields } from '../entity/define-field.js';
import { entityGraph } from '../entity/graph.js';
import { linkMany, linkOne } from '../entity/links.js';
import { flag, id, instant, int, named, oneOf, tags, text } from '../entity/record-type.js';
import { modelGraph } from './thing-model.js';

const graph = entityGraph(
  product,
  'A product: devices of one kind, with one thing model and one way of connecting (getProduct, searchProduct).',
  {
    productKey: id('Key of the product in EnOS.'),
    modelId: id('Id of its thing model, without a call for the model itself.'),
    name: named,
    description: text('What the product is.'),
    productType: oneOf('ProductType', 'What devices a product is of.', {
      DEVICE: ['Device', 'Devices that nothing connects through.'],
      GATEWAY: ['Gateway', 'Gateways: other devices connect through them.'],
    }),
    dataFormat: text('How its devices write: `Json`, or `Custom` for bytes that a script converts.'),
    tags,
    dynamicActivation: flag('Whether a device may fetch its secret at its first login.'),
    certificateAuthentication: flag('Whether devices authenticate with certificates.'),
    defaultValidDays: int('Days that a certificate lives by default.'),
    maxValidDays: int('Most days that a certificate may live.'),
    createdBy: text('Who created it.'),
    createdAt: instant('When it was created.'),
    updatedBy: text('Who changed it last.'),
    updatedAt: instant('When it was last changed.'),
  },
);

/** Resolvers of products, and `ThingModel.products`. */
export const productResolvers = [
  ...graph.resolvers,
  ...defineFields([
    linkOne(
      { of: () => graph.type, name: 'model', description: 'Thing model of the product (searchThingModel).' },
      modelGraph,
      ({ modelId }: ProductRecord) => modelId,
    ),
    linkMany(
      {
        of: () => modelGraph.type,
        name: 'products',
        description: 'Products whose devices have this model, not an heir of it (searchProduct).',
      },
      graph,
      'modelIds',
      ({ modelId }: ModelRecord) => modelId,
    ),
  ]),
];
