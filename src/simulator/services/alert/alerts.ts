/**
 * alert-service: searchAlerts and scrollAlerts over active and history records together.
 */
import { DateTime } from 'luxon';
import type { FieldReader } from '../../expression/evaluate.js';
import { compileExpression } from '../../expression/select.js';
import { keyOf, ownValue } from '../../names.js';
import type { OperationHandler, ServiceHandlers } from '../../operation.js';
import { pageInfo, pageOf, readPage } from '../../paging.js';
import { readTimeBound } from '../../times.js';
import type { World } from '../../world/world.js';
import { invalidArgument } from '../../refusals.js';
import { alertRecords, localOccurTimeOf, localRecoverTimeOf, valueOf, within } from './records.js';
import type { AlertRecord } from './records.js';
import { readScroll, scrollReply } from './scroll.js';

const WEEK = 7 * 86_400_000;

const searchAlerts: OperationHandler = ({ operationId, body }, context) => {
  const { world } = context;
  const page = readPage(operationId, body);
  const found = findAlerts(operationId, body, world, context.now());
  return {
    data: pageOf(found, page).map((record) => alertView(record, world)),
    beside: pageInfo(page, found.length, [{ field: 'occurTime', order: 'DESC' }]),
  };
};

const scrollAlerts: OperationHandler = ({ operationId, body }, context) => {
  const { world } = context;
  const state = readScroll(operationId, body, context.now());
  const found = findAlerts(operationId, state.body, world, state.now);
  return { data: scrollReply(operationId, state, found, (record) => alertView(record, world)) };
};

function findAlerts(
  operationId: string,
  body: Readonly<Record<string, unknown>>,
  world: World,
  now: number,
): AlertRecord[] {
  const window = readWindow(body);
  const recovered = recoveryTest(body, now);
  const { active, instanceId, metricId } = body;
  const test = compileExpression(operationId, body.expression);
  return alertRecords(world).filter((record) => {
    const { alert } = record;
    return (
      (typeof active !== 'boolean' || active === (alert.recoverTime === null)) &&
      (instanceId === undefined || alert.assetId === instanceId) &&
      (metricId === undefined || metricOf(record) === metricId) &&
      within(record, alert.occurTime, window) &&
      (alert.recoverTime === null || recovered(record, alert.recoverTime)) &&
      test(alertFields(record, world))
    );
  });
}

/** The mandatory occur-time window, at most three months wide. */
function readWindow(body: Readonly<Record<string, unknown>>): Parameters<typeof within>[2] {
  const from = readTimeBound('startOccurTime', body.startOccurTime);
  const to = readTimeBound('endOccurTime', body.endOccurTime);
  if (from === null) throw invalidArgument('startOccurTime', 'is required');
  if (to === null) throw invalidArgument('endOccurTime', 'is required');
  const furthest = DateTime.fromMillis(from('UTC'), { zone: 'utc' }).plus({ months: 3 }).toMillis();
  if (to('UTC') > furthest)
    throw invalidArgument('endOccurTime', 'is more than 3 months after startOccurTime');
  return { from, to };
}

/** No recovery window means the last week; an empty one, as the pages say, no history at all. */
function recoveryTest(
  body: Readonly<Record<string, unknown>>,
  now: number,
): (record: AlertRecord, time: number) => boolean {
  const { startRecoverTime, endRecoverTime } = body;
  if (startRecoverTime === undefined && endRecoverTime === undefined)
    return (_record, time) => time >= now - WEEK;
  const from = readTimeBound('startRecoverTime', startRecoverTime);
  const to = readTimeBound('endRecoverTime', endRecoverTime);
  if (from === null && to === null) return () => false;
  return (record, time) => within(record, time, { from, to });
}

/** A metric is a measurement point or, for an alert on it, the device status. */
function metricOf({ alert }: AlertRecord): string | null {
  return alert.measurepointId ?? alert.deviceStatus;
}

