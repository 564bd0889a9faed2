/** Root fields for alerts. */
import { GraphQLID, type GraphQLResolveInfo } from 'graphql';
import type { AlertRecord } from '../../loading/alerts/types.js';
import type { MaybePromise } from '../../loading/maybe.js';
import { FILTER, ORG_ID, STATE, matchesNothing } from '../lists/filters.js';
import { ConnectionArgs, connect, emptyConnection, type Connection } from '../lists/connection.js';
import { orgOf, type GraphContext } from '../context.js';
import { Arg, Args, Ctx, Extensions, Info, Query, Resolver } from '../decorators.js';
import { FEATURE_LIST, pageSizeOf } from '../lists/limits.js';
import { AlertGrouping, AlertState } from './enums.js';
import { AlertFilterInput, toAlertFilter } from './filters.js';
import { AlertConnection, AlertCount } from './types.js';

@Resolver()
export class AlertQueries {
  @Extensions({ listSize: pageSizeOf })
  @Query(() => AlertConnection, {
    nullable: true,
    description:
      'Alerts of an organization, newest first (searchActiveAlerts, searchHistoryAlerts of event-service; searchAlerts of alert-service from 2.3 on).',
  })
  alerts(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('state', () => AlertState, STATE) state: AlertState,
    @Arg('filter', () => AlertFilterInput, FILTER) input: AlertFilterInput | null | undefined,
    @Arg('orgId', () => GraphQLID, ORG_ID) org: string | null | undefined,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<Connection<AlertRecord>> {
    const filter = toAlertFilter(input);
    if (matchesNothing(filter)) return emptyConnection(page);
    const orgId = orgOf(context, org);
    const { alerts } = context.loaders;
    return connect(page, info, (window) => alerts.search(orgId, state, filter, window));
  }

  @Extensions({ listSize: FEATURE_LIST })
  @Query(() => [AlertCount], {
    nullable: true,
    description: 'Numbers of open alerts by one of their fields, most first (aggregateActiveAlerts).',
  })
  async alertSummary(
    @Arg('groupBy', () => AlertGrouping, { description: 'What the alerts of one number share.' })
    groupBy: AlertGrouping,
    @Arg('filter', () => AlertFilterInput, FILTER) input: AlertFilterInput | null | undefined,
    @Arg('orgId', () => GraphQLID, ORG_ID) org: string | null | undefined,
    @Ctx() context: GraphContext,
  ): Promise<AlertCount[]> {
    const filter = toAlertFilter(input);
    if (matchesNothing(filter)) return [];
    const orgId = orgOf(context, org);
    const counts = await context.loaders.alerts.countActive(orgId, groupBy, filter);
    return counts
      .map(({ value, count }) => new AlertCount(orgId, groupBy, value, count))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  }
}
