/** Severities, types, contents and rules of alerts in the graph, and what links to them. */
import type { AlertRecord } from '../../loading/alerts/types.js';
import type { I18nText } from '../../loading/common.js';
import {
  alertContent,
  alertRule,
  alertSeverity,
  alertType,
  type AlertContentRecord,
  type AlertRuleRecord,
  type SeverityRecord,
  type AlertTypeRecord,
} from '../../loading/entities/alert-definitions.js';
import type { EntityRecord } from '../../loading/entity/description.js';
import { then, type MaybePromise } from '../../loading/maybe.js';
import { linkToAlerts, linkToCarried } from '../alert/links.js';
import { Alert, AlertCount, AlertRuleScope } from '../alert/types.js';
import type { AlertGrouping } from '../alert/enums.js';
import type { TypeClass } from '../lists/connection-type.js';
import type { GraphContext } from '../context.js';
import { defineFields } from '../entity/define-field.js';
import { entityGraph, type EntityGraph } from '../entity/graph.js';
import { linkMany, linkOne, type LinkFrom } from '../entity/links.js';
import { modelGraph } from './thing-model.js';
import { flag, id, idOrNull, instant, int, named, tags as anyTags, text } from '../entity/record-type.js';
import { Measurepoint, pointOf } from '../model/features.js';
import { thingModel, type ModelRecord } from '../../loading/entities/thing-model.js';
import { free, shared } from '../plan/common-rules.js';

const tags = {
  ...anyTags,
  description: 'Tags of the definition; empty where EnOS knows no such definition.',
};
const updatedAt = instant('When the definition was changed last.');

const severity = entityGraph(alertSeverity, 'How grave an alert is. From searchAlertSeverity.', {
  severityId: id('Id of the severity in EnOS.'),
  name: named,
  tags,
  updatedAt,
});

const type = entityGraph(alertType, 'Kind of alert, perhaps below a parent type. From searchAlertType.', {
  typeId: id('Id of the type in EnOS.'),
  parentTypeId: idOrNull('Id of the type above; null at the top.'),
  name: named,
  tags,
  updatedAt,
});

const content = entityGraph(alertContent, 'What an alert says. From searchAlertContent.', {
  contentId: id('Id of the content in EnOS.'),
  modelId: idOrNull('Id of the thing model that it is for.'),
  typeId: idOrNull('Id of its type at the top.'),
  subTypeId: idOrNull('Id of its type below the top.'),
  name: named,
  tags,
  updatedAt,
});

const rule = entityGraph(alertRule, 'Rule by which alerts come about. From searchAlertRule.', {
  ruleId: id('Id of the rule in EnOS.'),
  modelId: idOrNull('Id of the thing model whose assets it watches.'),
  pointId: idOrNull('Id of the measurement point that it watches; null for a device status.'),
  deviceStatus: text('Device status that it watches, e.g. `offline`.'),
  condition: text('Condition in the language of EnOS, e.g. `${temperature} > 95`.'),
  isEnabled: flag('Whether it is in force.'),
  isRoot: flag('Whether its alerts mask those that follow from them.'),
  severityId: idOrNull('Id of the severity of its alerts.'),
  contentId: idOrNull('Id of the content of its alerts.'),
  triggeringDelay: int('How long the anomaly must last, in seconds.'),
  name: named,
  tags,
});

const ALERTS = 'newest first (searchActiveAlerts, searchHistoryAlerts)';
const ofAlert = (): TypeClass => Alert;
const ofCount = { of: (): TypeClass => AlertCount };
const ofModel = { of: (): TypeClass => modelGraph.type };
const modelIdOf = ({ modelId }: ModelRecord): string => modelId;

/** A definition, as what has a link. */
function from<Rec extends EntityRecord>({ type: of }: EntityGraph<Rec>): Pick<LinkFrom, 'of'> {
  return { of: () => of };
}

/** What the alerts of a number share, where it is counted by this. */
function countedBy(...groupings: readonly AlertGrouping[]): (count: AlertCount) => string | null {
  return ({ grouping, value }) => (groupings.includes(grouping) && value !== '' ? value : null);
}

/** A type as an alert refers to it: also with the name of the type above, which the alert carries too. */
type TypeOfAlert = AlertTypeRecord & { parentCopy?: { typeId: string | null; name: I18nText | null } };

/** What alerts carry copies of. */
const carried = [
  linkToCarried(
    {
      of: ofAlert,
      name: 'severity',
      description: 'How grave it is. Its name comes with the alert, the rest from searchAlertSeverity.',
      id: ({ severityId }: AlertRecord) => severityId,
      raw: ({ severityDesc }) => ({ severityDesc }),
    },
    severity,
  ),
  linkToCarried<AlertRecord, TypeOfAlert>(
    {
      of: ofAlert,
      name: 'type',
      description: 'Its most specific type. Names come with the alert, the rest from searchAlertType.',
      id: ({ typeId }) => typeId,
      raw: ({ typeDesc }) => ({ typeDesc }),
      more: ({ parentTypeId: typeId, parentTypeDesc: name }) => ({
        parentTypeId: typeId,
        parentCopy: { typeId, name },
      }),
      fields: ['parentTypeId', 'parent'],
    },
    type,
  ),
  linkToCarried<TypeOfAlert, AlertTypeRecord>(
    {
      of: () => type.type,
      name: 'parent',
      description: 'Type above it; null at the top (searchAlertType).',
      id: ({ parentTypeId }) => parentTypeId,
      raw: ({ parentTypeId, parentCopy: copy }) => ({
        typeDesc: copy?.typeId === parentTypeId ? copy.name : null,
      }),
    },
    type,
  ),
  linkToCarried(
    {
      of: ofAlert,
      name: 'content',
      description: 'What it says. Its name comes with the alert, the rest from searchAlertContent.',
      id: ({ contentId }: AlertRecord) => contentId,
      raw: ({ contentDesc }) => ({ contentDesc }),
    },
    content,
  ),
  linkToCarried(
    {
      of: ofAlert,
      name: 'rule',
      description: 'Rule that raised it. Its name comes with the alert, the rest from searchAlertRule.',
      id: ({ ruleId }: AlertRecord) => ruleId,
      raw: ({ ruleDesc, modelId, pointId }) => ({ ruleDesc, modelId, measurepointId: pointId }),
    },
    rule,
  ),
];

