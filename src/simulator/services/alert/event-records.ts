/**
 * Alert records as event-service returns and searches them: eventId, assetId, measurepointId, typeId above
 * subTypeId, `tag`.
 */
import type { FieldReader } from '../../expression/evaluate.js';
import { compileExpression } from '../../expression/select.js';
import { keyOf, ownValue } from '../../names.js';
import type { I18nText, World } from '../../world/world.js';
import { localOccurTimeOf, localRecoverTimeOf, valueOf } from './records.js';
import type { AlertRecord } from './records.js';

/** Conditions of the active and history searches apart from times. */
export function eventFilter(
  operationId: string,
  body: Readonly<Record<string, unknown>>,
  world: World,
): (record: AlertRecord) => boolean {
  const test = compileExpression(operationId, body.expression);
  // Most pages spell the point filter of the history search with an s.
  const measurepointId = body.measurepointsId ?? body.measurepointId;
  const inScope = scopeFilter(body.scope as Scope | undefined, world);
  const masked = rootAlertFilter(body.rootAlert as RootAlert | undefined);
  return (record) =>
    (body.modelId === undefined || record.modelId === body.modelId) &&
    (body.assetId === undefined || record.alert.assetId === body.assetId) &&
    (measurepointId === undefined || record.alert.measurepointId === measurepointId) &&
    inScope(record) &&
    masked(record) &&
    test(eventFields(record));
}

interface Scope {
  treeId: string;
  fromAssetId?: string;
  includeDerivative?: boolean;
}

/** A tree, or a node of it and all below; masked alerts only if asked for. */
function scopeFilter(scope: Scope | undefined, world: World): (record: AlertRecord) => boolean {
  if (scope === undefined) return () => true;
  const tree = world.trees.get(scope.treeId);
  return ({ alert }) => {
    if (scope.includeDerivative !== true && maskedIn(alert.maskedBy, scope.treeId)) return false;
    let node = tree?.nodes.get(alert.assetId) ?? null;
    if (scope.fromAssetId === undefined) return node !== null;
    while (node !== null && node.assetId !== scope.fromAssetId) node = node.parent;
    return node !== null;
  };
}

function maskedIn(maskedBy: readonly string[] | null, treeId: string): boolean {
  return (maskedBy ?? []).some((reference) => reference.startsWith(`${treeId}:`));
}

interface RootAlert {
  treeId?: string;
  rootAlertId: string;
}

function rootAlertFilter(root: RootAlert | undefined): (record: AlertRecord) => boolean {
  if (root === undefined) return () => true;
  return ({ alert }) =>
    (alert.maskedBy ?? []).some((reference) =>
      root.treeId === undefined
        ? reference.endsWith(`:${root.rootAlertId}`)
        : reference === `${root.treeId}:${root.rootAlertId}`,
    );
}

/** Fields of event-service's expressions. */
export function eventFields(record: AlertRecord): FieldReader {
  const { alert } = record;
  const fields: Record<string, readonly unknown[]> = {
    eventId: [alert.alertId],
    assetId: [alert.assetId],
    modelId: [record.modelId],
    measurepointId: [alert.measurepointId],
    deviceStatus: [alert.deviceStatus],
    hitRuleId: [alert.ruleId],
    severityId: [alert.severityId],
    typeId: [alert.typeId],
    subTypeId: [alert.subTypeId],
    contentId: [alert.contentId],
    eventType: [alert.eventType],
    treeId: record.treeIds,
    assetPath: record.assetPaths ?? [],
  };
  return (field) => ownValue(fields, field) ?? [ownValue(alert.tags, keyOf(field))];
}

/** An active alert. */
export function activeView(record: AlertRecord, world: World): Record<string, unknown> {
  const { alert } = record;
  const { sent = {} } = alert;
  const stored = alert.recoverTime ?? alert.occurTime;
  return {
    eventId: alert.alertId,
    orgId: alert.orgId,
    assetId: alert.assetId,
    modelId: record.modelId,
    modelIdPath: record.modelIdPath,
    measurepointId: alert.measurepointId,
    deviceStatus: alert.deviceStatus,
    hitRuleId: alert.ruleId,
    value: valueOf(alert),
    occurTime: alert.occurTime,
    localOccurTime: localOccurTimeOf(record),
    createTime: alert.createTime ?? stored,
    updateTime: alert.updateTime ?? stored,
    severityId: alert.severityId,
    severityDesc: sent.severityDesc ?? looseText(world.severities.get(alert.severityId ?? '')?.severityDesc),
    typeId: alert.typeId,
    typeDesc: sent.typeDesc ?? looseText(world.alertTypes.get(alert.typeId ?? '')?.typeDesc),
    subTypeId: alert.subTypeId,
    subTypeDesc: sent.subTypeDesc ?? looseText(world.alertTypes.get(alert.subTypeId ?? '')?.typeDesc),
    contentId: alert.contentId,
    contentDesc: sent.contentDesc ?? looseText(world.alertContents.get(alert.contentId ?? '')?.contentDesc),
    eventType: alert.eventType,
    tag: alert.tags,
    ruleDesc: sent.ruleDesc ?? looseText(world.alertRules.get(alert.ruleId ?? '')?.ruleDesc),
    assetPaths: record.assetPaths,
    maskedBy: alert.maskedBy,
  };
}

/** A history alert with the spellings that the contract's table has (localRecoverTime, assetPaths). */
export function historyView(record: AlertRecord, world: World): Record<string, unknown> {
  const { recoverTime, recoverReason } = record.alert;
  return {
    ...activeView(record, world),
    recoverTime,
    localRecoverTime: localRecoverTimeOf(record),
    recoverReason,
  };
}

/** A history alert with the spellings that the search's sample has (recoverLocalTime, assetPath). */
export function historySearchView(record: AlertRecord, world: World): Record<string, unknown> {
  const { localRecoverTime, assetPaths, ...rest } = historyView(record, world);
  return { ...rest, recoverLocalTime: localRecoverTime, assetPath: assetPaths };
}

/** Descriptions of records lack defaultValue, as samples do, where a language says the same. */
function looseText(text: I18nText | undefined): object | null {
  if (text === undefined) return null;
  const { defaultValue, i18nValue } = text;
  return Object.values(i18nValue).includes(defaultValue) ? { i18nValue } : { defaultValue, i18nValue };
}
