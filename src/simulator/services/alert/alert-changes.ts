/**
 * alert-service: records inserted, one and many, active ones closed, tags of both kinds.
 */
import { ServiceError } from '../../operation.js';
import type { OperationHandler, ServiceHandlers, SimulatorContext } from '../../operation.js';
import { invalidArgument, notFound } from '../../refusals.js';
import type { SentAlertText, World, WorldAlert } from '../../world/world.js';
import { createEach, isPatch, tagEach } from './batch.js';
import { closeAlertRecord, INSERTED_OVER_API, storeAlert, tagAlert } from './changes.js';
import type { Recovery } from './changes.js';

const MAX_BATCH = 1000;

/** `alertVo`: ids are stored whether or not they exist. */
interface AlertVo extends Partial<Recovery> {
  eventType: number;
  instanceId: string;
  metricId: string;
  occurTime: number;
  localOccurTime?: string;
  value: string;
  metricTags?: Record<string, string> | null;
  severityId?: string;
  severityDesc?: SentAlertText;
  typeId?: string;
  typeDesc?: SentAlertText;
  parentTypeId?: string;
  parentTypeDesc?: SentAlertText;
  contentId?: string;
  content?: SentAlertText;
  ruleId?: string;
  ruleDesc?: SentAlertText;
  ruleTags?: Record<string, string> | null;
  tags?: Record<string, string> | null;
  inhibited?: boolean;
}

/** Inserts a record; its event type makes it an active or a history alert. */
function insert(vo: AlertVo, context: SimulatorContext): string {
  const active = vo.eventType === INSERTED_OVER_API;
  if (!active && vo.recoverTime === undefined) throw invalidArgument('recoverTime', 'is required');
  const { metricTags, ruleTags, localOccurTime, localRecoverTime } = vo;
  const types =
    vo.parentTypeId === undefined
      ? { typeId: vo.typeId, typeDesc: vo.typeDesc }
      : {
          typeId: vo.parentTypeId,
          typeDesc: vo.parentTypeDesc,
          subTypeId: vo.typeId,
          subTypeDesc: vo.typeDesc,
        };
  const { typeId, subTypeId, ...typeTexts } = types;
  const isStatus = vo.metricId === 'offline';
  return storeAlert(
    {
      assetId: vo.instanceId,
      measurepointId: isStatus ? null : vo.metricId,
      deviceStatus: isStatus ? vo.metricId : null,
      ruleId: vo.ruleId ?? null,
      severityId: vo.severityId ?? null,
      typeId: typeId ?? null,
      subTypeId: subTypeId ?? null,
      contentId: vo.contentId ?? null,
      value: vo.value,
      occurTime: vo.occurTime,
      recoverTime: active ? null : (vo.recoverTime ?? null),
      recoverReason: active ? null : (vo.recoverReason ?? null),
      eventType: vo.eventType,
      tags: vo.tags ?? {},
      maskedBy: null,
      inhibited: vo.inhibited ?? false,
      sent: defined({
        ...typeTexts,
        severityDesc: vo.severityDesc,
        contentDesc: vo.content,
        ruleDesc: vo.ruleDesc,
        ruleTags: ruleTags ?? undefined,
        metricTags: metricTags ?? undefined,
        modelId: metricTags?.modelId,
        modelIdPath: metricTags?.modelIdPath,
        localOccurTime,
        localRecoverTime: active ? undefined : localRecoverTime,
      }),
    },
    context,
  );
}

/** Without the members that are undefined. */
function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

const createAlert: OperationHandler = ({ body }, context) => ({
  data: insert(body.alertVo as AlertVo, context),
});

const batchCreateAlerts = createEach(
  { list: 'alertVoList', max: MAX_BATCH, right: 'OK', wrong: 'format wrong' },
  insert,
);

/** closeAlert: 99400 for an unknown id, not 99404, and no data at all in the reply. */
const closeAlert: OperationHandler = ({ body }, context) => {
  const { alertId, ...recovery } = body as unknown as Recovery & { alertId: string };
  const alert = context.world.alerts.get(alertId);
  if (alert?.recoverTime !== null) throw new ServiceError(99400, `invalid id:${alertId} :ID does not exist`);
  closeAlertRecord(alert, recovery, context);
  return { data: undefined };
};

function alertNamed(world: World, alertId: string): WorldAlert {
  const alert = world.alerts.get(alertId);
  if (alert === undefined) throw notFound('alertId', alertId);
  return alert;
}

const updateAlertTags: OperationHandler = (request, context) => {
  const { alertId, tags } = request.body as { alertId: string; tags: Record<string, string> };
  tagAlert(alertNamed(context.world, alertId), tags, isPatch(request), context);
  return { data: 1 };
};

const batchUpdateAlertTags: OperationHandler = (request, context) => {
  const { alertIds, tags } = request.body as { alertIds: string[]; tags: Record<string, string> };
  return tagEach(alertIds, (alertId) =>
    tagAlert(alertNamed(context.world, alertId), tags, isPatch(request), context),
  );
};

/** Handlers of changes over alert-service. */
export const alertChangeHandlers: ServiceHandlers = {
  createAlert,
  batchCreateAlerts,
  closeAlert,
  updateAlertTags,
  batchUpdateAlertTags,
};
