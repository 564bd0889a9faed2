/** Thing models in the graph, and what they hold. What links to them from other types stands with those. */
import { GraphQLID } from 'graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { AlertRecord } from '../../loading/alerts/types.js';
import { thingModel, type ModelRecord } from '../../loading/entities/thing-model.js';
import type { MaybePromise } from '../../loading/maybe.js';
import { AlertState } from '../alert/enums.js';
import { AlertFilterInput, toAlertFilter } from '../alert/filters.js';
import { AlertConnection } from '../alert/types.js';
import { FILTER, STATE } from '../lists/filters.js';
import { ConnectionArgs, connect, emptyConnection } from '../lists/connection.js';
import type { Connection } from '../lists/connection.js';
import type { GraphContext } from '../context.js';
import { Arg, Args, Ctx, Extensions, FieldResolver, Info, Resolver, Root } from '../decorators.js';
import { entityGraph } from '../entity/graph.js';
import { id, named, tags, text } from '../entity/record-type.js';
import { matchesNothing, narrowed } from '../lists/filters.js';
import { FEATURE_LIST, SHORT_LIST, idCountOf, pageSizeOf } from '../lists/limits.js';
import {
  Measurepoint,
  ThingAttribute,
  ThingEvent,
  ThingService,
  attributeOf,
  pointIdsOf,
  pointOf,
} from '../model/features.js';
import { modelAt } from '../model/load.js';
import { free, shared } from '../plan/common-rules.js';

/** Thing models, for what links to them. */
export const modelGraph = entityGraph(
  thingModel,
  'A thing model: the type of assets, with the attributes, measurement points, services and events that they have. From searchThingModel and getThingModel.',
  {
    modelId: id('Id of the model in EnOS.'),
    orgId: {
      ...id('Organization that made the model; another one for a shared model.'),
      from: ({ makerOrgId, orgId }: ModelRecord) => makerOrgId ?? orgId,
    },
    name: named,
    description: text('What the model is for.'),
    category: text('Category that the author gave to it.'),
    modelIdPath: text(
      'Ids of the models from the root of inheritance down to this one, as `/root/parent/model`.',
    ),
    tags,
  },
);

/** The type, for fields that lead to it. */
export const ThingModel = modelGraph.type;

/** Ids of the models that one inherits from, root first. */
function ancestorIds({ modelId, modelIdPath }: ModelRecord): string[] {
  return (modelIdPath ?? '').split('/').filter((part) => part !== '' && part !== modelId);
}

@Resolver(() => ThingModel)
class ThingModelResolver {
  @Extensions({ listSize: FEATURE_LIST, rule: free })
  @FieldResolver(() => [ThingAttribute], { description: 'Static attributes, inherited ones included.' })
  attributes(@Root() { attributes }: ModelRecord): ThingAttribute[] {
    return Object.entries(attributes ?? {}).map(([name, entry]) => new ThingAttribute(name, entry));
  }

  @Extensions({ rule: free })
  @FieldResolver(() => ThingAttribute, {
    nullable: true,
    description: 'One attribute; null where the model declares none of that id.',
  })
  attribute(
    @Root() model: ModelRecord,
    @Arg('attributeId', () => GraphQLID, { description: 'Id of the attribute.' }) attributeId: string,
  ): ThingAttribute | null {
    return attributeOf(model, attributeId);
  }

  @Extensions({ listSize: idCountOf('pointIds', FEATURE_LIST), rule: free })
  @FieldResolver(() => [Measurepoint], { description: 'Measurement points, inherited ones included.' })
  measurepoints(
    @Root() model: ModelRecord,
    @Arg('pointIds', () => [GraphQLID], {
      nullable: true,
      description: 'Only these; ids that the model lacks are left out.',
    })
    pointIds?: string[] | null,
  ): Measurepoint[] {
    return (pointIds ?? pointIdsOf(model)).flatMap((pointId) => pointOf(model, pointId) ?? []);
  }

  @Extensions({ rule: free })
  @FieldResolver(() => Measurepoint, {
    nullable: true,
    description: 'One measurement point; null where the model declares none of that id.',
  })
  measurepoint(
    @Root() model: ModelRecord,
    @Arg('pointId', () => GraphQLID, { description: 'Id of the point.' }) pointId: string,
  ): Measurepoint | null {
    return pointOf(model, pointId);
  }

  @Extensions({ listSize: FEATURE_LIST, rule: free })
  @FieldResolver(() => [ThingService], { description: 'Services (commands) that can be called on assets.' })
  services(@Root() { services }: ModelRecord): ThingService[] {
    return Object.entries(services ?? {}).map(([name, entry]) => new ThingService(name, entry));
  }

  @Extensions({ listSize: FEATURE_LIST, rule: free })
  @FieldResolver(() => [ThingEvent], { description: 'Events that assets raise.' })
  events(@Root() { events }: ModelRecord): ThingEvent[] {
    return Object.entries(events ?? {}).map(([name, entry]) => new ThingEvent(name, entry));
  }

  @Extensions({ listSize: SHORT_LIST, rule: shared('ThingModel.one') })
  @FieldResolver(() => [ThingModel], {
    nullable: 'itemsAndList',
    description:
      'Models that it inherits from, root first, as its path names them (searchThingModel). Empty for a root.',
  })
  parents(@Root() model: ModelRecord, @Ctx() context: GraphContext): MaybePromise<ModelRecord>[] {
    return ancestorIds(model).map((modelId) => modelAt(context, { orgId: model.orgId, modelId }));
  }

  @Extensions({ rule: shared('ThingModel.one') })
  @FieldResolver(() => ThingModel, {
    nullable: true,
    description: 'Model that it inherits from; null for a root.',
  })
  parent(@Root() model: ModelRecord, @Ctx() context: GraphContext): MaybePromise<ModelRecord> | null {
    const modelId = ancestorIds(model).at(-1);
    return modelId === undefined ? null : modelAt(context, { orgId: model.orgId, modelId });
  }

  @Extensions({ listSize: SHORT_LIST })
  @FieldResolver(() => [ThingModel], {
    nullable: true,
    description: 'Models that inherit from it directly (searchThingModel).',
  })
  children(
    @Root() model: ModelRecord,
    @Ctx() { loaders }: GraphContext,
  ): MaybePromise<readonly ModelRecord[]> {
    return loaders.models.children(model);
  }

  @Extensions({ listSize: pageSizeOf })
  @FieldResolver(() => AlertConnection, {
    nullable: true,
    description: 'Alerts of assets of the model, newest first (searchActiveAlerts, searchHistoryAlerts).',
  })
  alerts(
    @Root() { orgId, modelId }: ModelRecord,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('state', () => AlertState, STATE) state: AlertState,
    @Arg('filter', () => AlertFilterInput, FILTER) input: AlertFilterInput | null | undefined,
    @Ctx() { loaders }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<Connection<AlertRecord>> {
    const given = toAlertFilter(input);
    const modelIds = narrowed(given.modelIds, modelId);
    if (!modelIds || matchesNothing(given)) return emptyConnection(page);
    const filter = { ...given, modelIds };
    return connect(page, info, (window) => loaders.alerts.search(orgId, state, filter, window));
  }
}

/** Resolvers of thing models; those of their features stand in `../model`. */
export const modelResolvers = [...modelGraph.resolvers, ThingModelResolver];
