/** What devices left: events, logs and latest points. */
import { compileExpression } from '../../expression/select.js';
import { ServiceError } from '../../operation.js';
import type { OperationHandler, ServiceHandlers } from '../../operation.js';
import { pageInfo, pageOf, readPage } from '../../paging.js';
import { happenings } from '../../parts/events.js';
import type { DeviceEvent } from '../../parts/events.js';
import { localTime, readTimeBound } from '../../times.js';
import { fromJson, toJson } from '../../json.js';
import type { ModelFeature, World, WorldAsset } from '../../world/world.js';
import { requireDevice } from './identify.js';

const DAY = 86_400_000;
const LOGS_KEPT = 15 * DAY;

const getEvent: OperationHandler = ({ query }, { world }) => {
  const eventId = query['eventId'] ?? '';
  const event = world.parts.of(happenings).events.get(eventId);
  const asset = world.assets.get(event?.assetId ?? '');
  if (event === undefined || asset?.readable !== true)
    throw new ServiceError(99404, `Not Found event: ${eventId}`);
  return { data: eventView(event, asset, world, query['resolveName'] === 'true') };
};

/** Body fields and expression both narrow; without times it is the last week. */
const searchEvent: OperationHandler = ({ operationId, body }, { world, now }) => {
  const test = compileExpression(operationId, body['expression']);
  const page = readPage(operationId, body);
  const start = readTimeBound('startTime', body['startTime']);
  const end = readTimeBound('endTime', body['endTime']);
  const isNamed =
    body['assetId'] !== undefined || body['productKey'] !== undefined || body['deviceKey'] !== undefined;
  const only = isNamed ? requireDevice(world, body).asset.assetId : null;
  const weekAgo = now() - 7 * DAY;
  const found = [...world.parts.of(happenings).events.values()]
    .flatMap((event) => {
      const asset = world.assets.get(event.assetId);
      if (asset?.readable !== true || (only !== null && asset.assetId !== only)) return [];
      const from = start?.(asset.timezone) ?? (end === null ? weekAgo : -Infinity);
      if (event.time < from || event.time > (end?.(asset.timezone) ?? Infinity)) return [];
      const type = typeOf(event, asset, world);
      if (body['tslEventKey'] !== undefined && body['tslEventKey'] !== event.key) return [];
      if (body['tslEventType'] !== undefined && body['tslEventType'] !== type) return [];
      const fields = { ...keysOf(asset), tslEventKey: event.key, tslEventType: type };
      return test((field) => [fields[field as keyof typeof fields]]) ? [{ event, asset }] : [];
    })
    .sort((a, b) => b.event.time - a.event.time);
  return {
    data: pageOf(found, page).map(({ event, asset }) =>
      eventView(event, asset, world, body['resolveName'] === true),
    ),
    beside: pageInfo(page, found.length),
  };
};

function keysOf(asset: WorldAsset): { productKey: string; deviceKey: string; assetId: string } {
  return { productKey: asset.productKey ?? '', deviceKey: asset.deviceKey ?? '', assetId: asset.assetId };
}

function featureOf(event: DeviceEvent, asset: WorldAsset, world: World): ModelFeature | undefined {
  return world.models.get(asset.modelId)?.events[event.key];
}

function typeOf(event: DeviceEvent, asset: WorldAsset, world: World): string {
  return (featureOf(event, asset, world)?.['eventType'] as string | undefined) ?? 'INFO';
}

function eventView(
  event: DeviceEvent,
  asset: WorldAsset,
  world: World,
  withNames: boolean,
): Record<string, unknown> {
  const feature = featureOf(event, asset, world);
  const outputs = (feature?.['outputData'] ?? []) as ModelFeature[];
  return {
    eventId: event.eventId,
    orgId: world.orgId,
    ...keysOf(asset),
    tslEventKey: event.key,
    tslEventType: typeOf(event, asset, world),
    output: toJson(event.output),
    outputData: event.output,
    timestamp: event.time,
    localtime: localTime(event.time, asset.timezone),
    eventName: withNames ? (feature?.name ?? null) : null,
    outputNames: withNames
      ? Object.fromEntries(outputs.map(({ identifier, name }) => [identifier, name]))
      : null,
  };
}

const searchDeviceLog: OperationHandler = ({ operationId, query, body }, { world, now }) => {
  const test = compileExpression(operationId, body['expression']);
  const page = readPage(operationId, body);
  const from = Math.max(Number(query['startTime']), now() - LOGS_KEPT);
  const to = Number(query['endTime']);
  const found = [...world.parts.of(happenings).logs.values()]
    .flatMap((entry) => {
      const asset = world.assets.get(entry.assetId);
      if (asset?.readable !== true || entry.time < from || entry.time > to) return [];
      const fields = keysOf(asset);
      return test((field) => [fields[field as keyof typeof fields]]) ? [{ entry, fields }] : [];
    })
    .sort((a, b) => b.entry.time - a.entry.time);
  return {
    data: pageOf(found, page).map(({ entry, fields }) => ({
      orgId: world.orgId,
      ...fields,
      createTime: entry.time,
      code: entry.code,
      content: entry.content,
      reason: entry.reason,
    })),
    beside: pageInfo(page, found.length),
  };
};

/** Points of the thing model that have a value; all of them unless some are named. */
const getLatestMeasurementPoints: OperationHandler = ({ query, body }, { world, now }) => {
  const { asset, model } = requireDevice(world, query);
  const wanted = body['measurepointIds'] as string[] | undefined;
  const points = Object.values(model.measurepoints).filter(
    ({ identifier }) => wanted === undefined || wanted.includes(identifier),
  );
  return {
    data: points.flatMap(({ identifier, dataType }) => {
      const sample = world.series.latest(asset.assetId, identifier, now());
      if (sample === null) return [];
      const isText = (dataType === 'ARRAY' || dataType === 'STRUCT') && typeof sample.value === 'string';
      const value = isText ? fromJson(String(sample.value)) : sample.value;
      return [{ id: identifier, time: String(sample.time), value }];
    }),
  };
};

/** Handlers of what devices left. */
export const eventHandlers: ServiceHandlers = {
  getEvent,
  searchEvent,
  searchDeviceLog,
  getLatestMeasurementPoints,
};
