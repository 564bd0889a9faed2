/**
 * What alerts refer to: severities, types, contents and rules of the Alert Service. Alerts and other records may name ids that
 * exist nowhere, so that links to these ask for them with `find`.
 */
import type { components } from '../../enos/generated/types/alert.js';
import { present, textOf } from '../alerts/text.js';
import type { I18nText } from '../common.js';
import { entity, type EntityRecord } from '../entity/description.js';
import { anyOf, nameHas, sameText, tagged } from '../entity/filter.js';
import { getBy, searchBy } from '../entity/reads.js';

type Schemas = components['schemas'];

interface DefinitionRecord extends EntityRecord {
  readonly name: I18nText | null;
  readonly tags: Readonly<Record<string, string>>;
}
/** A severity. Times are Unix milliseconds, here and below. */
export interface SeverityRecord extends DefinitionRecord {
  readonly severityId: string;
  readonly updatedAt: number | null;
}
/** A type of alerts. */
export interface AlertTypeRecord extends DefinitionRecord {
  readonly typeId: string;
  readonly parentTypeId: string | null;
  readonly updatedAt: number | null;
}
/** What an alert says. */
export interface AlertContentRecord extends DefinitionRecord {
  readonly contentId: string;
  readonly modelId: string | null;
  readonly typeId: string | null;
  readonly subTypeId: string | null;
  readonly updatedAt: number | null;
}
/** By which alerts come about. */
export interface AlertRuleRecord extends DefinitionRecord {
  readonly ruleId: string;
  readonly modelId: string | null;
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

/** Tags of definitions can be compared, and no more. */
const TAGS = tagged(
  { field: 'tags', in: false, exists: false, notExists: false, like: false },
  'Conditions on tags: EnOS compares whole values only here.',
);

/** What the descriptions have in common: the definitions of an organization are all in reach of one search. */
const DEFINITION = {
  right: { name: 'alerts:read', allows: 'see alerts and their definitions' },
  assets: 'none',
  lifetime: { setting: 'CACHE_TTL_ALERT_DEFINITIONS', fallback: 600_000 },
  get: null,
} as const;

/** searchAlertSeverity. */
export const alertSeverity = entity<SeverityRecord, Schemas['AlertSeverity']>({
  ...DEFINITION,
  type: 'AlertSeverity',
  nouns: { one: 'alert severity', many: 'alert severities' },
  fields: { one: 'alertSeverity', many: 'alertSeverities' },
  key: 'severityId',
  search: searchBy('alert.searchAlertSeverity', { isComplete: true }),
  record: (raw) => ({
    severityId: raw.severityId,
    name: textOf(raw.severityDesc),
    tags: raw.tags ?? {},
    updatedAt: raw.updateTime ?? null,
  }),
  filter: { severityIds: anyOf('severityId', 'One of these severities.'), tags: TAGS },
  sort: { severityId: 'severityId' },
});

/** searchAlertType. */
export const alertType = entity<AlertTypeRecord, Schemas['AlertType'] & { typeId: string }>({
  ...DEFINITION,
  type: 'AlertType',
  key: 'typeId',
  search: searchBy('alert.searchAlertType', { isComplete: true }),
  record: (raw) => ({
    typeId: raw.typeId,
    parentTypeId: present(raw.parentTypeId),
    name: textOf(raw.typeDesc),
    tags: raw.tags ?? {},
    updatedAt: raw.updateTime ?? null,
  }),
  filter: {
    typeIds: anyOf('typeId', 'One of these types.'),
    parentTypeIds: anyOf(
      'parentTypeId',
      'Right below one of these types.',
      ({ parentTypeId }: AlertTypeRecord) => parentTypeId,
    ),
    tags: TAGS,
  },
  sort: { typeId: 'typeId', parentTypeId: 'parentTypeId' },
});

/** searchAlertContent; one alone by getAlertContent. Without a sub-type EnOS sends an object that has no typeId. */
export const alertContent = entity<AlertContentRecord, Schemas['AlertContent']>({
  ...DEFINITION,
  type: 'AlertContent',
  key: 'contentId',
  get: getBy('alert.getAlertContent', ({ orgId, id }) => ({ query: { orgId, contentId: id } })),
  search: searchBy('alert.searchAlertContent', { isComplete: true }),
  record: (raw) => ({
    contentId: raw.contentId,
    name: textOf(raw.contentDesc),
    modelId: present(raw.modelId),
    typeId: present(raw.alertType?.typeId),
    subTypeId: present(raw.subAlertType?.typeId),
    tags: raw.tags ?? {},
    updatedAt: raw.updateTime ?? null,
  }),
  filter: {
    contentIds: anyOf('contentId', 'One of these contents.'),
    modelIds: anyOf(
      'modelId',
      'For one of these thing models.',
      ({ modelId }: AlertContentRecord) => modelId,
    ),
    typeIds: anyOf(
      'alertTypeId',
      'Of one of these types at the top.',
      ({ typeId }: AlertContentRecord) => typeId,
    ),
    subTypeIds: anyOf(
      'subAlertTypeId',
      'Of one of these types below the top.',
      ({ subTypeId }: AlertContentRecord) => subTypeId,
    ),
    name: nameHas('contentDesc', 'Condition on the name.'),
    tags: TAGS,
  },
  sort: { contentId: 'contentId', modelId: 'modelId', typeId: 'alertTypeId', subTypeId: 'subAlertTypeId' },
});

/** searchAlertRule. */
export const alertRule = entity<AlertRuleRecord, Schemas['AlertRule']>({
  ...DEFINITION,
  type: 'AlertRule',
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
    name: textOf(raw.ruleDesc),
    modelId: present(raw.modelId),
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
  filter: {
    ruleIds: anyOf('ruleId', 'One of these rules.'),
    modelIds: anyOf(
      'modelId',
      'Watching assets of one of these thing models.',
      ({ modelId }: AlertRuleRecord) => modelId,
    ),
    pointIds: anyOf('measurepointId', 'Watching one of these measurement points.'),
    deviceStatus: sameText('deviceStatus', 'Watching this device status, e.g. `offline`.'),
    tags: TAGS,
  },
  sort: { ruleId: 'ruleId', modelId: 'modelId', pointId: 'measurepointId', deviceStatus: 'deviceStatus' },
});
