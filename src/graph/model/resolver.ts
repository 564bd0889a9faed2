/** Links from thing models and their features to everything around them. */
import { GraphQLID, GraphQLString, type GraphQLResolveInfo } from 'graphql';
import type { AlertRecord } from '../../loading/alerts/types.js';
import type { AssetRecord } from '../../loading/assets/types.js';
import type { MaybePromise } from '../../loading/maybe.js';
import { AlertState } from '../alert/enums.js';
import { AlertFilterInput, toAlertFilter } from '../alert/filters.js';
import { AlertConnection } from '../alert/types.js';
import { FILTER, STATE, matchesNothing, narrowed } from '../lists/filters.js';
import { AssetFilterInput, toAssetFilter } from '../asset/filters.js';
import { selectedParts } from '../asset/parts.js';
import { AssetConnection } from '../asset/types.js';
import { ConnectionArgs, connect, emptyConnection, type Connection } from '../lists/connection.js';
import type { GraphContext } from '../context.js';
import { Arg, Args, Ctx, Extensions, FieldResolver, Info, Resolver, Root } from '../decorators.js';
import { pickText } from '../i18n.js';
import { SHORT_LIST, pageSizeOf } from '../lists/limits.js';
import { LOCALE_DESCRIPTION, namedType } from '../names.js';
import { loadModel } from './load.js';
import type { TypeClass } from '../lists/connection-type.js';
import { EnumOption, StructMember } from './data-definition.js';
import { StorageKind, toStorageKinds } from './enums.js';
import {
  Measurepoint,
  ThingAttribute,
  ThingDatapoint,
  ThingEvent,
  ThingService,
  type Feature,
} from './features.js';
import { ThingModel } from './types.js';

@Resolver(() => ThingModel)
class ThingModelResolver {
  @FieldResolver(() => ThingAttribute, {
    nullable: true,
    description: 'One attribute; null where the model declares none of that id.',
  })
  attribute(
    @Root() model: ThingModel,
    @Arg('attributeId', () => GraphQLID, { description: 'Id of the attribute.' }) attributeId: string,
  ): ThingAttribute | null {
    return model.attributeOf(attributeId);
  }

  @FieldResolver(() => Measurepoint, {
    nullable: true,
    description: 'One measurement point; null where the model declares none of that id.',
  })
  measurepoint(
    @Root() model: ThingModel,
    @Arg('pointId', () => GraphQLID, { description: 'Id of the point.' }) pointId: string,
  ): Measurepoint | null {
    return model.pointOf(pointId);
  }

  @Extensions({ listSize: SHORT_LIST })
  @FieldResolver(() => [ThingModel], {
    nullable: 'itemsAndList',
    description:
      'Models that it inherits from, root first, as its path names them (searchThingModel). Empty for a root.',
  })
  parents(@Root() model: ThingModel, @Ctx() { loaders }: GraphContext): MaybePromise<ThingModel>[] {
    const { orgId } = model.modelKey;
    return model.ancestorIds.map((modelId) => loadModel(loaders, { orgId, modelId }));
  }

  @FieldResolver(() => ThingModel, {
    nullable: true,
    description: 'Model that it inherits from; null for a root.',
  })
  parent(@Root() model: ThingModel, @Ctx() { loaders }: GraphContext): MaybePromise<ThingModel> | null {
    const modelId = model.ancestorIds.at(-1);
    return modelId === undefined ? null : loadModel(loaders, { orgId: model.modelKey.orgId, modelId });
  }

  @Extensions({ listSize: SHORT_LIST })
  @FieldResolver(() => [ThingModel], {
    nullable: true,
    description: 'Models that inherit from it directly (searchThingModel).',
  })
  async children(@Root() { modelKey }: ThingModel, @Ctx() { loaders }: GraphContext): Promise<ThingModel[]> {
    const { orgId } = modelKey;
    const records = await loaders.models.children(modelKey);
    return records.map((record) => new ThingModel({ orgId, modelId: record.modelId }, record));
  }

  @Extensions({ listSize: pageSizeOf })
  @FieldResolver(() => AssetConnection, {
    nullable: true,
    description: 'Assets of the model, not of its heirs (searchAssetNode).',
  })
  assets(
    @Root() { modelKey }: ThingModel,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => AssetFilterInput, FILTER) input: AssetFilterInput | null | undefined,
    @Ctx() { loaders }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<Connection<AssetRecord>> {
    const given = toAssetFilter(input);
    const modelIds = narrowed(given.modelIds, modelKey.modelId);
    if (!modelIds || matchesNothing(given)) return emptyConnection(page);
    const parts = selectedParts(info);
    const filter = { ...given, modelIds };
    return connect(page, info, (window) => loaders.assets.search(modelKey.orgId, filter, window, parts));
  }

  @Extensions({ listSize: pageSizeOf })
  @FieldResolver(() => AlertConnection, {
    nullable: true,
    description: 'Alerts of assets of the model, newest first (searchActiveAlerts, searchHistoryAlerts).',
  })
  alerts(
    @Root() { modelKey }: ThingModel,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('state', () => AlertState, STATE) state: AlertState,
    @Arg('filter', () => AlertFilterInput, FILTER) input: AlertFilterInput | null | undefined,
    @Ctx() { loaders }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<Connection<AlertRecord>> {
    const given = toAlertFilter(input);
    const modelIds = narrowed(given.modelIds, modelKey.modelId);
    if (!modelIds || matchesNothing(given)) return emptyConnection(page);
    const filter = { ...given, modelIds };
    return connect(page, info, (window) => loaders.alerts.search(modelKey.orgId, state, filter, window));
  }
}

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
  model(@Root() { owner }: Measurepoint, @Ctx() { loaders }: GraphContext): MaybePromise<ThingModel> {
    return loadModel(loaders, owner);
  }
}

/** Names and descriptions of a kind of feature. */
function featureResolvers(type: () => TypeClass, what: string) {
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

/** Resolvers of thing models. */
export const modelResolvers = [
  ThingModelResolver,
  MeasurepointResolver,
  namedType<ThingModel>(
    () => ThingModel,
    'model',
    ({ text, modelId }) => ({ text, id: modelId }),
  ),
  ...featureResolvers(() => ThingAttribute, 'attribute'),
  ...featureResolvers(() => Measurepoint, 'measurement point'),
  ...featureResolvers(() => ThingService, 'service'),
  ...featureResolvers(() => ThingEvent, 'event'),
  ...featureResolvers(() => ThingDatapoint, 'datapoint'),
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
