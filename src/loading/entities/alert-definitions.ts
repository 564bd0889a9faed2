/**
 * What alerts refer to: severities, types, contents and rules of the Alert Service. Records may name ids that exist nowhere, so
 * they are asked for with `find`, and are reached over what refers to them only.
 */
import type { components } from '../../enos/generated/types/alert.js';
import { present, textOf } from '../alerts/text.js';
import type { I18nText } from '../common.js';
import { entity, type EntityRecord } from '../entity/description.js';
import { getBy, searchBy } from '../entity/reads.js';

type Schemas = components['schemas'];

interface DefinitionRecord extends EntityRecord {
  readonly desc: I18nText | null;
  readonly tags: Readonly<Record<string, string>>;
}
/** A severity. Times are Unix milliseconds, here and below. */
export interface SeverityRecord extends DefinitionRecord {
  readonly severityId: string;
  readonly updateTime: number | null;
}
/** A type of alerts. */
export interface AlertTypeRecord extends DefinitionRecord {
  readonly typeId: string;
  readonly parentTypeId: string | null;
  readonly updateTime: number | null;
}
/** What an alert says. */
export interface AlertContentRecord extends DefinitionRecord {
  readonly contentId: string;
  readonly modelId: string | null;
  readonly typeId: string | null;
  readonly subTypeId: string | null;
  readonly updateTime: number | null;
}
/** By which alerts come about. */
export interface AlertRuleRecord extends DefinitionRecord {
  readonly ruleId: string;
  readonly modelId: string;
  readonly pointId: string | null;
  readonly deviceStatus: string | null;
  readonly condition: string | null;
  readonly isEnabled: boolean | null;
  readonly isRoot: boolean | null;
  readonly severityId: string | null;
  readonly contentId: string | null;
  readonly scope: readonly { treeId: string; assetId: string }[];
  /** Seconds that the anomaly must last. */
  readonly triggeringDelay: number | null;
}

/** What the descriptions have in common: the definitions of an organization are all in reach of one search. */
const DEFINITION = {
  right: { name: 'alerts:read', allows: 'see alerts and their definitions' },
  assets: 'none',
  lifetime: { setting: 'CACHE_TTL_ALERT_DEFINITIONS', fallback: 600_000 },
  fields: null,
  get: null,
} as const;

/** searchAlertSeverity. */
export const alertSeverity = entity<SeverityRecord, Schemas['AlertSeverity']>({
  ...DEFINITION,
  type: 'AlertSeverity',
  nouns: { one: 'alert severity', many: 'alert severities' },
  key: 'severityId',
  search: searchBy('alert.searchAlertSeverity', { isComplete: true }),
  record: (raw) => ({
    severityId: raw.severityId,
    desc: textOf(raw.severityDesc),
    tags: raw.tags ?? {},
    updateTime: raw.updateTime ?? null,
  }),
});

/** searchAlertType. */
export const alertType = entity<AlertTypeRecord, Schemas['AlertType'] & { typeId: string }>({
  ...DEFINITION,
  type: 'AlertType',
  nouns: { one: 'alert type', many: 'alert types' },
  key: 'typeId',
  search: searchBy('alert.searchAlertType', { isComplete: true }),
  record: (raw) => ({
    typeId: raw.typeId,
    parentTypeId: present(raw.parentTypeId),
    desc: textOf(raw.typeDesc),
    tags: raw.tags ?? {},
    updateTime: raw.updateTime ?? null,
  }),
});

/** searchAlertContent; one alone by getAlertContent. Without a sub-type EnOS sends an object that has no typeId. */
export const alertContent = entity<AlertContentRecord, Schemas['AlertContent']>({
  ...DEFINITION,
  type: 'AlertContent',
  nouns: { one: 'alert content', many: 'alert contents' },
  key: 'contentId',
  get: getBy('alert.getAlertContent', ({ orgId, id }) => ({ query: { orgId, contentId: id } })),
  search: searchBy('alert.searchAlertContent', { isComplete: true }),
  record: (raw) => ({
    contentId: raw.contentId,
    desc: textOf(raw.contentDesc),
    modelId: present(raw.modelId),
    typeId: present(raw.alertType?.typeId),
    subTypeId: present(raw.subAlertType?.typeId),
    tags: raw.tags ?? {},
    updateTime: raw.updateTime ?? null,
  }),
});

/** searchAlertRule. */
export const alertRule = entity<AlertRuleRecord, Schemas['AlertRule']>({
  ...DEFINITION,
  type: 'AlertRule',
  nouns: { one: 'alert rule', many: 'alert rules' },
  key: 'ruleId',
  assets: {
    // `all` names no asset.
    redact: (rule, isSeen) => ({
      ...rule,
      scope: rule.scope.filter(({ assetId }) => assetId === 'all' || isSeen(assetId)),
    }),
  },
  search: searchBy('alert.searchAlertRule', { isComplete: true }),
  record: (raw) => ({
    ruleId: raw.ruleId,
    desc: textOf(raw.ruleDesc),
    modelId: raw.modelId,
    pointId: present(raw.measurepointId),
    deviceStatus: present(raw.deviceStatus),
    condition: present(raw.condition),
    isEnabled: raw.isEnabled ?? null,
    isRoot: raw.isRoot ?? null,
    severityId: present(raw.severityId),
    contentId: present(raw.contentId),
    tags: raw.tags ?? {},
    scope: raw.scope ?? [],
    triggeringDelay: raw.triggeringDelayTimer ?? null,
  }),
});
