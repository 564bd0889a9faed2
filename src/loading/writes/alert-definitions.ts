/** Writes of what alerts refer to: severities, types, contents and rules of the Alert Service. */
import type { components } from '../../enos/generated/types/alert.js';
import {
  alertContent,
  alertRule,
  alertSeverity,
  alertType,
  type AlertContentRecord,
  type AlertRuleRecord,
  type AlertTypeRecord,
  type SeverityRecord,
} from '../entities/alert-definitions.js';
import type { Arguments } from '../../enos/operation.js';
import { InputError } from '../common.js';
import { sends, write } from '../write/description.js';
import {
  flag,
  id,
  int,
  localized,
  objects,
  optional,
  tags,
  text,
  type LocalizedText,
} from '../write/members.js';
import { ALERTS } from '../write/rights.js';
import { changed, checkUnchanged, REPLACEMENT } from '../write/replace.js';

const COMMON = {
  right: ALERTS,
  assets: 'none',
} as const;

/** A record without what every one has. */
type Made<Rec> = Omit<Rec, '__typename' | 'orgId'>;

const NAME = localized('What it says.');
const TAGS = optional(tags('Its tags.'));
/** What is left of a definition whose members were not given at a replacement. */
const NOTHING = { name: null, tags: {} };

/** createAlertSeverity. */
export const createAlertSeverity = write({
  ...COMMON,
  name: 'createAlertSeverity',
  description: 'Creates a severity of alerts (createAlertSeverity).',
  operation: 'alert.createAlertSeverity',
  of: alertSeverity,
  effect: 'creates',
  input: { severityId: id('Its id, chosen by you.'), name: NAME, tags: TAGS },
  run: sends('alert.createAlertSeverity', ({ severityId, name, tags: given }, { orgId }) => ({
    query: { orgId },
    body: { severity: { severityId, severityDesc: name, tags: given } },
  })),
  key: ({ severityId }) => severityId,
  record: ({ severityId, name, tags: given = {} }): Made<SeverityRecord> => ({
    severityId,
    name,
    tags: given,
    updatedAt: null,
  }),
});

/** updateAlertSeverity. */
export const updateAlertSeverity = write({
  ...COMMON,
  name: 'updateAlertSeverity',
  description: 'Changes a severity of alerts (updateAlertSeverity).',
  operation: 'alert.updateAlertSeverity',
  of: alertSeverity,
  input: { severityId: id('The severity.'), name: optional(NAME), tags: TAGS, ...REPLACEMENT },
  check: (input, context) =>
    checkUnchanged(input, alertSeverity, input.severityId, ({ updatedAt }) => updatedAt, context),
  run: sends(
    'alert.updateAlertSeverity',
    ({ severityId, name, tags: given, replace = false }, { orgId }) => ({
      query: { orgId, isPatchUpdate: !replace },
      body: { severity: { severityId, severityDesc: name, tags: given } },
    }),
  ),
  key: ({ severityId }) => severityId,
  patch: (record: SeverityRecord, { name, tags: given, ...how }) => ({
    ...record,
    ...changed(how, { name, tags: given }, NOTHING),
  }),
});

/** deleteAlertSeverity. */
export const deleteAlertSeverity = write({
  ...COMMON,
  name: 'deleteAlertSeverity',
  description: 'Deletes a severity that no rule uses (deleteAlertSeverity).',
  operation: 'alert.deleteAlertSeverity',
  of: alertSeverity,
  effect: 'deletes',
  input: { severityId: id('The severity.') },
  run: sends('alert.deleteAlertSeverity', ({ severityId }, { orgId }) => ({ query: { orgId, severityId } })),
  key: ({ severityId }) => severityId,
});

/** createAlertType. */
export const createAlertType = write({
  ...COMMON,
  name: 'createAlertType',
  description: 'Creates a type of alerts (createAlertType).',
  operation: 'alert.createAlertType',
  of: alertType,
  effect: 'creates',
  input: {
    typeId: id('Its id, chosen by you.'),
    parentTypeId: optional(id('The type that it is a part of. It cannot be changed later.')),
    name: NAME,
    tags: TAGS,
  },
  run: sends('alert.createAlertType', ({ typeId, parentTypeId, name, tags: given }, { orgId }) => ({
    query: { orgId },
    body: { type: { typeId, parentTypeId, typeDesc: name, tags: given } },
  })),
  key: ({ typeId }) => typeId,
  record: ({ typeId, parentTypeId = null, name, tags: given = {} }): Made<AlertTypeRecord> => ({
    typeId,
    parentTypeId,
    name,
    tags: given,
    updatedAt: null,
  }),
});

