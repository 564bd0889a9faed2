/** Records of both alert services in one shape. Tolerant: texts, paths and links may be missing, null or spelt in two ways. */
import type { components } from '../../enos/generated/types/alert.js';
import { present, textOf, type Text } from './text.js';
import type { AlertRecord, AlertState } from './types.js';

type Schemas = components['schemas'];
/** An alert of event-service, open or past. */
export type EventServiceAlert = Schemas['ActiveAlert'] & Partial<Schemas['HistoryAlert']>;
/** An alert of alert-service. */
export type AlertServiceAlert = Schemas['AlertVo'];

/** The one device status that rules can watch, so far. */
const OFFLINE = 'offline';

/** An alert of event-service: typeId is the upper type there, subTypeId the lower. */
export function fromEventService(alert: EventServiceAlert, state: AlertState): AlertRecord {
  return recordOf(alert, {
    alertId: alert.eventId,
    orgId: alert.orgId,
    state,
    assetId: alert.assetId,
    modelId: present(alert.modelId),
    pointId: present(alert.measurepointId),
    deviceStatus: present(alert.deviceStatus),
    ruleId: present(alert.hitRuleId),
    types: typesOf(alert.typeId, alert.typeDesc, alert.subTypeId, alert.subTypeDesc),
    contentDesc: textOf(alert.contentDesc),
    tags: alert.tag ?? {},
    assetPaths: listOf(alert.assetPaths ?? alert.assetPath),
  });
}

/** An alert of alert-service; model and paths stand in the labels of its metric. */
export function fromAlertService(alert: AlertServiceAlert, orgId: string): AlertRecord {
  const labels = alert.metricTags ?? {};
  const metric = present(alert.metricId);
  const ofDevice = alert.dataSource == null ? metric === OFFLINE : alert.dataSource === 'device_status';
  return recordOf(alert, {
    alertId: alert.alertId,
    orgId: alert.orgId ?? orgId,
    state: alert.eventType === 1 || alert.eventType === 3 ? 'ACTIVE' : 'HISTORY',
    assetId: alert.instanceId,
    modelId: present(labels['modelId']),
    pointId: ofDevice ? null : metric,
    deviceStatus: ofDevice ? metric : null,
    ruleId: present(alert.ruleId),
    types: typesOf(alert.parentTypeId, alert.parentTypeDesc, alert.typeId, alert.typeDesc),
    contentDesc: textOf(alert.content),
    tags: alert.tags ?? {},
    assetPaths: Object.entries(labels)
      .filter(([key, value]) => key.startsWith('assetTreePath') && value.includes(':/'))
      .map(([, value]) => value),
  });
}

type Types = Pick<AlertRecord, 'typeId' | 'typeDesc' | 'parentTypeId' | 'parentTypeDesc'>;
/** What each service names in its own way. */
type OwnMembers = Pick<
  AlertRecord,
  | 'alertId'
  | 'orgId'
  | 'state'
  | 'assetId'
  | 'modelId'
  | 'pointId'
  | 'deviceStatus'
  | 'ruleId'
  | 'contentDesc'
  | 'tags'
  | 'assetPaths'
> & { types: Types };

/** A record, of which the rest is named alike. Alerts come by the hundred: member by member costs a fraction of spreading. */
function recordOf(alert: EventServiceAlert | AlertServiceAlert, own: OwnMembers): AlertRecord {
  const { types } = own;
  return {
    __typename: 'Alert',
    alertId: own.alertId,
    orgId: own.orgId,
    state: own.state,
    assetId: own.assetId,
    modelId: own.modelId,
    pointId: own.pointId,
    deviceStatus: own.deviceStatus,
    ruleId: own.ruleId,
    typeId: types.typeId,
    typeDesc: types.typeDesc,
    parentTypeId: types.parentTypeId,
    parentTypeDesc: types.parentTypeDesc,
    contentDesc: own.contentDesc,
    tags: own.tags,
    assetPaths: own.assetPaths,
    severityId: present(alert.severityId),
    severityDesc: textOf(alert.severityDesc),
    contentId: present(alert.contentId),
    ruleDesc: textOf(alert.ruleDesc),
    value: alert.value ?? null,
    eventType: alert.eventType,
    occurTime: alert.occurTime,
    recoverTime: alert.recoverTime ?? null,
    recoverReason: present(alert.recoverReason),
    maskedBy: listOf(alert.maskedBy),
  };
}

/** The type of an alert is the lower of its two, and has the upper as its parent; where there is but one, it is that. */
function typesOf(
  upper: string | null | undefined,
  upperDesc: Text,
  lower: string | null | undefined,
  lowerDesc: Text,
): Types {
  const [typeId, parentTypeId] = [present(lower), present(upper)];
  return typeId === null
    ? { typeId: parentTypeId, typeDesc: textOf(upperDesc), parentTypeId: null, parentTypeDesc: null }
    : { typeId, typeDesc: textOf(lowerDesc), parentTypeId, parentTypeDesc: textOf(upperDesc) };
}

function listOf(value: readonly string[] | string | null | undefined): string[] {
  if (value == null || value === '') return [];
  return typeof value === 'string' ? [value] : [...value];
}
