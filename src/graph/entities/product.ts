/** Products in the graph, and what links to them. */
import { product } from '../../loading/entities/product.js';
import { defineFields } from '../entity/define-field.js';
import { entityGraph } from '../entity/graph.js';
import { linkMany, linkToModel } from '../entity/links.js';
import { flag, id, instant, int, named, oneOf, tags, text } from '../entity/record-type.js';
import { ThingModel } from '../model/types.js';

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
    linkToModel(graph, ({ modelId }) => modelId),
    linkMany(
      {
        of: () => ThingModel,
        name: 'products',
        description: 'Products whose devices have this model, not an heir of it (searchProduct).',
        orgId: ({ modelKey }: ThingModel) => modelKey.orgId,
      },
      graph,
      'modelIds',
      ({ modelKey }) => modelKey.modelId,
    ),
  ]),
];
