/**
 * What both alert services know about an alert record: its asset, model, place in trees and times, and the
 * conditions on times that their searches share.
 */
import { localTime } from '../../times.js';
import type { TimeBound } from '../../times.js';
import type { World, WorldAlert, WorldAsset, WorldTreeNode } from '../../world/world.js';

/** An alert with what it refers to. */
export interface AlertRecord {
  alert: WorldAlert;
  asset: WorldAsset | undefined;
  modelId: string;
  modelIdPath: string | null;
  /** Zone of the asset; UTC for an asset that does not exist. */
  timezone: string;
  /** `treeId:/a/b/c` in each tree of the rule's scope; null without such a tree. */
  assetPaths: string[] | null;
  /** Every tree that the asset sits in. */
  treeIds: string[];
}

/** All records, newest first, without those of assets that the account may not read. */
export function alertRecords(world: World): AlertRecord[] {
  return [...world.alerts.values()]
    .filter((alert) => world.assets.get(alert.assetId)?.readable !== false)
    .sort(newestFirst)
    .map((alert) => toRecord(alert, world));
}

/** The newest event type that event-service knows; alert-service has discrete and out-of-order alerts as well. */
const LAST_EVENT_TYPE = 3;

/** The records that event-service knows, newest first. */
export function eventRecords(world: World): AlertRecord[] {
  return alertRecords(world).filter(({ alert }) => alert.eventType <= LAST_EVENT_TYPE);
}

/** occurTime descending, then id descending. */
export function newestFirst(a: WorldAlert, b: WorldAlert): number {
  return b.occurTime - a.occurTime || (a.alertId < b.alertId ? 1 : -1);
}

function toRecord(alert: WorldAlert, world: World): AlertRecord {
  const asset = world.assets.get(alert.assetId);
  const { sent = {} } = alert;
  const modelId =
    sent.modelId ??
    asset?.modelId ??
    world.alertRules.get(alert.ruleId ?? '')?.modelId ??
    world.alertContents.get(alert.contentId ?? '')?.modelId ??
    '';
  const nodes = [...world.trees.values()].flatMap((tree) => {
    const node = tree.nodes.get(alert.assetId);
    return node === undefined ? [] : [{ treeId: tree.treeId, node }];
  });
  const scope = world.alertRules.get(alert.ruleId ?? '')?.scope.map(({ treeId }) => treeId) ?? [];
  const paths = nodes
    .filter(({ treeId }) => scope.includes('all') || scope.includes(treeId))
    .map(({ treeId, node }) => `${treeId}:${pathTo(node)}`);
  return {
    alert,
    asset,
    modelId,
    modelIdPath: sent.modelIdPath ?? world.models.get(modelId)?.modelIdPath ?? null,
    timezone: asset?.timezone ?? 'UTC',
    assetPaths: paths.length > 0 ? paths : (sent.assetPaths ?? null),
    treeIds: nodes.map(({ treeId }) => treeId),
  };
}

function pathTo(node: WorldTreeNode): string {
  return `${node.parent === null ? '' : pathTo(node.parent)}/${node.assetId}`;
}

/** Local text of when an alert occurred: as it was sent, else the asset's; null for an asset that does not exist. */
export function localOccurTimeOf(record: AlertRecord): string | null {
  const { sent, occurTime } = record.alert;
  return sent?.localOccurTime ?? localTimeOf(record, occurTime);
}

/** Local text of when an alert recovered. */
export function localRecoverTimeOf(record: AlertRecord): string | null {
  const { sent, recoverTime } = record.alert;
  return sent?.localRecoverTime ?? localTimeOf(record, recoverTime);
}

function localTimeOf(record: AlertRecord, time: number | null): string | null {
  return record.asset === undefined || time === null ? null : localTime(time, record.timezone);
}

/** Whether a time lies in a window, ends included; each bound is read in the asset's zone. */
export function within(
  record: AlertRecord,
  time: number,
  { from, to }: { from: TimeBound | null; to: TimeBound | null },
): boolean {
  return (from === null || time >= from(record.timezone)) && (to === null || time <= to(record.timezone));
}

/** An empty text counts as no value. */
export function valueOf(alert: WorldAlert): string | null {
  return alert.value === '' ? null : alert.value;
}
