/**
 * event-service, rules: searchAlertRule.
 */
import type { FieldReader } from '../../../expression/evaluate.js';
import { compileExpression } from '../../../expression/select.js';
import { keyOf, ownValue } from '../../../names.js';
import type { OperationHandler, ServiceHandlers } from '../../../operation.js';
import type { World, WorldAlertRule } from '../../../world/world.js';
import { searchDefinitions } from './pages.js';

const searchAlertRule: OperationHandler = (request, { world }) => {
  const { modelId, measurepointId, expression } = request.body;
  const test = compileExpression(request.operationId, expression);
  const rows = [...world.alertRules.values()].filter(
    (rule) =>
      (modelId === undefined || rule.modelId === modelId) &&
      (measurepointId === undefined || rule.measurepointId === measurepointId) &&
      test(ruleFields(rule)),
  );
  // This search alone reports its sort field in snake case.
  return searchDefinitions(request, rows, (rule) => ruleView(rule, world), 'update_time');
};

function ruleFields(rule: WorldAlertRule): FieldReader {
  return (field) => {
    switch (field) {
      case 'ruleId':
        return [rule.ruleId];
      case 'modelId':
        return [rule.modelId];
      case 'measurepointId':
        return [rule.measurepointId];
      case 'deviceStatus':
        return [rule.deviceStatus];
    }
    return [ownValue(rule.tags, keyOf(field))];
  };
}

function ruleView(rule: WorldAlertRule, world: World): Record<string, unknown> {
  const content = world.alertContents.get(rule.contentId);
  const type = world.alertTypes.get(content?.alertTypeId ?? '');
  return {
    orgId: rule.orgId,
    ruleId: rule.ruleId,
    ruleDesc: rule.ruleDesc,
    modelId: rule.modelId,
    measurepointId: rule.measurepointId,
    deviceStatus: rule.deviceStatus,
    condition: rule.condition,
    isEnabled: rule.isEnabled,
    severityId: rule.severityId,
    severityDesc: world.severities.get(rule.severityId)?.severityDesc ?? null,
    contentId: rule.contentId,
    contentDesc: content?.contentDesc ?? null,
    typeId: type?.typeId ?? null,
    typeDesc: type?.typeDesc ?? null,
    tags: rule.tags,
    isRoot: rule.isRoot,
    scope: rule.scope,
    triggeringDelayTimer: rule.triggeringDelayTimer,
  };
}

/** Handlers of rules. */
export const ruleHandlers: ServiceHandlers = { searchAlertRule };
