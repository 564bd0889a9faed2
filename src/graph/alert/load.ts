/** Definitions that alerts, rules, contents and counts refer to. */
import type { I18nText } from '../../loading/common.js';
import type { GraphContext } from '../context.js';
import { AlertContent, AlertSeverity, AlertType } from './definitions.js';

/** A severity. Where EnOS knows none of that id: made of the text that an alert carries, or null without one. */
export async function loadSeverity(
  { loaders }: GraphContext,
  orgId: string,
  severityId: string,
  copy: I18nText | null,
): Promise<AlertSeverity | null> {
  const record = await loaders.alerts.severity(orgId, severityId);
  return record || copy ? new AlertSeverity(severityId, record, copy) : null;
}

/** A content, likewise. */
export async function loadContent(
  { loaders }: GraphContext,
  orgId: string,
  contentId: string,
  copy: I18nText | null,
): Promise<AlertContent | null> {
  const record = await loaders.alerts.content(orgId, contentId);
  return record || copy ? new AlertContent(orgId, contentId, record, copy) : null;
}

/** A type; null where EnOS knows none of that id. */
export async function loadType(
  { loaders }: GraphContext,
  orgId: string,
  typeId: string,
): Promise<AlertType | null> {
  const record = await loaders.alerts.type(orgId, typeId);
  return record && new AlertType(orgId, typeId, record, null);
}
