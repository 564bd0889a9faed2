/**
 * Changes of alert records that both alert services make: stored, closed, tagged.
 */
import type { SimulatorContext } from '../../operation.js';
import { invalidArgument } from '../../refusals.js';
import { checkTags } from '../../tags.js';
import type { WorldAlert } from '../../world/world.js';

/** How records over the API came about. */
export const RECOVERED_OVER_API = 2;
export const INSERTED_OVER_API = 3;

/** Latest time that a date can name. */
const LAST_TIME = 8.64e15;

/** Stores an alert as a new one, or in place of one of the same id; gives its id. */
export function storeAlert(
  alert: Omit<WorldAlert, 'alertId' | 'orgId' | 'createTime' | 'updateTime'>,
  { world, now, ids }: SimulatorContext,
  before?: WorldAlert,
): string {
  if (Math.abs(alert.occurTime) > LAST_TIME) throw invalidArgument('occurTime', 'is no time');
  checkTags('tags', alert.tags);
  const alertId = before?.alertId ?? ids.dated(world.alerts, alert.occurTime);
  const createTime = before === undefined ? now() : before.createTime;
  world.alerts.set(alertId, {
    ...alert,
    alertId,
    orgId: world.orgId,
    ...(createTime === undefined ? {} : { createTime }),
    updateTime: now(),
  });
  return alertId;
}

/** What closing says. */
export interface Recovery {
  recoverTime: number;
  localRecoverTime?: string;
  recoverReason?: string;
}

/** Makes an active alert a history alert of the same id. */
export function closeAlertRecord(
  alert: WorldAlert,
  recovery: Recovery,
  { world, now }: SimulatorContext,
): void {
  const { recoverTime, localRecoverTime, recoverReason = null } = recovery;
  if (Math.abs(recoverTime) > LAST_TIME) throw invalidArgument('recoverTime', 'is no time');
  world.alerts.set(alert.alertId, {
    ...alert,
    recoverTime,
    recoverReason,
    eventType: RECOVERED_OVER_API,
    ...(localRecoverTime === undefined ? {} : { sent: { ...alert.sent, localRecoverTime } }),
    updateTime: now(),
  });
}

/** Merges tags into those of an alert, or replaces them. */
export function tagAlert(
  alert: WorldAlert,
  tags: Record<string, string>,
  patch: boolean,
  { world, now }: SimulatorContext,
): void {
  const all = patch ? { ...alert.tags, ...tags } : tags;
  checkTags('tags', all);
  world.alerts.set(alert.alertId, { ...alert, tags: all, updateTime: now() });
}
