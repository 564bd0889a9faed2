/** Fields of an attribute's value that its definition in the thing model gives. */
import { then, type MaybePromise } from '../../loading/maybe.js';
import { ThingAttribute, attributeOf } from '../model/features.js';
import { Unit } from '../model/unit.js';
import type { GraphContext } from '../context.js';
import { Ctx, FieldResolver, Resolver, Root } from '../decorators.js';
import { modelAt } from '../model/load.js';
import { toTyped } from '../value/typed.js';
import { Value } from '../value/types.js';
import type { TypedValue } from '../value/types.js';
import { AttributeValue } from './types.js';

@Resolver(() => AttributeValue)
export class AttributeValueResolver {
  @FieldResolver(() => ThingAttribute, {
    nullable: true,
    description: 'What the thing model says of the attribute; null where it declares none of that id.',
  })
  definition(
    @Root() root: AttributeValue,
    @Ctx() context: GraphContext,
  ): MaybePromise<ThingAttribute | null> {
    return definitionOf(root, context);
  }

  @FieldResolver(() => Value, {
    nullable: true,
    description: 'The value in the data type that the model gives it.',
  })
  typed(@Root() root: AttributeValue, @Ctx() context: GraphContext): MaybePromise<TypedValue | null> {
    return then(definitionOf(root, context), (definition) =>
      toTyped(root.value, definition?.valueType ?? { dataType: null, definition: null }),
    );
  }

  @FieldResolver(() => Unit, {
    nullable: true,
    description: 'Unit of the value, from the model; null where it has none.',
  })
  unit(@Root() root: AttributeValue, @Ctx() context: GraphContext): MaybePromise<Unit | null> {
    return then(definitionOf(root, context), (definition) => definition?.unit ?? null);
  }
}

function definitionOf(root: AttributeValue, { loaders }: GraphContext): MaybePromise<ThingAttribute | null> {
  const { orgId, modelId } = root.asset;
  return then(modelAt({ loaders }, { orgId, modelId }), (model) => attributeOf(model, root.attributeId));
}