const links = [
  linkOne(
    { ...from(content), name: 'model', description: 'Thing model that it is for (searchThingModel).' },
    modelGraph,
    ({ modelId }: AlertContentRecord) => modelId,
  ),
  linkOne(
    { ...from(rule), name: 'model', description: 'Thing model whose assets it watches (searchThingModel).' },
    modelGraph,
    ({ modelId }: AlertRuleRecord) => modelId,
  ),
  linkOne(
    { ...from(content), name: 'type', description: 'Its type at the top (searchAlertType).' },
    type,
    ({ typeId }: AlertContentRecord) => typeId,
    'find',
  ),
  linkOne(
    { ...from(content), name: 'subType', description: 'Its type below the top (searchAlertType).' },
    type,
    ({ subTypeId }: AlertContentRecord) => subTypeId,
    'find',
  ),
  linkOne(
    { ...from(rule), name: 'severity', description: 'Severity of its alerts (searchAlertSeverity).' },
    severity,
    ({ severityId }: AlertRuleRecord) => severityId,
    'find',
  ),
  linkOne(
    { ...from(rule), name: 'content', description: 'What its alerts say (searchAlertContent).' },
    content,
    ({ contentId }: AlertRuleRecord) => contentId,
    'find',
  ),
  linkOne(
    { ...ofCount, name: 'severity', description: 'The severity, where counted by severity.' },
    severity,
    countedBy('severityId'),
    'find',
  ),
  linkOne(
    { ...ofCount, name: 'type', description: 'The type, where counted by type or type below it.' },
    type,
    countedBy('typeId', 'subTypeId'),
    'find',
  ),
  linkOne(
    { ...ofCount, name: 'content', description: 'The content, where counted by content.' },
    content,
    countedBy('contentId'),
    'find',
  ),
  linkMany(
    { ...from(type), name: 'children', description: 'Types right below it (searchAlertType).' },
    type,
    'parentTypeIds',
    ({ typeId }: AlertTypeRecord) => typeId,
  ),
  linkMany(
    {
      ...from(type),
      name: 'contents',
      description: 'Contents that have it as their type at the top (searchAlertContent).',
    },
    content,
    'typeIds',
    ({ typeId }: AlertTypeRecord) => typeId,
  ),
  linkMany(
    {
      ...from(type),
      name: 'subTypeContents',
      description: 'Contents that have it as their type below the top (searchAlertContent).',
    },
    content,
    'subTypeIds',
    ({ typeId }: AlertTypeRecord) => typeId,
  ),
  linkMany(
    {
      ...ofModel,
      name: 'alertContents',
      description: 'Contents of alerts that are for this model (searchAlertContent).',
    },
    content,
    'modelIds',
    modelIdOf,
  ),
  linkMany(
    {
      ...ofModel,
      name: 'alertRules',
      description: 'Rules that watch assets of this model (searchAlertRule).',
    },
    rule,
    'modelIds',
    modelIdOf,
  ),
  linkToAlerts(
    { ...from(severity), name: 'alerts', description: `Alerts of the severity, ${ALERTS}.` },
    'severityIds',
    ({ severityId }: SeverityRecord) => severityId,
  ),
  linkToAlerts(
    { ...from(type), name: 'alerts', description: `Alerts of the type, ${ALERTS}.` },
    'typeIds',
    ({ typeId }: AlertTypeRecord) => typeId,
  ),
  linkToAlerts(
    { ...from(content), name: 'alerts', description: `Alerts that say it, ${ALERTS}.` },
    'contentIds',
    ({ contentId }: AlertContentRecord) => contentId,
  ),
  linkToAlerts(
    { ...from(rule), name: 'alerts', description: `Alerts that it raised, ${ALERTS}.` },
    'ruleIds',
    ({ ruleId }: AlertRuleRecord) => ruleId,
  ),
];

/** What of a rule is no entity: the point that it watches, and where. */
const ofRule = defineFields([
  {
    of: () => rule.type,
    name: 'scope',
    type: () => [AlertRuleScope],
    options: { description: 'The parts of trees that it watches; empty where EnOS names none.' },
    extensions: { rule: free },
    parameters: ['root'],
    resolve: ({ scope, orgId }: AlertRuleRecord): AlertRuleScope[] =>
      scope.map((part) => ({ ...part, orgId })),
  },
  {
    of: () => rule.type,
    name: 'point',
    type: () => Measurepoint,
    options: { nullable: true, description: 'Measurement point that it watches; null for a device status.' },
    extensions: { rule: shared('ThingModel.one') },
    parameters: ['root', 'context'],
    resolve: (
      { orgId, modelId, pointId }: AlertRuleRecord,
      { loaders }: GraphContext,
    ): MaybePromise<Measurepoint | null> => {
      if (modelId === null || pointId === null) return null;
      return then(loaders.of(thingModel).load({ orgId, id: modelId }), (model) => pointOf(model, pointId));
    },
  },
]);

/** Resolvers of what alerts refer to. */
export const alertDefinitionResolvers = [
  ...[severity, type, content, rule].flatMap(({ resolvers }) => resolvers),
  ...defineFields([...carried, ...links]),
  ...ofRule,
];
