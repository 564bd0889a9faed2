/** Fields of an attribute's value that its definition in the thing model gives. */
import { ThingAttribute } from '../model/features.js';
import { Unit } from '../model/unit.js';
import type { GraphContext } from '../context.js';
import { Ctx, FieldResolver, Resolver, Root } from '../decorators.js';
import { loadModel } from '../model/load.js';
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
  definition(@Root() root: AttributeValue, @Ctx() context: GraphContext): Promise<ThingAttribute | null> {
    return definitionOf(root, context);
  }

  @FieldResolver(() => Value, {
    nullable: true,
    description: 'The value in the data type that the model gives it.',
  })
  async typed(@Root() root: AttributeValue, @Ctx() context: GraphContext): Promise<TypedValue | null> {
    const definition = await definitionOf(root, context);
    return toTyped(root.value, definition?.valueType ?? { dataType: null, definition: null });
  }

  @FieldResolver(() => Unit, {
    nullable: true,
    description: 'Unit of the value, from the model; null where it has none.',
  })
  async unit(@Root() root: AttributeValue, @Ctx() context: GraphContext): Promise<Unit | null> {
    return (await definitionOf(root, context))?.unit ?? null;
  }
}

async function definitionOf(root: AttributeValue, { loaders }: GraphContext): Promise<ThingAttribute | null> {
  const { orgId, modelId } = root.asset;
  return (await loadModel(loaders, { orgId, modelId })).attributeOf(root.attributeId);
}
