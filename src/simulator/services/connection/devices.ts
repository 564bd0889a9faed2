/** Devices: get, search, count, create (one and many), update, delete, enable, disable, replace. */
import { ServiceError } from '../../operation.js';
import type {
  OperationHandler,
  OperationRequest,
  ServiceHandlers,
  SimulatorContext,
} from '../../operation.js';
import { certificates } from '../../parts/certificates.js';
import { devices } from '../../parts/devices.js';
import type { Device } from '../../parts/devices.js';
import { files } from '../../parts/files.js';
import { firmware } from '../../parts/firmware.js';
import { products } from '../../parts/products.js';
import { invalidArgument, notFound } from '../../refusals.js';
import type { World, WorldTree, WorldTreeNode } from '../../world/world.js';
import { isZone } from '../../world/zone.js';
import { connect } from './connect.js';
import { deviceView, knownDevices, searchDevices, secretOf, statusOf } from './device-view.js';
import { deviceByKeys, requireDevice } from './identify.js';
import { changedAttributes, checkAttributes, checkTags, textOf } from './values.js';

const DEVICE_KEY = /^[A-Za-z0-9_.:-]{4,64}$/;

const getDevice: OperationHandler = (request, context) => ({
  data: deviceView(requireDevice(context.world, request.query), request, context, true),
});

const searchDevice: OperationHandler = (request, context) =>
  searchDevices(request, context, { rules: 'searchDevice', among: () => true });

const getDeviceStatistics: OperationHandler = ({ query }, { world }) => {
  const productKey = query['productKey'] ?? '';
  const counted = knownDevices(world).filter(
    ({ product }) => productKey === '' || product.key === productKey,
  );
  const count = (status: string): number =>
    counted.filter(({ device }) => statusOf(device) === status).length;
  return {
    data: {
      totalCount: counted.length,
      onlineCount: count('online'),
      offlineCount: count('offline'),
      inactiveCount: count('inactive'),
      disabledCount: count('disable'),
    },
  };
};

const createDevice: OperationHandler = (request, context) => ({
  data: create(request, request.body, context),
});

/** Each device for itself: what is wrong with one does not keep the others. */
const batchCreateDevices: OperationHandler = (request, context) => {
  const list = request.body['deviceList'] as Record<string, unknown>[];
  const results = list.map((one) => {
    try {
      return { code: 0, msg: 'OK', data: create(request, one, context) };
    } catch (error) {
      if (error instanceof ServiceError) return { code: -1, msg: error.message, data: null };
      throw error;
    }
  });
  const successSize = results.filter(({ code }) => code === 0).length;
  return { data: results, beside: { successSize, totalSize: results.length } };
};

/** Checks everything before it changes anything. */
function create(
  request: OperationRequest,
  option: Readonly<Record<string, unknown>>,
  { world, ids, now }: SimulatorContext,
): Record<string, unknown> {
  const { byId, limits } = world.parts.of(devices);
  const productKey = String(option['productKey']);
  const product = world.parts.of(products).byKey.get(productKey);
  const model = world.models.get(product?.modelId ?? '');
  if (product === undefined || model === undefined) throw notFound('productKey', productKey);
  const attributes = (option['deviceAttributes'] ?? {}) as Record<string, unknown>;
  checkAttributes(model, attributes);
  checkTags('deviceTags', option['deviceTags']);
  const timezone = zoneOf(option['timezone']);
  const given = option['deviceKey'];
  if (given !== undefined) checkKey('deviceKey', given);
  if (typeof given === 'string' && deviceByKeys(world, productKey, given) !== null) {
    const isBatch = request.operationId.startsWith('batch');
    throw new ServiceError(11702, isBatch ? 'DeviceKey already exists' : 'DeviceKey existed');
  }
  const siblings = [...byId.values()].filter((device) => device.productKey === productKey);
  if (siblings.length >= limits.devicesPerProduct) throw new ServiceError(11739, 'Exceed max device size');
  const deviceKey =
    typeof given === 'string' ? given : ids.short(new Set(siblings.map((one) => one.deviceKey)), 10);
  const assetId = ids.short(world.assets);
  const defaults = Object.entries(model.attributes).map(([id, feature]) => [
    id,
    feature['defaultValue'] ?? null,
  ]);
  const createTime = now();
  world.assets.set(assetId, {
    assetId,
    orgId: world.orgId,
    modelId: model.modelId,
    name: textOf(option['deviceName']),
    description: typeof option['deviceDesc'] === 'string' ? option['deviceDesc'] : null,
    timezone,
    label: '0',
    inValid: false,
    attributes: changedAttributes(Object.fromEntries(defaults) as Record<string, unknown>, attributes),
    tags: (option['deviceTags'] ?? {}) as Record<string, string>,
    createTime,
    productKey,
    deviceKey,
    readable: true,
  });
  const secret = ids.short(byId, 12);
  byId.set(assetId, {
    assetId,
    productKey,
    deviceKey,
    secret,
    connection: 'inactive',
    isDisabled: false,
    mirrorSource: null,
    firmwareVersion: null,
    gatewayId: null,
    activeTime: 0,
    lastOnlineTime: 0,
    lastOfflineTime: 0,
    attributeUpdate: createTime,
    behaviour: 'obeys',
  });
  return { assetId, productKey, deviceKey, ...secretOf(request, secret) };
}

function checkKey(name: string, value: unknown): void {
  if (typeof value !== 'string' || !DEVICE_KEY.test(value))
    throw invalidArgument(name, 'must be 4 to 64 letters, digits and - _ . :');
}

