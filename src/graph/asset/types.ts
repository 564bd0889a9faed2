/** What hangs on assets alone. */
import { GraphQLID } from 'graphql';
import type { AssetRecord } from '../../loading/entities/asset.js';
import { Field, ObjectType } from '../decorators.js';
import { JsonScalar } from '../scalars/scalars.js';

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
