/**
 * Alert definitions and alert records of a world.
 */
import type { AssetBook } from './assets.js';
import { idsOf } from './assets.js';
import { alertIdOf } from './ids.js';
import type { AlertFile, AlertSpec, RuleSpec } from './schema/alert.js';
import { momentToTime } from './schema/common.js';
import type {
  World,
  WorldAlert,
  WorldAlertContent,
  WorldAlertRule,
  WorldAlertType,
  WorldModel,
  WorldSeverity,
} from './world.js';
import { WorldError } from './yaml.js';

/** What alerts refer to. */
export interface AlertSurroundings {
  file: string;
  orgId: string;
  now: number;
  models: ReadonlyMap<string, WorldModel>;
  book: AssetBook;
  treeIds: ReadonlyMap<string, string>;
}

type AlertParts = Pick<World, 'severities' | 'alertTypes' | 'alertContents' | 'alertRules' | 'alerts'>;

const EDITOR = 'ops.lead';
const EDITED = Date.parse('2024-02-01T03:20:33Z');

/** Definitions and records; records count back from `now` where the file does. */
export function buildAlerts(content: AlertFile, around: AlertSurroundings): AlertParts {
  const { orgId } = around;
  const common = { orgId, updatePerson: EDITOR, updateTime: EDITED };
  const severities = new Map<string, WorldSeverity>(
    content.severities.map(({ id, text, tags }) => [
      id,
      { ...common, severityId: id, severityDesc: text, tags },
    ]),
  );
  const alertTypes = new Map<string, WorldAlertType>(
    content.types.map(({ id, parent, text, tags }) => [
      id,
      { ...common, typeId: id, parentTypeId: parent, typeDesc: text, tags },
    ]),
  );
  const alertContents = new Map<string, WorldAlertContent>(
    content.contents.map(({ id, text, model, type, subType, tags }) => [
      id,
      {
        ...common,
        contentId: id,
        contentDesc: text,
        modelId: model,
        alertTypeId: type,
        subAlertTypeId: subType,
        tags,
      },
    ]),
  );
  const alertRules = new Map<string, WorldAlertRule>(
    content.rules.map((rule) => [rule.id, buildRule(rule, around)]),
  );
  const definitions = { severities, alertTypes, alertContents, alertRules };
  checkDefinitions(definitions, around);
  const alerts = new Map<string, WorldAlert>();
  const idBySlug = new Map<string, string>();
  for (const spec of content.alerts) {
    for (const alert of buildRecords(spec, definitions, around)) {
      if (alerts.has(alert.alertId)) throw new WorldError(around.file, `alert ${spec.slug} is there twice`);
      alerts.set(alert.alertId, alert);
      if (!idBySlug.has(spec.slug)) idBySlug.set(spec.slug, alert.alertId);
    }
  }
  maskAlerts(content, alerts, idBySlug, around);
  return { ...definitions, alerts };
}

function buildRule(rule: RuleSpec, { file, orgId, book, treeIds }: AlertSurroundings): WorldAlertRule {
  const scope = rule.scope.map(({ tree, asset }) => {
    const treeId = treeIds.get(tree);
    const assetId = book.bySlug.get(asset);
    if (treeId === undefined || assetId === undefined) {
      throw new WorldError(file, `rule ${rule.id}: no tree ${tree} or no asset ${asset}`);
    }
    return { treeId, assetId };
  });
  return {
    ruleId: rule.id,
    orgId,
    ruleDesc: rule.text,
    modelId: rule.model,
    measurepointId: rule.point,
    deviceStatus: rule.deviceStatus,
    condition: rule.condition,
    isEnabled: rule.enabled,
    severityId: rule.severity,
    contentId: rule.content,
    tags: rule.tags,
    isRoot: rule.root,
    scope: scope.length > 0 ? scope : [{ treeId: 'all', assetId: 'all' }],
    triggeringDelayTimer: rule.delay,
    updateTime: EDITED,
  };
}

type Definitions = Omit<AlertParts, 'alerts'>;

