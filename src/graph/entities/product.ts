/** Products in the graph, and what links to them. */
import { GraphQLBoolean, GraphQLID, GraphQLInt, GraphQLString } from 'graphql';
import { product, type ProductRecord } from '../../loading/entities/product.js';
import type { GraphContext } from '../context.js';
import { Field, ObjectType, registerEnumType } from '../decorators.js';
import { instantFields, tagsField } from '../entity/common-fields.js';
import { entityGraph, resolversOf } from '../entity/graph.js';
import { linkMany } from '../entity/links.js';
import { modelAhead } from '../asset/prefetch.js';
import { loadModel } from '../model/load.js';
import { ThingModel } from '../model/types.js';
import { namedType } from '../names.js';
import { Node } from '../node.js';
import { shared } from '../plan/common-rules.js';

/** What devices a product is of. */
const ProductType = { DEVICE: 'Device', GATEWAY: 'Gateway' } as const;
registerEnumType(ProductType, {
  name: 'ProductType',
  description: 'What devices a product is of.',
  valuesConfig: {
    DEVICE: { description: 'Devices that nothing connects through.' },
    GATEWAY: { description: 'Gateways: other devices connect through them.' },
  },
});

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description:
    'A product: devices of one kind, with one thing model and one way of connecting (getProduct, searchProduct).',
})
class Product {
  @Field(() => GraphQLID, { description: 'Key of the product in EnOS.' })
  productKey!: string;

  @Field(() => GraphQLID, { description: 'Organization that the product belongs to.' })
  orgId!: string;

  @Field(() => GraphQLID, { description: 'Id of its thing model, without a call for the model itself.' })
  modelId!: string;

  @Field(() => GraphQLString, { nullable: true, description: 'What the product is.' })
  description!: string | null;

  @Field(() => ProductType, { nullable: true, description: 'Whether its devices are gateways.' })
  productType!: string | null;

  @Field(() => GraphQLString, {
    nullable: true,
    description: 'How its devices write: `Json`, or `Custom` for bytes that a script converts.',
  })
  dataFormat!: string;

  @Field(() => GraphQLBoolean, {
    nullable: true,
    description: 'Whether a device may fetch its secret at its first login.',
  })
  dynamicActivation!: boolean | null;

  @Field(() => GraphQLBoolean, {
    nullable: true,
    description: 'Whether devices authenticate with certificates.',
  })
  certificateAuthentication!: boolean | null;

  @Field(() => GraphQLInt, { nullable: true, description: 'Days that a certificate lives by default.' })
  defaultValidDays!: number | null;

  @Field(() => GraphQLInt, { nullable: true, description: 'Most days that a certificate may live.' })
  maxValidDays!: number | null;

  @Field(() => GraphQLString, { nullable: true, description: 'Who created it.' })
  createdBy!: string | null;

  @Field(() => GraphQLString, { nullable: true, description: 'Who changed it last.' })
  updatedBy!: string | null;
}

const self = () => Product;
const graph = entityGraph(product, Product);

/** Resolvers of products, and `ThingModel.products`. */
export const productResolvers = [
  ...resolversOf(graph, [
    ...instantFields(self, 'created', 'When it was created.', ({ createdAt }: ProductRecord) => createdAt),
    ...instantFields(
      self,
      'updated',
      'When it was last changed.',
      ({ updatedAt }: ProductRecord) => updatedAt,
    ),
    tagsField(self, 'product'),
    {
      of: self,
      name: 'model',
      type: () => ThingModel,
      options: { nullable: true, description: 'Thing model of its devices (searchThingModel).' },
      extensions: { prefetch: modelAhead, rule: shared('model') },
      parameters: ['root', 'context'],
      resolve: ({ orgId, modelId }: ProductRecord, { loaders }: GraphContext) =>
        loadModel(loaders, { orgId, modelId }),
    },
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
  namedType<ProductRecord>(self, 'product', ({ name, productKey }) => ({ text: name, id: productKey })),
];