/** updateAlertType. */
export const updateAlertType = write({
  ...COMMON,
  name: 'updateAlertType',
  description: 'Changes a type of alerts (updateAlertType).',
  operation: 'alert.updateAlertType',
  of: alertType,
  input: {
    typeId: id('The type.'),
    parentTypeId: optional(id('The type that it is a part of, where it has none yet.')),
    name: optional(NAME),
    tags: TAGS,
    ...REPLACEMENT,
  },
  check: (input, context) =>
    checkUnchanged(input, alertType, input.typeId, ({ updatedAt }) => updatedAt, context),
  run: sends(
    'alert.updateAlertType',
    ({ typeId, parentTypeId, name, tags: given, replace = false }, { orgId }) => ({
      query: { orgId, isPatchUpdate: !replace },
      body: { type: { typeId, parentTypeId, typeDesc: name, tags: given } },
    }),
  ),
  key: ({ typeId }) => typeId,
  patch: (record: AlertTypeRecord, { name, tags: given, parentTypeId, ...how }) => ({
    ...record,
    // A parent cannot be taken away.
    parentTypeId: parentTypeId ?? record.parentTypeId,
    ...changed(how, { name, tags: given }, NOTHING),
  }),
});

/** deleteAlertType. */
export const deleteAlertType = write({
  ...COMMON,
  name: 'deleteAlertType',
  description: 'Deletes a type of alerts that is not in use (deleteAlertType).',
  operation: 'alert.deleteAlertType',
  of: alertType,
  effect: 'deletes',
  input: { typeId: id('The type.') },
  run: sends('alert.deleteAlertType', ({ typeId }, { orgId }) => ({ query: { orgId, alertTypeId: typeId } })),
  key: ({ typeId }) => typeId,
});

const CONTENT = {
  contentId: id('The content.'),
  name: NAME,
  modelId: id('Model that it is for.'),
  typeId: id('Its type.'),
};

/** createAlertContent. */
export const createAlertContent = write({
  ...COMMON,
  name: 'createAlertContent',
  description: 'Creates what alerts of a model and a type say (createAlertContent).',
  operation: 'alert.createAlertContent',
  of: alertContent,
  effect: 'creates',
  input: { ...CONTENT, contentId: id('Its id, chosen by you.'), tags: TAGS },
  run: sends('alert.createAlertContent', ({ contentId, name, modelId, typeId, tags: given }, { orgId }) => ({
    query: { orgId },
    body: { alertContent: { contentId, contentDesc: name, modelId, alertTypeId: typeId, tags: given } },
  })),
  key: ({ contentId }) => contentId,
});

/** updateAlertContent. */
export const updateAlertContent = write({
  ...COMMON,
  name: 'updateAlertContent',
  description: 'Changes what alerts say (updateAlertContent).',
  operation: 'alert.updateAlertContent',
  of: alertContent,
  input: {
    contentId: CONTENT.contentId,
    name: optional(CONTENT.name),
    modelId: optional(CONTENT.modelId),
    typeId: optional(CONTENT.typeId),
    tags: TAGS,
    ...REPLACEMENT,
  },
  check: (input, context) =>
    checkUnchanged(input, alertContent, input.contentId, ({ updatedAt }) => updatedAt, context),
  run: sends(
    'alert.updateAlertContent',
    ({ contentId, name, modelId, typeId, tags: given, replace = false }, { orgId }) => ({
      query: { orgId, isPatchUpdate: !replace },
      body: { alertContent: { contentId, contentDesc: name, modelId, alertTypeId: typeId, tags: given } },
    }),
  ),
  key: ({ contentId }) => contentId,
  patch: (record: AlertContentRecord, { name, modelId, typeId, tags: given, ...how }) => ({
    ...record,
    ...changed(how, { name, modelId, typeId, tags: given }, { ...NOTHING, modelId: null, typeId: null }),
  }),
});

/** deleteAlertContent. */
export const deleteAlertContent = write({
  ...COMMON,
  name: 'deleteAlertContent',
  description: 'Deletes a content that no rule uses (deleteAlertContent).',
  operation: 'alert.deleteAlertContent',
  of: alertContent,
  effect: 'deletes',
  input: { contentId: CONTENT.contentId },
  run: sends('alert.deleteAlertContent', ({ contentId }, { orgId }) => ({
    query: { orgId, alertContentId: contentId },
  })),
  key: ({ contentId }) => contentId,
});

const RULE = {
  name: NAME,
  modelId: id('Model whose points or devices it watches.'),
  pointId: optional(id('Point that it watches, with a condition. Else a device status.')),
  condition: optional(text('When there is an alert, such as `${temp} > 80`.')),
  deviceStatus: optional(text('Status of devices that it watches, such as `offline`.')),
  severityId: id('Severity of its alerts.'),
  contentId: id('What its alerts say.'),
  scope: objects('AlertRuleScopeInput', 'Parts of trees that it watches; `all` for all.', {
    treeId: id('The tree, or `all`.'),
    assetId: id('The asset below which it watches, or `all`.'),
  }),
  isEnabled: optional(flag('Whether it makes alerts.')),
  isRoot: optional(flag('Whether its alerts explain those below them in a tree.')),
  triggeringDelay: optional(int('Seconds that the anomaly must last: 0, or 60 to 10800.', 0, 10_800)),
  tags: TAGS,
};

/** Ids of rules, as the console of EnOS takes them. */
const RULE_ID = /^[A-Za-z0-9._-]{1,50}$/;

