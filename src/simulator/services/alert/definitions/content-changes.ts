/**
 * event-service, contents: created, updated, deleted.
 */
import type { OperationHandler, ServiceHandlers } from '../../../operation.js';
import { invalidArgument } from '../../../refusals.js';
import { checkTags } from '../../../tags.js';
import type { World } from '../../../world/world.js';
import { toText } from '../../asset/changes.js';
import type { SentText } from '../../asset/changes.js';
import { changedNow, checkNew, existing, isPatch, refuseUsed } from './changes.js';

interface SentContent {
  contentId: string;
  contentDesc?: SentText;
  modelId?: string;
  alertTypeId?: string;
  subAlertTypeId?: string;
  tags?: Record<string, string>;
}

const createAlertContent: OperationHandler = ({ body }, context) => {
  const { alertContents } = context.world;
  const sent = body.alertContent as Required<Omit<SentContent, 'tags'>> & Pick<SentContent, 'tags'>;
  const { contentId, contentDesc, modelId, alertTypeId, tags = {} } = sent;
  checkNew(alertContents, 'contentId', contentId, tags, Infinity);
  checkReferences({ contentId, modelId, alertTypeId }, context.world);
  alertContents.set(contentId, {
    contentId,
    contentDesc: toText(contentDesc),
    modelId,
    alertTypeId,
    subAlertTypeId: null,
    tags,
    ...changedNow(context),
  });
  return { data: contentId };
};

const updateAlertContent: OperationHandler = (request, context) => {
  const { alertContents } = context.world;
  const sent = request.body.alertContent as SentContent;
  const { contentId, contentDesc, modelId, alertTypeId, subAlertTypeId, tags } = sent;
  const content = existing(alertContents, 'contentId', contentId);
  if (!isPatch(request)) {
    for (const name of ['contentDesc', 'modelId', 'alertTypeId'] as const)
      if (sent[name] === undefined) throw invalidArgument(name, 'is required');
  }
  checkTags('tags', tags ?? {});
  checkReferences(sent, context.world);
  alertContents.set(contentId, {
    ...content,
    ...(contentDesc === undefined ? {} : { contentDesc: toText(contentDesc) }),
    modelId: modelId ?? content.modelId,
    alertTypeId: alertTypeId ?? content.alertTypeId,
    subAlertTypeId: subAlertTypeId ?? (isPatch(request) ? content.subAlertTypeId : null),
    tags: tags ?? (isPatch(request) ? content.tags : {}),
    ...changedNow(context),
  });
  return { data: null };
};

function checkReferences({ modelId, alertTypeId, subAlertTypeId }: SentContent, world: World): void {
  if (modelId !== undefined) existing(world.models, 'modelId', modelId);
  if (alertTypeId !== undefined) existing(world.alertTypes, 'alertTypeId', alertTypeId);
  if (subAlertTypeId !== undefined) existing(world.alertTypes, 'subAlertTypeId', subAlertTypeId);
}

const deleteAlertContent: OperationHandler = ({ query }, { world }) => {
  const { contentId } = existing(world.alertContents, 'alertContentId', query.alertContentId);
  const user = [...world.alertRules.values()].find((rule) => rule.contentId === contentId);
  refuseUsed('alertContentId', contentId, user && `rule ${user.ruleId}`);
  world.alertContents.delete(contentId);
  // Not null, as in other deletions.
  return { data: '' };
};

/** Handlers of changes of contents. */
export const contentChangeHandlers: ServiceHandlers = {
  createAlertContent,
  updateAlertContent,
  deleteAlertContent,
};
