/** Assets and what hangs on them alone. */
import { GraphQLID, GraphQLString } from 'graphql';
import type { AssetRecord } from '../../loading/assets/types.js';
import { connectionType } from '../lists/connection-type.js';
import { Field, ObjectType } from '../decorators.js';
import { Node } from '../nodes/node.js';
import { JsonScalar } from '../scalars/scalars.js';

/** An asset. Its fields are read from an `AssetRecord`. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description:
    'An asset: a site, a device, a part, or anything else that has a thing model. From getAsset, searchAssetNode and the searches of asset trees.',
})
export class Asset {
  @Field(() => GraphQLID, { description: 'Id of the asset in EnOS.' })
  assetId!: string;

  @Field(() => GraphQLID, { description: 'Organization that the asset belongs to.' })
  orgId!: string;

  @Field(() => GraphQLID, { description: 'Id of its thing model, without a call for the model itself.' })
  modelId!: string;

  @Field(() => GraphQLString, {
    nullable: true,
    description: 'Ids of its model and of those it inherits from, as `/root/parent/model`.',
  })
  modelIdPath!: string | null;

  @Field(() => GraphQLString, { nullable: true, description: 'What the asset is.' })
  description!: string | null;

  @Field(() => GraphQLString, {
    nullable: true,
    description:
      'Time zone: UTC offset such as `+08:00`, or a zone such as `America/Denver`. Days of its series follow it.',
  })
  timezone!: string | null;
}

/** A value of an attribute. */
@ObjectType({
  simpleResolvers: true,
  description: 'The value that an asset has for an attribute of its model.',
})
export class AttributeValue {
  constructor(
    readonly asset: AssetRecord,
    attributeId: string,
    value: unknown,
  ) {
    this.attributeId = attributeId;
    this.value = value;
  }

  @Field(() => GraphQLID, { description: 'Id of the attribute.' })
  attributeId: string;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'The value as EnOS keeps it. Comes with the asset.',
  })
  value: unknown;
}

/** Page of assets. */
export const AssetConnection = connectionType('Asset', 'assets', () => Asset);
