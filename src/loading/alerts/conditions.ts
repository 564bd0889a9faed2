/** Compiles the typed conditions on alerts, in the field names of either service. */
import type { KeyPart } from '../read/key-table.js';
import { InputError } from '../common.js';
import {
  and,
  expressionOf,
  field,
  isIn,
  or,
  type Condition,
  type ExpressionField,
  tagConditions,
  type TagSupport,
} from '../expression.js';
import type { AlertFilter, AlertState } from './types.js';

/** What an expression may be: undefined for no condition, null where nothing can match and no request is needed. */
export type Expression = string | undefined | null;

type IdList =
  'alertIds' | 'assetIds' | 'modelIds' | 'pointIds' | 'severityIds' | 'typeIds' | 'contentIds' | 'ruleIds';

/** Fields of event-service by list of the filter; an alert's types are two fields there. */
const EVENT_FIELDS: Record<IdList, readonly string[]> = {
  alertIds: ['eventId'],
  assetIds: ['assetId'],
  modelIds: ['modelId'],
  pointIds: ['measurepointId'],
  severityIds: ['severityId'],
  typeIds: ['typeId', 'subTypeId'],
  contentIds: ['contentId'],
  ruleIds: ['hitRuleId'],
};

/** Fields of alert-service; the model stands in the labels of the metric. */
const ALERT_FIELDS: Record<IdList, readonly string[]> = {
  alertIds: ['alertId'],
  assetIds: ['instanceId'],
  modelIds: ['metricTags.modelId'],
  pointIds: ['metricId'],
  severityIds: ['severityId'],
  typeIds: ['typeId', 'parentTypeId'],
  contentIds: ['contentId'],
  ruleIds: ['ruleId'],
};

const EVENT_TAGS: TagSupport = {
  field: 'tag',
  argument: 'filter.tags',
  in: true,
  notExists: true,
  like: false,
};
const ALERT_TAGS: TagSupport = {
  field: 'tags',
  argument: 'filter.tags',
  in: true,
  notExists: false,
  like: true,
};

const ID_LISTS = Object.keys(EVENT_FIELDS) as IdList[];

/** The expression of a filter for searches and counts of event-service. Throws `InputError` for what it cannot express. */
export function eventServiceExpression(filter: AlertFilter, state: AlertState): Expression {
  if (state === 'ACTIVE' && (filter.recoveredFrom !== undefined || filter.recoveredTo !== undefined)) {
    throw new InputError(
      'Open alerts have not recovered: recoveredFrom and recoveredTo go with state HISTORY',
      'filter',
    );
  }
  return expressionOf(and(...idConditions(filter, EVENT_FIELDS), tagConditions(filter.tags, EVENT_TAGS)));
}

/** The expression of a filter for alert-service. */
export function alertServiceExpression(filter: AlertFilter): Expression {
  return expressionOf(and(...idConditions(filter, ALERT_FIELDS), tagConditions(filter.tags, ALERT_TAGS)));
}

/** Whether only event-service can search past alerts by this filter: a place in a tree, or a tag that is absent. */
export function needsEventService(filter: AlertFilter): boolean {
  return filter.scope !== undefined || (filter.tags ?? []).some((tag) => tag.exists === false);
}

/** `name in ('a', 'b')`. Throws `InputError` for an id that the language cannot express. */
export function idsExpression(name: string, ids: readonly string[]): string {
  return expressionOf(isIn(field(name, name), ids)) ?? '';
}

/** Everything in a filter that shapes an answer, for cache keys. */
export function filterParts(filter: AlertFilter): KeyPart {
  const { tags, scope, occurredFrom, occurredTo, recoveredFrom, recoveredTo } = filter;
  return [
    ID_LISTS.map((name) => filter[name] ?? null),
    [occurredFrom, occurredTo, recoveredFrom, recoveredTo],
    (tags ?? []).map((tag) => ({ ...tag })),
    scope ? { ...scope } : null,
  ];
}

function idConditions(filter: AlertFilter, fields: Record<IdList, readonly string[]>): Condition[] {
  return ID_LISTS.flatMap((name) => {
    const values = filter[name];
    if (values === undefined) return [];
    return [or(...fields[name].map((text) => isIn(fieldOf(text, `filter.${name}`), values)))];
  });
}

function fieldOf(text: string, argument: string): ExpressionField {
  const dot = text.indexOf('.');
  return dot < 0 ? field(text, argument) : field(text.slice(0, dot), argument, text.slice(dot + 1));
}
