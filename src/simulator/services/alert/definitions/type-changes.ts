/**
 * event-service, types: created, updated, deleted.
 */
import type { OperationHandler, ServiceHandlers } from '../../../operation.js';
import { invalidArgument } from '../../../refusals.js';
import { checkTags } from '../../../tags.js';
import type { World, WorldAlertType } from '../../../world/world.js';
import { toText } from '../../asset/changes.js';
import type { SentText } from '../../asset/changes.js';
import { changedNow, checkNew, existing, isPatch, MAX_DEFINITIONS, refuseUsed } from './changes.js';

interface SentType {
  typeId: string;
  parentTypeId?: string;
  typeDesc?: SentText;
  tags?: Record<string, string>;
}

const createAlertType: OperationHandler = ({ body }, context) => {
  const { alertTypes } = context.world;
  const { typeId, parentTypeId = null, typeDesc, tags = {} } = body.type as SentType & { typeDesc: SentText };
  checkNew(alertTypes, 'typeId', typeId, tags, MAX_DEFINITIONS);
  if (parentTypeId !== null) existing(alertTypes, 'parentTypeId', parentTypeId);
  alertTypes.set(typeId, {
    typeId,
    parentTypeId,
    typeDesc: toText(typeDesc),
    tags,
    ...changedNow(context),
  });
  return { data: typeId };
};

const updateAlertType: OperationHandler = (request, context) => {
  const { alertTypes } = context.world;
  const { typeId, parentTypeId, typeDesc, tags } = request.body.type as SentType;
  const type = existing(alertTypes, 'typeId', typeId);
  if (!isPatch(request) && typeDesc === undefined) throw invalidArgument('typeDesc', 'is required');
  checkTags('tags', tags ?? {});
  if (parentTypeId !== undefined) checkParent(type, parentTypeId, context.world);
  alertTypes.set(typeId, {
    ...type,
    // A parent, once set, stays.
    parentTypeId: parentTypeId ?? type.parentTypeId,
    ...(typeDesc === undefined ? {} : { typeDesc: toText(typeDesc) }),
    tags: tags ?? (isPatch(request) ? type.tags : {}),
    ...changedNow(context),
  });
  return { data: null };
};

/** Refuses another parent than the one that is set, and a type below itself. */
function checkParent(type: WorldAlertType, parentTypeId: string, { alertTypes }: World): void {
  if (type.parentTypeId !== null && type.parentTypeId !== parentTypeId)
    throw invalidArgument('parentTypeId', 'cannot be changed');
  let above: WorldAlertType | undefined = existing(alertTypes, 'parentTypeId', parentTypeId);
  while (above !== undefined) {
    if (above.typeId === type.typeId)
      throw invalidArgument('parentTypeId', `${parentTypeId} is below the type`);
    above = alertTypes.get(above.parentTypeId ?? '');
  }
}

const deleteAlertType: OperationHandler = ({ query }, { world }) => {
  const { typeId } = existing(world.alertTypes, 'alertTypeId', query.alertTypeId);
  const content = [...world.alertContents.values()].find(
    ({ alertTypeId, subAlertTypeId }) => alertTypeId === typeId || subAlertTypeId === typeId,
  );
  refuseUsed('alertTypeId', typeId, content && `content ${content.contentId}`);
  const child = [...world.alertTypes.values()].find(({ parentTypeId }) => parentTypeId === typeId);
  refuseUsed('alertTypeId', typeId, child && `type ${child.typeId}`);
  world.alertTypes.delete(typeId);
  return { data: null };
};

/** Handlers of changes of types. */
export const typeChangeHandlers: ServiceHandlers = { createAlertType, updateAlertType, deleteAlertType };