/** createAlertRule. */
export const createAlertRule = write({
  ...COMMON,
  name: 'createAlertRule',
  description: 'Creates a rule by which alerts come about (createAlertRule).',
  operation: 'alert.createAlertRule',
  of: alertRule,
  effect: 'creates',
  assets: ({ scope }) => assetsIn(scope),
  input: { ruleId: id('Its id, chosen by you: letters, digits, `.`, `_`, `-`, up to 50.'), ...RULE },
  check: (input) => {
    if (!RULE_ID.test(input.ruleId))
      throw wrong('ruleId', 'letters, digits, ".", "_" and "-", up to 50 characters');
    checkDelay(input.triggeringDelay);
    const watches = input.deviceStatus !== undefined;
    if (!watches && (input.pointId === undefined || input.condition === undefined))
      throw wrong('pointId', 'pointId and condition, or deviceStatus');
  },
  run: sends('alert.createAlertRule', ({ ruleId, ...rule }, { orgId }) => ({
    query: { orgId },
    body: {
      ruleId,
      ...bodyOf(rule),
      ruleDesc: rule.name,
      modelId: rule.modelId,
      severityId: rule.severityId,
      contentId: rule.contentId,
      scope: [...rule.scope],
    },
  })),
  key: ({ ruleId }) => ruleId,
  record: (rule): Made<AlertRuleRecord> => ({
    pointId: null,
    condition: null,
    deviceStatus: null,
    triggeringDelay: null,
    isEnabled: true,
    isRoot: false,
    tags: {},
    ...rule,
  }),
});

/** updateAlertRule. */
export const updateAlertRule = write({
  ...COMMON,
  name: 'updateAlertRule',
  description: 'Changes a rule (updateAlertRule). `isEnabled` alone switches it on and off.',
  operation: 'alert.updateAlertRule',
  of: alertRule,
  assets: ({ scope }) => assetsIn(scope),
  input: {
    ruleId: id('The rule.'),
    ...RULE,
    name: optional(RULE.name),
    modelId: optional(RULE.modelId),
    severityId: optional(RULE.severityId),
    contentId: optional(RULE.contentId),
    scope: optional(RULE.scope),
    replace: REPLACEMENT.replace,
  },
  check: ({ triggeringDelay }) => checkDelay(triggeringDelay),
  run: sends('alert.updateAlertRule', ({ ruleId, replace = false, ...rule }, { orgId }) => ({
    query: { orgId, isPatchUpdate: !replace },
    // The contract's type of this body is what all must have, and no more.
    body: { ruleId, ...bodyOf(rule) } as unknown as Arguments<'alert.updateAlertRule'>['body'],
  })),
  key: ({ ruleId }) => ruleId,
  patch: (record: AlertRuleRecord, { ruleId: _, replace, name, ...given }) => ({
    ...record,
    ...changed(
      { replace: replace ?? false },
      { ...given, name },
      {
        ...NOTHING,
        pointId: null,
        condition: null,
        deviceStatus: null,
        triggeringDelay: null,
      },
    ),
  }),
});

/** deleteAlertRule. */
export const deleteAlertRule = write({
  ...COMMON,
  name: 'deleteAlertRule',
  description: 'Deletes a rule (deleteAlertRule).',
  operation: 'alert.deleteAlertRule',
  of: alertRule,
  effect: 'deletes',
  input: { ruleId: id('The rule.') },
  run: sends('alert.deleteAlertRule', ({ ruleId }, { orgId }) => ({ query: { orgId, ruleId } })),
  key: ({ ruleId }) => ruleId,
});

type AlertRuleFields = components['schemas']['AlertRuleFields'];

/** Members of a rule in EnOS's words, those that were given. */
function bodyOf(rule: {
  readonly name?: LocalizedText;
  readonly modelId?: string;
  readonly pointId?: string;
  readonly condition?: string;
  readonly deviceStatus?: string;
  readonly severityId?: string;
  readonly contentId?: string;
  readonly scope?: readonly { readonly treeId: string; readonly assetId: string }[];
  readonly isEnabled?: boolean;
  readonly isRoot?: boolean;
  readonly triggeringDelay?: number;
  readonly tags?: Readonly<Record<string, string>>;
}): AlertRuleFields {
  const { name, pointId, scope, triggeringDelay, ...rest } = rule;
  return {
    ...rest,
    ruleDesc: name,
    measurepointId: pointId,
    scope: scope && [...scope],
    triggeringDelayTimer: triggeringDelay,
    // By its defaults the contract has them in every body; what is left out keeps its value.
  } as AlertRuleFields;
}

/** Assets that a rule names; `all` is none. */
function assetsIn(scope: readonly { readonly assetId: string }[] = []): readonly string[] {
  return scope.map(({ assetId }) => assetId).filter((assetId) => assetId !== 'all');
}

function checkDelay(seconds: number | undefined): void {
  if (seconds !== undefined && seconds > 0 && seconds < 60)
    throw wrong('triggeringDelay', `0, or 60 to 10800 seconds, got ${seconds}`);
}

function wrong(member: string, expected: string): InputError {
  return new InputError(`Argument "input.${member}": expected ${expected}.`, `input.${member}`);
}
