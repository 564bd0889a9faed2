/**
 * event-service, rules: created, updated, deleted.
 */
import { getContract, getOperation } from '../../../contract/contract.js';
import type { OperationHandler, ServiceHandlers } from '../../../operation.js';
import { invalidArgument, notFound } from '../../../refusals.js';
import { checkTags } from '../../../tags.js';
import type { World, WorldAlertRule } from '../../../world/world.js';
import { toText } from '../../asset/changes.js';
import type { SentText } from '../../asset/changes.js';
import { checkNew, existing, isPatch } from './changes.js';

const MAX_RULES = 50_000;
const MAX_CONDITIONS = 10;
const RULE_ID = /^[\w.-]{1,50}$/;
const MIN_DELAY = 60;

type SentRule = Partial<Omit<WorldAlertRule, 'orgId' | 'updateTime' | 'ruleDesc'>> & {
  ruleId: string;
  ruleDesc?: SentText;
};

/** createAlertRule: the rule is the body itself. */
const createAlertRule: OperationHandler = ({ body }, { world, now }) => {
  const sent = body as SentRule;
  checkNew(world.alertRules, 'ruleId', sent.ruleId, sent.tags, MAX_RULES);
  if (!RULE_ID.test(sent.ruleId)) throw invalidArgument('ruleId', 'takes up to 50 letters, digits and . _ -');
  world.alertRules.set(sent.ruleId, checked(ruleOf(sent, world, now()), world));
  return { data: sent.ruleId };
};

const updateAlertRule: OperationHandler = (request, { world, now }) => {
  const sent = request.body as SentRule;
  const rule = existing(world.alertRules, 'ruleId', sent.ruleId);
  checkTags('tags', sent.tags ?? {});
  // A whole rule needs what a new one needs.
  const violation = isPatch(request)
    ? null
    : getContract().validator.body(getOperation('createAlertRule'), sent);
  if (violation !== null) throw invalidArgument(violation.name, violation.detail);
  const base = isPatch(request) ? rule : ruleOf(sent, world, now());
  const { ruleDesc } = sent;
  const changed = {
    ...base,
    ...pick(sent, FIELDS),
    ...(ruleDesc === undefined ? {} : { ruleDesc: toText(ruleDesc) }),
    updateTime: now(),
  };
  world.alertRules.set(rule.ruleId, checked(changed, world));
  return { data: null };
};

const FIELDS = [
  'modelId',
  'measurepointId',
  'deviceStatus',
  'condition',
  'isEnabled',
  'severityId',
  'contentId',
  'tags',
  'isRoot',
  'scope',
  'triggeringDelayTimer',
] as const;

function pick<T extends object, K extends keyof T>(from: T, names: readonly K[]): Partial<Pick<T, K>> {
  return Object.fromEntries(
    names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]),
  ) as Partial<Pick<T, K>>;
}

/** A rule with the contract's defaults for what is not given. */
function ruleOf(sent: SentRule, world: World, updateTime: number): WorldAlertRule {
  return {
    ruleId: sent.ruleId,
    orgId: world.orgId,
    ruleDesc: toText(sent.ruleDesc ?? { defaultValue: '' }),
    modelId: '',
    measurepointId: null,
    deviceStatus: null,
    condition: null,
    isEnabled: true,
    severityId: '',
    contentId: '',
    tags: {},
    isRoot: false,
    scope: [],
    triggeringDelayTimer: 0,
    ...pick(sent, FIELDS),
    updateTime,
  };
}

/** Refuses a rule that refers to nothing (99404) or goes beyond a limit (99400). */
function checked(rule: WorldAlertRule, world: World): WorldAlertRule {
  const model = existing(world.models, 'modelId', rule.modelId);
  const { measurepointId, deviceStatus, condition, triggeringDelayTimer: delay } = rule;
  if (measurepointId !== null && !Object.hasOwn(model.measurepoints, measurepointId))
    throw notFound('measurepointId', measurepointId);
  if (deviceStatus !== null && deviceStatus !== 'offline')
    throw invalidArgument('deviceStatus', `${deviceStatus} is not supported`);
  existing(world.severities, 'severityId', rule.severityId);
  existing(world.alertContents, 'contentId', rule.contentId);
  for (const { treeId, assetId } of rule.scope) {
    if (treeId === 'all' && assetId === 'all') continue;
    const tree = existing(world.trees, 'scope.treeId', treeId);
    if (!tree.nodes.has(assetId)) throw notFound('scope.assetId', assetId);
  }
  if (delay > 0 && delay < MIN_DELAY)
    throw invalidArgument('triggeringDelayTimer', `must be 0 or at least ${MIN_DELAY}`);
  const conditions = condition?.match(/[<>]=?|!?=/g)?.length ?? 0;
  if (conditions > MAX_CONDITIONS)
    throw invalidArgument('condition', `holds ${conditions} conditions, more than ${MAX_CONDITIONS}`);
  return rule;
}

const deleteAlertRule: OperationHandler = ({ query }, { world }) => {
  const { ruleId } = existing(world.alertRules, 'ruleId', query.ruleId);
  world.alertRules.delete(ruleId);
  // Not null, as in other deletions.
  return { data: '' };
};

/** Handlers of changes of rules. */
export const ruleChangeHandlers: ServiceHandlers = { createAlertRule, updateAlertRule, deleteAlertRule };
