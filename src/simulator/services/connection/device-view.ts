/** Devices as the Connection Service returns them, and the searches over them. */
import { compileExpression } from '../../expression/select.js';
import type { FieldReader } from '../../expression/evaluate.js';
import { keyOf, languageOf, ownValue, textsIn } from '../../names.js';
import type { OperationReply, OperationRequest, SimulatorContext } from '../../operation.js';
import { pageInfo, pageOf, readPage } from '../../paging.js';
import { devices } from '../../parts/devices.js';
import type { Device } from '../../parts/devices.js';
import { happenings } from '../../parts/events.js';
import type { World } from '../../world/world.js';
import { knownDevice } from './identify.js';
import type { KnownDevice } from './identify.js';
import { NO_PUBLIC_KEY, requiresSecret } from './products.js';

/** Status as EnOS sends it. */
export function statusOf({ connection, isDisabled }: Device): string {
  return isDisabled ? 'disable' : connection;
}

/** `deviceSecret` as the operation's edition shows it: in clear up to 2.3, later only where asked for, and then encrypted. */
export function secretOf(request: OperationRequest, secret: string): Record<string, unknown> {
  if (!request.operationId.endsWith('V24')) return { deviceSecret: secret };
  return requiresSecret(request) ? { deviceSecret: NO_PUBLIC_KEY, sessionKey: '' } : {};
}

/** A device; the times of last updates are null unless asked for. */
export function deviceView(
  { device, asset, product, model }: KnownDevice,
  request: OperationRequest,
  context: SimulatorContext,
  withUpdates: boolean,
): Record<string, unknown> {
  return {
    orgId: asset.orgId,
    assetId: asset.assetId,
    modelId: asset.modelId,
    modelIdPath: model.modelIdPath,
    productKey: product.key,
    productName: product.name,
    productType: product.type,
    dataFormat: product.format,
    deviceKey: device.deviceKey,
    deviceName: asset.name,
    ...secretOf(request, device.secret),
    deviceDesc: asset.description,
    timezone: asset.timezone,
    deviceAttributes: asset.attributes,
    deviceTags: asset.tags,
    mirrorSource: device.mirrorSource,
    firmwareVersion: device.firmwareVersion,
    createTime: asset.createTime,
    status: statusOf(device),
    activeTime: device.activeTime,
    lastOnlineTime: device.lastOnlineTime,
    lastOfflineTime: device.lastOfflineTime,
    ...(withUpdates ? lastUpdates({ device, asset, product, model }, context) : NO_UPDATES),
  };
}

const NO_UPDATES = {
  measurepointLastUpdate: null,
  eventLastUpdate: null,
  attributeLastUpdate: null,
  featureLastUpdate: null,
};

function lastUpdates(
  { device, asset, model }: KnownDevice,
  { world, now }: SimulatorContext,
): Record<keyof typeof NO_UPDATES, number | null> {
  const at = now();
  const points = Object.keys(model.measurepoints).flatMap(
    (pointId) => world.series.latest(asset.assetId, pointId, at)?.time ?? [],
  );
  const events = [...world.parts.of(happenings).events.values()].flatMap(({ assetId, time }) =>
    assetId === asset.assetId ? [time] : [],
  );
  const measurepointLastUpdate = newest(points);
  const eventLastUpdate = newest(events);
  const attributeLastUpdate = device.attributeUpdate;
  const all = [measurepointLastUpdate, eventLastUpdate, attributeLastUpdate].flatMap((time) => time ?? []);
  return {
    measurepointLastUpdate,
    eventLastUpdate,
    attributeLastUpdate,
    featureLastUpdate: newest(all),
  };
}

function newest(times: readonly number[]): number | null {
  return times.length === 0 ? null : Math.max(...times);
}

/** Values of a device's fields in expressions. */
export function deviceFields({ device, asset, product }: KnownDevice): FieldReader {
  return (field) => {
    switch (field) {
      case 'modelId':
        return [asset.modelId];
      case 'productKey':
        return [product.key];
      case 'deviceKey':
        return [device.deviceKey];
      case 'assetId':
        return [asset.assetId];
      case 'productType':
        return [product.type];
      case 'status':
        return [statusOf(device)];
      case 'firmwareVersion':
        return [device.firmwareVersion];
    }
    if (field.startsWith('deviceAttributes.')) return [ownValue(asset.attributes, keyOf(field))];
    if (field.startsWith('deviceTags.')) return [ownValue(asset.tags, keyOf(field))];
    return textsIn(asset.name, languageOf(field));
  };
}

/** Every device that may be read. */
export function knownDevices(world: World): KnownDevice[] {
  return [...world.parts.of(devices).byId.keys()].flatMap((assetId) => {
    const known = knownDevice(world, assetId);
    return known?.asset.readable === true ? [known] : [];
  });
}

/** One page of devices, newest first. `rules` is the operation whose contract lists the fields of expressions. */
export function searchDevices(
  request: OperationRequest,
  context: SimulatorContext,
  { rules, among }: { rules: string; among: (device: Device) => boolean },
): OperationReply {
  const test = compileExpression(rules, request.body['expression']);
  const page = readPage(request.operationId, request.body);
  const found = knownDevices(context.world)
    .filter((known) => among(known.device) && test(deviceFields(known)))
    .sort((a, b) => b.asset.createTime - a.asset.createTime);
  const withUpdates = request.body['populateLastUpdateInfo'] === true;
  return {
    data: pageOf(found, page).map((known) => deviceView(known, request, context, withUpdates)),
    beside: pageInfo(page, found.length),
  };
}