/** Unlike event-service, typeId is the lower of the two types and parentTypeId the upper. */
function typesOf({ alert }: AlertRecord): { typeId: string | null; parentTypeId: string | null } {
  return alert.subTypeId === null
    ? { typeId: alert.typeId, parentTypeId: null }
    : { typeId: alert.subTypeId, parentTypeId: alert.typeId };
}

function metricTagsOf(record: AlertRecord): Record<string, string> {
  const paths = (record.assetPaths ?? []).map((path) => [`assetTreePath_${path.split(':')[0] ?? ''}`, path]);
  return {
    __timezone__: record.timezone,
    modelId: record.modelId,
    ...(record.modelIdPath === null ? {} : { modelIdPath: record.modelIdPath }),
    ...(Object.fromEntries(paths) as Record<string, string>),
    ...record.alert.sent?.metricTags,
  };
}

function ruleTagsOf({ alert }: AlertRecord, world: World): Record<string, string> {
  return alert.sent?.ruleTags ?? world.alertRules.get(alert.ruleId ?? '')?.tags ?? {};
}

function alertFields(record: AlertRecord, world: World): FieldReader {
  const { alert } = record;
  const { typeId, parentTypeId } = typesOf(record);
  const fields: Record<string, readonly unknown[]> = {
    alertId: [alert.alertId],
    instanceId: [alert.assetId],
    metricId: [metricOf(record)],
    severityId: [alert.severityId],
    typeId: [typeId],
    parentTypeId: [parentTypeId],
    contentId: [alert.contentId],
    ruleId: [alert.ruleId],
    eventType: [alert.eventType],
    inhibited: [alert.inhibited],
    maskedBy: alert.maskedBy ?? [],
    // 3.0: the bare key takes the id of a tree.
    'metricTags.assetTreePath': record.treeIds,
  };
  const maps: Record<string, Readonly<Record<string, string>>> = {
    tags: alert.tags,
    metricTags: metricTagsOf(record),
    ruleTags: ruleTagsOf(record, world),
  };
  return (field) =>
    ownValue(fields, field) ?? [ownValue(ownValue(maps, field.split('.')[0] ?? '') ?? {}, keyOf(field))];
}

function alertView(record: AlertRecord, world: World): Record<string, unknown> {
  const { alert } = record;
  const { typeId, parentTypeId } = typesOf(record);
  const { sent = {} } = alert;
  const [upperDesc, lowerDesc] =
    alert.subTypeId === null ? [undefined, sent.typeDesc] : [sent.typeDesc, sent.subTypeDesc];
  return {
    alertId: alert.alertId,
    eventType: alert.eventType,
    orgId: alert.orgId,
    instanceId: alert.assetId,
    metricId: metricOf(record),
    occurTime: alert.occurTime,
    localOccurTime: localOccurTimeOf(record),
    ...(alert.recoverTime === null
      ? {}
      : {
          recoverTime: alert.recoverTime,
          localRecoverTime: localRecoverTimeOf(record),
          recoverReason: alert.recoverReason,
        }),
    value: valueOf(alert),
    metricTags: metricTagsOf(record),
    severityId: alert.severityId,
    severityDesc: sent.severityDesc ?? world.severities.get(alert.severityId ?? '')?.severityDesc ?? null,
    typeId,
    typeDesc: lowerDesc ?? world.alertTypes.get(typeId ?? '')?.typeDesc ?? null,
    parentTypeId,
    parentTypeDesc: upperDesc ?? world.alertTypes.get(parentTypeId ?? '')?.typeDesc ?? null,
    contentId: alert.contentId,
    content: sent.contentDesc ?? world.alertContents.get(alert.contentId ?? '')?.contentDesc ?? null,
    ruleId: alert.ruleId,
    ruleDesc: sent.ruleDesc ?? world.alertRules.get(alert.ruleId ?? '')?.ruleDesc ?? null,
    ruleTags: ruleTagsOf(record, world),
    tags: alert.tags,
    inhibited: alert.inhibited,
    maskedBy: alert.maskedBy,
  };
}

/** Handlers of alert-service. */
export const alertServiceHandlers: ServiceHandlers = { searchAlerts, scrollAlerts };
