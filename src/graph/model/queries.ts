/** Root fields for thing models. */
import { GraphQLID, type GraphQLResolveInfo } from 'graphql';
import type { MaybePromise } from '../../loading/maybe.js';
import { FILTER, ORG_ID, matchesNothing } from '../lists/filters.js';
import { ConnectionArgs, connect, emptyConnection, type Connection } from '../lists/connection.js';
import { orgOf, type GraphContext } from '../context.js';
import { Arg, Args, Ctx, Extensions, Info, Query, Resolver } from '../decorators.js';
import { pageSizeOf } from '../lists/limits.js';
import { loadModel } from './load.js';
import { ThingModelFilterInput, toModelFilter } from './filters.js';
import { ThingModel, ThingModelConnection } from './types.js';

@Resolver()
export class ModelQueries {
  @Query(() => ThingModel, {
    nullable: true,
    description: 'One thing model by its EnOS id (getThingModel). Null and NOT_FOUND where there is none.',
  })
  thingModel(
    @Arg('modelId', () => GraphQLID, { description: 'Id of the model in EnOS.' }) modelId: string,
    @Arg('orgId', () => GraphQLID, ORG_ID) orgId: string | null | undefined,
    @Ctx() context: GraphContext,
  ): MaybePromise<ThingModel> {
    return loadModel(context.loaders, { orgId: orgOf(context, orgId), modelId });
  }

  @Extensions({ listSize: pageSizeOf })
  @Query(() => ThingModelConnection, {
    nullable: true,
    description: 'Thing models that an organization may use, oldest first (searchThingModel).',
  })
  thingModels(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => ThingModelFilterInput, FILTER) input: ThingModelFilterInput | null | undefined,
    @Arg('orgId', () => GraphQLID, ORG_ID) org: string | null | undefined,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<Connection<ThingModel>> {
    const filter = toModelFilter(input);
    if (matchesNothing(filter)) return emptyConnection(page);
    const orgId = orgOf(context, org);
    return connect(
      page,
      info,
      (window) => context.loaders.models.search(orgId, filter, window),
      (record) => new ThingModel({ orgId, modelId: record.modelId }, record),
    );
  }
}
