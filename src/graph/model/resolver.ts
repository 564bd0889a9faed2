/** Links from the features of thing models to everything around them. */
import { GraphQLString } from 'graphql';
import type { ModelRecord } from '../../loading/entities/thing-model.js';
import type { MaybePromise } from '../../loading/maybe.js';
import type { TypeClass } from '../lists/connection-type.js';
import type { GraphContext } from '../context.js';
import { Arg, Ctx, FieldResolver, Resolver, Root } from '../decorators.js';
import { ThingModel } from '../entities/thing-model.js';
import { pickText } from '../i18n.js';
import { LOCALE_DESCRIPTION, namedType } from '../names.js';
import { EnumOption, StructMember } from './data-definition.js';
import { StorageKind, toStorageKinds } from './enums.js';
import { Measurepoint, ThingAttribute, ThingDatapoint, ThingEvent, ThingService } from './features.js';
import type { Feature } from './features.js';
import { modelAt } from './load.js';

@Resolver(() => Measurepoint)
class MeasurepointResolver {
  @FieldResolver(() => [StorageKind], {
    nullable: true,
    description:
      "How the organization's storage policy keeps its values (getMeasurementPointTsdbMetadata). Empty without a policy.",
  })
  async storage(
    @Root() { owner, pointId }: Measurepoint,
    @Ctx() { loaders }: GraphContext,
  ): Promise<(keyof typeof StorageKind)[]> {
    return toStorageKinds((await loaders.models.storage(owner))[pointId]);
  }

  @FieldResolver(() => ThingModel, {
    nullable: true,
    description: 'The thing model that declares or inherits it.',
  })
  model(@Root() { owner }: Measurepoint, @Ctx() context: GraphContext): MaybePromise<ModelRecord> {
    return modelAt(context, owner);
  }
}

/** Names and descriptions of a kind of feature. */
function resolversOf(type: () => TypeClass, what: string) {
  @Resolver(type)
  class FeatureResolver {
    @FieldResolver(() => GraphQLString, { nullable: true, description: `What the ${what} means.` })
    description(
      @Root() root: unknown,
      @Arg('locale', () => GraphQLString, { nullable: true, description: LOCALE_DESCRIPTION })
      locale: string | null | undefined,
      @Ctx() { locales }: GraphContext,
    ): string | null {
      return pickText((root as Feature).descriptionText, locale, locales);
    }
  }
  const names = namedType<Feature>(type, what, ({ text, identifier }) => ({ text, id: identifier }));
  return [FeatureResolver, names];
}

/** Resolvers of the features of thing models. */
export const featureResolvers = [
  MeasurepointResolver,
  ...resolversOf(() => ThingAttribute, 'attribute'),
  ...resolversOf(() => Measurepoint, 'measurement point'),
  ...resolversOf(() => ThingService, 'service'),
  ...resolversOf(() => ThingEvent, 'event'),
  ...resolversOf(() => ThingDatapoint, 'datapoint'),
  namedType<EnumOption>(
    () => EnumOption,
    'value',
    ({ text, value }) => ({ text, id: value }),
  ),
  namedType<StructMember>(
    () => StructMember,
    'member',
    ({ text, identifier }) => ({ text, id: identifier }),
  ),
];
