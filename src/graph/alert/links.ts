/**
 * What an alert refers to, for as few calls as the query permits: an alert carries the ids and texts of its severity, type,
 * content and rule, so that their names cost nothing. Only what the alert does not carry is fetched.
 */
import type { AlertRecord } from '../../loading/alerts/types.js';
import { alertRule, alertType } from '../../loading/entities/alert-definitions.js';
import { then, type MaybePromise } from '../../loading/maybe.js';
import type { GraphContext } from '../context.js';
import { hasText } from '../i18n.js';
import { selectsOnly } from '../selection.js';
import type { SelectionInfo } from '../selection.js';
import { AlertContent, AlertRule, AlertSeverity, AlertType } from './definitions.js';
import { loadContent, loadSeverity } from './load.js';

const NAMES = ['name', 'names'];
const OF_SEVERITY = new Set([...NAMES, 'severityId']);
const OF_CONTENT = new Set([...NAMES, 'contentId']);
const OF_TYPE = new Set([...NAMES, 'typeId', 'parentTypeId', 'parent']);
const OF_PARENT = new Set([...NAMES, 'typeId']);
const OF_RULE = new Set([...NAMES, 'ruleId']);

/** Severity of an alert; null where it has none. */
export function severityOf(
  { orgId, severityId, severityDesc }: AlertRecord,
  context: GraphContext,
  info: SelectionInfo,
): MaybePromise<AlertSeverity | null> {
  if (!severityId) return null;
  if (hasText(severityDesc) && selectsOnly(info, OF_SEVERITY))
    return new AlertSeverity(severityId, null, severityDesc);
  return loadSeverity(context, orgId, severityId, severityDesc ?? {});
}

/** Type of an alert; null where it has none. */
export function typeOf(
  { orgId, typeId, typeDesc, parentTypeId, parentTypeDesc }: AlertRecord,
  { loaders }: GraphContext,
  info: SelectionInfo,
): MaybePromise<AlertType | null> {
  if (!typeId) return null;
  const isCarried = hasText(typeDesc) && selectsOnly(info, OF_TYPE);
  const parent = { typeId: parentTypeId, copy: { text: parentTypeDesc } };
  return then(
    isCarried ? null : loaders.of(alertType).find({ orgId, id: typeId }),
    (record) => new AlertType(orgId, typeId, record, typeDesc, parent),
  );
}

/** Type above a type; null at the top. */
export function parentOf(
  { orgId, parentTypeId, parentCopy }: AlertType,
  { loaders }: GraphContext,
  info: SelectionInfo,
): MaybePromise<AlertType | null> {
  if (!parentTypeId) return null;
  const copy = parentCopy?.text ?? null;
  const isCarried = hasText(copy) && selectsOnly(info, OF_PARENT);
  return then(
    isCarried ? null : loaders.of(alertType).find({ orgId, id: parentTypeId }),
    (record) => new AlertType(orgId, parentTypeId, record, copy),
  );
}

/** Content of an alert; null where it has none. */
export function contentOf(
  { orgId, contentId, contentDesc }: AlertRecord,
  context: GraphContext,
  info: SelectionInfo,
): MaybePromise<AlertContent | null> {
  if (!contentId) return null;
  if (hasText(contentDesc) && selectsOnly(info, OF_CONTENT))
    return new AlertContent(orgId, contentId, null, contentDesc);
  return loadContent(context, orgId, contentId, contentDesc ?? {});
}

/** Rule that raised an alert; null for one inserted over the API. */
export function ruleOf(
  { orgId, ruleId, ruleDesc, modelId, pointId }: AlertRecord,
  { loaders }: GraphContext,
  info: SelectionInfo,
): MaybePromise<AlertRule | null> {
  if (!ruleId) return null;
  const copy = { text: ruleDesc, modelId, pointId };
  const isCarried = hasText(ruleDesc) && selectsOnly(info, OF_RULE);
  return then(
    isCarried ? null : loaders.of(alertRule).find({ orgId, id: ruleId }),
    (record) => new AlertRule(orgId, ruleId, record, copy),
  );
}
