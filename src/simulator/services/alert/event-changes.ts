/**
 * event-service: active and history alerts inserted, one and many; active ones closed and deleted; tags.
 */
import type { OperationHandler, ServiceHandlers, SimulatorContext } from '../../operation.js';
import { notFound } from '../../refusals.js';
import type { SentWithAlert, World, WorldAlert } from '../../world/world.js';
import { createEach, isPatch, tagEach } from './batch.js';
import { closeAlertRecord, INSERTED_OVER_API, RECOVERED_OVER_API, storeAlert, tagAlert } from './changes.js';
import type { Recovery } from './changes.js';

/** An alert as requests write it; ids are stored whether or not they exist. */
type SentEvent = Partial<Recovery> &
  SentWithAlert & {
    assetId: string;
    measurepointId?: string;
    deviceStatus?: string;
    value: unknown;
    occurTime: number;
    severityId?: string;
    typeId?: string;
    subTypeId?: string;
    contentId?: string;
    /** Name of the pages. */
    tags?: Record<string, string>;
    /** Name of the SDK. */
    tag?: Record<string, string>;
  };

const SENT_FIELDS = [
  'modelId',
  'modelIdPath',
  'localOccurTime',
  'localRecoverTime',
  'severityDesc',
  'typeDesc',
  'subTypeDesc',
  'contentDesc',
  'assetPaths',
] as const satisfies readonly (keyof SentWithAlert)[];

function alertOf(event: SentEvent): Omit<WorldAlert, 'alertId' | 'orgId' | 'eventType'> {
  return {
    assetId: event.assetId,
    measurepointId: event.measurepointId ?? null,
    deviceStatus: event.deviceStatus ?? null,
    ruleId: null,
    severityId: event.severityId ?? null,
    typeId: event.typeId ?? null,
    subTypeId: event.subTypeId ?? null,
    contentId: event.contentId ?? null,
    value: typeof event.value === 'string' ? event.value : JSON.stringify(event.value),
    occurTime: event.occurTime,
    recoverTime: event.recoverTime ?? null,
    recoverReason: event.recoverReason ?? null,
    tags: event.tags ?? event.tag ?? {},
    maskedBy: null,
    inhibited: false,
    sent: Object.fromEntries(
      SENT_FIELDS.filter((name) => event[name] !== undefined).map((name) => [name, event[name]]),
    ),
  };
}

function insertActive(event: SentEvent, context: SimulatorContext): string {
  const alert = { ...alertOf(event), recoverTime: null, recoverReason: null, eventType: INSERTED_OVER_API };
  return storeAlert(alert, context);
}

/** A history alert of the same asset, point and time gives way. */
function insertHistory(event: SentEvent, context: SimulatorContext): string {
  const alert = { ...alertOf(event), eventType: RECOVERED_OVER_API };
  const before = [...context.world.alerts.values()].find(
    (one) =>
      one.recoverTime !== null &&
      one.assetId === alert.assetId &&
      one.measurepointId === alert.measurepointId &&
      one.deviceStatus === alert.deviceStatus &&
      one.occurTime === alert.occurTime,
  );
  return storeAlert(alert, context, before);
}

/** The id comes in data, as from 2.2 on, and beside code, as in 2.1. */
function created(eventId: string): { data: string; beside: { eventId: string } } {
  return { data: eventId, beside: { eventId } };
}

const MESSAGES = { right: 'format right', wrong: 'format wrong' };

const createActiveAlert: OperationHandler = ({ body }, context) =>
  created(insertActive(body.activeAlert as SentEvent, context));

const createActiveAlertsInBatch = createEach({ list: 'activeAlertList', ...MESSAGES }, insertActive);

const createHistoryAlert: OperationHandler = ({ body }, context) =>
  created(insertHistory(body.historyAlert as SentEvent, context));

const createHistoryAlertsInBatch = createEach({ list: 'historyAlertList', ...MESSAGES }, insertHistory);

function eventOf(world: World, eventId: unknown, active: boolean): WorldAlert {
  const id = typeof eventId === 'string' ? eventId : '';
  const alert = world.alerts.get(id);
  if (alert === undefined || (alert.recoverTime === null) !== active) throw notFound('eventId', id);
  return alert;
}

const closeActiveAlert: OperationHandler = ({ body }, context) => {
  closeAlertRecord(eventOf(context.world, body.eventId, true), body as unknown as Recovery, context);
  return { data: null };
};

/** deleteActiveAlert: unlike closing, it leaves no history. */
const deleteActiveAlert: OperationHandler = ({ query }, { world }) => {
  world.alerts.delete(eventOf(world, query.eventId, true).alertId);
  return { data: null };
};

const updateActiveAlertTags: OperationHandler = (request, context) => {
  const { eventId, tags } = request.body;
  const alert = eventOf(context.world, eventId, true);
  tagAlert(alert, tags as Record<string, string>, isPatch(request), context);
  return { data: 1 };
};

const batchUpdateActiveAlertTags: OperationHandler = (request, context) => {
  const { eventIds, tags } = request.body as { eventIds: string[]; tags: Record<string, string> };
  return tagEach(eventIds, (eventId) =>
    tagAlert(eventOf(context.world, eventId, true), tags, isPatch(request), context),
  );
};

const updateHistoryAlertTags: OperationHandler = (request, context) => {
  const { eventId, tags } = request.body;
  const alert = eventOf(context.world, eventId, false);
  tagAlert(alert, tags as Record<string, string>, isPatch(request), context);
  // The sample has it, unlike those of the other operations.
  return { data: 1, msg: 'success' };
};

/** Handlers of changes over event-service. */
export const eventChangeHandlers: ServiceHandlers = {
  createActiveAlert,
  createActiveAlertsInBatch,
  createHistoryAlert,
  createHistoryAlertsInBatch,
  closeActiveAlert,
  deleteActiveAlert,
  updateActiveAlertTags,
  batchUpdateActiveAlertTags,
  updateHistoryAlertTags,
};
