/**
 * event-service, severities: created, updated, deleted.
 */
import type { OperationHandler, ServiceHandlers } from '../../../operation.js';
import { invalidArgument } from '../../../refusals.js';
import { checkTags } from '../../../tags.js';
import { toText } from '../../asset/changes.js';
import type { SentText } from '../../asset/changes.js';
import { changedNow, checkNew, existing, isPatch, MAX_DEFINITIONS, refuseUsed } from './changes.js';

interface SentSeverity {
  severityId: string;
  severityDesc?: SentText;
  tags?: Record<string, string>;
}

const createAlertSeverity: OperationHandler = ({ body }, context) => {
  const { severities } = context.world;
  const { severityId, severityDesc, tags = {} } = body.severity as Required<SentSeverity>;
  checkNew(severities, 'severityId', severityId, tags, MAX_DEFINITIONS);
  severities.set(severityId, {
    severityId,
    severityDesc: toText(severityDesc),
    tags,
    ...changedNow(context),
  });
  return { data: severityId };
};

const updateAlertSeverity: OperationHandler = (request, context) => {
  const { severities } = context.world;
  const { severityId, severityDesc, tags } = request.body.severity as SentSeverity;
  const severity = existing(severities, 'severityId', severityId);
  if (!isPatch(request) && severityDesc === undefined) throw invalidArgument('severityDesc', 'is required');
  checkTags('tags', tags ?? {});
  severities.set(severityId, {
    ...severity,
    ...(severityDesc === undefined ? {} : { severityDesc: toText(severityDesc) }),
    tags: tags ?? (isPatch(request) ? severity.tags : {}),
    ...changedNow(context),
  });
  return { data: null };
};

const deleteAlertSeverity: OperationHandler = ({ query }, { world }) => {
  const { severityId } = existing(world.severities, 'severityId', query.severityId);
  const user = [...world.alertRules.values()].find((rule) => rule.severityId === severityId);
  refuseUsed('severityId', severityId, user && `rule ${user.ruleId}`);
  world.severities.delete(severityId);
  return { data: null };
};

/** Handlers of changes of severities. */
export const severityChangeHandlers: ServiceHandlers = {
  createAlertSeverity,
  updateAlertSeverity,
  deleteAlertSeverity,
};
