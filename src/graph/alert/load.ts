/** Definitions that alerts, rules, contents and counts refer to. */
import type { I18nText } from '../../loading/common.js';
import { alertContent, alertSeverity, alertType } from '../../loading/entities/alert-definitions.js';
import { then, type MaybePromise } from '../../loading/maybe.js';
import type { GraphContext } from '../context.js';
import { AlertContent, AlertSeverity, AlertType } from './definitions.js';

/** A severity. Where EnOS knows none of that id: made of the text that an alert carries, or null without one. */
export function loadSeverity(
  { loaders }: GraphContext,
  orgId: string,
  severityId: string,
  copy: I18nText | null,
): MaybePromise<AlertSeverity | null> {
  return then(loaders.of(alertSeverity).find({ orgId, id: severityId }), (record) =>
    record || copy ? new AlertSeverity(severityId, record, copy) : null,
  );
}

/** A content, likewise. */
export function loadContent(
  { loaders }: GraphContext,
  orgId: string,
  contentId: string,
  copy: I18nText | null,
): MaybePromise<AlertContent | null> {
  return then(loaders.of(alertContent).find({ orgId, id: contentId }), (record) =>
    record || copy ? new AlertContent(orgId, contentId, record, copy) : null,
  );
}

/** A type; null where EnOS knows none of that id. */
export function loadType(
  { loaders }: GraphContext,
  orgId: string,
  typeId: string,
): MaybePromise<AlertType | null> {
  return then(
    loaders.of(alertType).find({ orgId, id: typeId }),
    (record) => record && new AlertType(orgId, typeId, record, null),
  );
}