function zoneOf(value: unknown): string {
  const timezone = String(value);
  if (!isZone(timezone)) throw invalidArgument('timezone', `${timezone} is no time zone`);
  return timezone;
}

/** With IsPatchUpdate false, description, attributes and tags that are left out are deleted. */
const updateDevice: OperationHandler = ({ query, body }, { world, now }) => {
  const { asset, device, model } = requireDevice(world, query);
  const isPatch = (query['IsPatchUpdate'] ?? query['isPatchUpdate']) !== 'false';
  const attributes = (body['deviceAttributes'] ?? {}) as Record<string, unknown>;
  checkAttributes(model, attributes);
  checkTags('deviceTags', body['deviceTags']);
  world.assets.set(asset.assetId, {
    ...asset,
    timezone: body['timezone'] === undefined ? asset.timezone : zoneOf(body['timezone']),
    name: body['deviceName'] === undefined ? asset.name : textOf(body['deviceName']),
    description:
      typeof body['deviceDesc'] === 'string' ? body['deviceDesc'] : isPatch ? asset.description : null,
    attributes: changedAttributes(isPatch ? asset.attributes : {}, attributes),
    tags: (body['deviceTags'] ?? (isPatch ? asset.tags : {})) as Record<string, string>,
  });
  if (body['deviceAttributes'] !== undefined || !isPatch)
    world.parts.of(devices).byId.set(asset.assetId, { ...device, attributeUpdate: now() });
  return { data: null };
};

/**
 * The device goes with its asset, its certificates and files, and its nodes with all below them. One that is the root of a tree
 * stays: the tree has to go first.
 */
const deleteDevice: OperationHandler = ({ query }, { world }) => {
  const { asset } = requireDevice(world, query);
  const { assetId } = asset;
  const { byId } = world.parts.of(devices);
  for (const tree of [...world.trees.values()]) {
    if (tree.root.assetId === assetId) throw invalidArgument('assetId', `is the root of tree ${tree.treeId}`);
    if (tree.nodes.has(assetId)) world.trees.set(tree.treeId, treeWithout(tree, assetId));
  }
  for (const device of [...byId.values()])
    if (device.gatewayId === assetId) byId.set(device.assetId, { ...device, gatewayId: null });
  dropOwned(world, assetId);
  byId.delete(assetId);
  world.assets.delete(assetId);
  return { data: null };
};

function dropOwned(world: World, assetId: string): void {
  for (const owned of [world.parts.of(certificates), world.parts.of(files), world.parts.of(firmware).tasks]) {
    for (const [id, thing] of [...owned]) if (thing.assetId === assetId) owned.delete(id);
  }
}

function treeWithout(tree: WorldTree, assetId: string): WorldTree {
  const nodes = new Map<string, WorldTreeNode>();
  const copy = (node: WorldTreeNode, parent: WorldTreeNode | null): WorldTreeNode => {
    const own: WorldTreeNode = { assetId: node.assetId, parent, children: [] };
    nodes.set(node.assetId, own);
    own.children = node.children
      .filter((child) => child.assetId !== assetId)
      .map((child) => copy(child, own));
    return own;
  };
  return { ...tree, root: copy(tree.root, null), nodes };
}

const disableDevice: OperationHandler = ({ query }, { world, now }) => {
  const { device } = requireDevice(world, query);
  if (device.isDisabled) throw new ServiceError(11794, 'Device status is invalid');
  const wasOnline = device.connection === 'online';
  change(world, device, {
    isDisabled: true,
    ...(wasOnline ? { connection: 'offline', lastOfflineTime: now() } : {}),
  });
  return { data: null };
};

/** A device that was connected before connects again a moment later. */
const enableDevice: OperationHandler = ({ query }, context) => {
  const { world } = context;
  const { device } = requireDevice(world, query);
  if (!device.isDisabled) throw new ServiceError(11794, 'Device status is invalid');
  change(world, device, { isDisabled: false });
  if (device.activeTime > 0) context.after(1_000, () => connect(device.assetId, context));
  return { data: null };
};

/** Asset, history and place in trees stay. */
const replaceDevice: OperationHandler = (request, { world, ids }) => {
  const { asset, device, product } = requireDevice(world, request.query);
  const newDeviceKey = String(request.body['newDeviceKey']);
  if (newDeviceKey === device.deviceKey)
    throw new ServiceError(11704, 'The new device key is same as the old one');
  if (deviceByKeys(world, product.key, newDeviceKey) !== null)
    throw new ServiceError(11702, 'DeviceKey existed');
  const { byId } = world.parts.of(devices);
  const secret = ids.short(byId, 12);
  change(world, device, { deviceKey: newDeviceKey, secret, connection: 'inactive' });
  world.assets.set(asset.assetId, { ...asset, deviceKey: newDeviceKey });
  return {
    data: {
      assetId: asset.assetId,
      productKey: product.key,
      deviceKey: newDeviceKey,
      ...secretOf(request, secret),
    },
  };
};

function change(world: World, device: Device, changes: Partial<Device>): void {
  world.parts.of(devices).byId.set(device.assetId, { ...device, ...changes });
}

/** Handlers of devices. */
export const deviceHandlers: ServiceHandlers = {
  getDevice,
  getDeviceV24: getDevice,
  searchDevice,
  searchDeviceV24: searchDevice,
  getDeviceStatistics,
  createDevice,
  createDeviceV24: createDevice,
  batchCreateDevices,
  batchCreateDevicesV24: batchCreateDevices,
  updateDevice,
  deleteDevice,
  enableDevice,
  disableDevice,
  replaceDevice,
  replaceDeviceV24: replaceDevice,
};
