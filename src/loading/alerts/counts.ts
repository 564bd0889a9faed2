/** Numbers of open alerts by the values of a field. */
import { alert } from '../entities/alert.js';
import { lifetimeOf } from '../entity/loader.js';
import { entitiesTag } from '../tags.js';
import { InputError } from '../common.js';
import type { EnosCall } from '../enos-call.js';
import type { LoadContext } from '../load-context.js';
import { readList } from '../read/read-list.js';
import { attempt } from '../maybe.js';
import { eventServiceExpression, filterParts } from './conditions.js';
import { activeTimes } from './search.js';
import type { AlertFilter, AlertGrouping, AlertLoaders } from './types.js';

const AGGREGATE = 'alert.aggregateActiveAlerts';

/** `countActive` by aggregateActiveAlerts, most alerts first. */
export function createCountActive(context: LoadContext): AlertLoaders['countActive'] {
  return (orgId, groupBy, filter) =>
    attempt(() => {
      if (filter.scope) {
        throw new InputError(
          'EnOS counts alerts of a whole organization, not below a node of a tree',
          'filter.scope',
        );
      }
      eventServiceExpression(filter, 'ACTIVE');
      return readList(context, {
        kind: 'alerts.countActive',
        operation: AGGREGATE,
        orgId,
        parts: [groupBy, filterParts(filter)],
        lifetime: lifetimeOf(context.settings, alert),
        tags: [entitiesTag(alert.type, orgId)],
        label: groupBy,
        fetch: (call) => countsByField(orgId, groupBy, filter, call),
      });
    });
}

/** Counts of open alerts; a value without alerts is absent. */
export async function countsByField(
  orgId: string,
  field: AlertGrouping,
  filter: AlertFilter,
  call: EnosCall,
): Promise<{ value: string; count: number }[]> {
  const expression = eventServiceExpression(filter, 'ACTIVE');
  if (expression === null) return [];
  const { data } = await call(AGGREGATE, {
    query: { orgId },
    body: {
      groupByField: field,
      ...activeTimes(filter),
      ...(expression === undefined ? {} : { expression }),
    },
  });
  return Object.entries(data)
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}