function checkDefinitions(definitions: Definitions, { file, models }: AlertSurroundings): void {
  const need = (found: boolean, who: string, what: string): void => {
    if (!found) throw new WorldError(file, `${who}: no ${what}`);
  };
  for (const type of definitions.alertTypes.values()) {
    const { parentTypeId } = type;
    need(
      parentTypeId === null || definitions.alertTypes.has(parentTypeId),
      `type ${type.typeId}`,
      `type ${parentTypeId}`,
    );
  }
  for (const content of definitions.alertContents.values()) {
    const who = `content ${content.contentId}`;
    need(models.has(content.modelId), who, `model ${content.modelId}`);
    need(definitions.alertTypes.has(content.alertTypeId), who, `type ${content.alertTypeId}`);
    const sub = content.subAlertTypeId;
    need(sub === null || definitions.alertTypes.has(sub), who, `type ${sub}`);
  }
  for (const rule of definitions.alertRules.values()) {
    const who = `rule ${rule.ruleId}`;
    const model = models.get(rule.modelId);
    need(model !== undefined, who, `model ${rule.modelId}`);
    const point = rule.measurepointId;
    need(point === null || point in (model?.measurepoints ?? {}), who, `point ${point} in ${rule.modelId}`);
    need(definitions.severities.has(rule.severityId), who, `severity ${rule.severityId}`);
    need(definitions.alertContents.has(rule.contentId), who, `content ${rule.contentId}`);
  }
}

function* buildRecords(
  spec: AlertSpec,
  definitions: Definitions,
  around: AlertSurroundings,
): Iterable<WorldAlert> {
  const { file, orgId, now, book } = around;
  const problem = (text: string): WorldError => new WorldError(file, `alert ${spec.slug}: ${text}`);
  const rule = spec.rule === undefined ? undefined : definitions.alertRules.get(spec.rule);
  if (spec.rule !== undefined && !rule) throw problem(`no rule ${spec.rule} (ruleId takes any id)`);
  const assetIds = spec.asset === undefined ? [spec.assetId ?? ''] : idsOf(book, spec.asset);
  if (!assetIds) throw problem(`no asset or range ${spec.asset} (assetId takes any id)`);
  const contentId = spec.contentId ?? rule?.contentId ?? null;
  const content = contentId === null ? undefined : definitions.alertContents.get(contentId);
  const occurred = momentToTime(spec.occurred, now);
  const recovered = spec.recovered && momentToTime(spec.recovered, now);
  for (let i = 0; i < (spec.repeat?.count ?? 1); i++) {
    const occurTime = occurred - i * (spec.repeat?.every ?? 0);
    const recoverTime =
      spec.lasted === undefined ? (recovered ?? null) : Math.min(occurTime + spec.lasted, now);
    if (recoverTime !== null && recoverTime < occurTime)
      throw problem('expected to recover after it occurred');
    yield {
      alertId: alertIdOf(`${spec.slug}:${i}`, occurTime),
      orgId,
      assetId: assetIds[i % assetIds.length] ?? '',
      measurepointId: spec.point ?? (spec.deviceStatus === undefined ? (rule?.measurepointId ?? null) : null),
      deviceStatus: spec.deviceStatus ?? (spec.point === undefined ? (rule?.deviceStatus ?? null) : null),
      ruleId: spec.ruleId ?? spec.rule ?? null,
      severityId: spec.severityId ?? rule?.severityId ?? null,
      typeId: spec.typeId ?? content?.alertTypeId ?? null,
      subTypeId: spec.subTypeId ?? content?.subAlertTypeId ?? null,
      contentId,
      value: spec.value,
      occurTime,
      recoverTime,
      recoverReason: recoverTime === null ? null : (spec.reason ?? 'rule-recover'),
      eventType: recoverTime === null ? (spec.overApi ? 3 : 1) : spec.overApi ? 2 : 0,
      tags: spec.tags,
      maskedBy: null,
      inhibited: spec.inhibited,
    };
  }
}

/** A second pass, because an alert may be masked by one that the file tells later. */
function maskAlerts(
  content: AlertFile,
  alerts: ReadonlyMap<string, WorldAlert>,
  idBySlug: ReadonlyMap<string, string>,
  { file, treeIds }: AlertSurroundings,
): void {
  for (const spec of content.alerts) {
    if (!spec.maskedBy) continue;
    const alert = alerts.get(idBySlug.get(spec.slug) ?? '');
    const refs = spec.maskedBy.map(({ tree, alert: root }) => {
      const treeId = treeIds.get(tree);
      const rootId = idBySlug.get(root);
      if (treeId === undefined || rootId === undefined) {
        throw new WorldError(file, `alert ${spec.slug}: no tree ${tree} or no alert ${root}`);
      }
      return `${treeId}:${rootId}`;
    });
    if (alert) alert.maskedBy = refs;
  }
}
