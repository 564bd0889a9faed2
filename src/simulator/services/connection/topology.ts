/** Gateways and the devices below them. */
import { ServiceError } from '../../operation.js';
import type {
  OperationHandler,
  OperationRequest,
  ServiceHandlers,
  SimulatorContext,
} from '../../operation.js';
import { devices } from '../../parts/devices.js';
import type { World } from '../../world/world.js';
import { deviceView, searchDevices } from './device-view.js';
import { knownDevice, requireDevice } from './identify.js';
import type { Identifier, KnownDevice } from './identify.js';

function gatewayOf(world: World, { body }: OperationRequest): KnownDevice {
  const gateway = requireDevice(world, body['gateway'] as Identifier);
  if (gateway.product.type !== 'Gateway') throw new ServiceError(11738, 'Not Gateway');
  return gateway;
}

function subDevicesOf(world: World, { body }: OperationRequest): KnownDevice[] {
  return (body['subDevices'] as Identifier[]).map((one) => requireDevice(world, one));
}

/** A device hangs below one gateway: it has to be taken off the one before it can be hung below another. */
const addSubDevice: OperationHandler = (request, { world }) => {
  const { byId, limits } = world.parts.of(devices);
  const gateway = gatewayOf(world, request);
  const { assetId: gatewayId } = gateway.device;
  for (const { device, product } of subDevicesOf(world, request)) {
    const isElsewhere = device.gatewayId !== null && device.gatewayId !== gatewayId;
    if (product.type === 'Gateway' || isElsewhere) throw new ServiceError(99400, 'Invalid arguments');
    byId.set(device.assetId, { ...device, gatewayId });
  }
  const size = [...byId.values()].filter((device) => device.gatewayId === gatewayId).length;
  if (size > limits.subDevicesPerGateway) throw new ServiceError(11739, 'Exceed max device size');
  return { data: null };
};

const removeSubDevice: OperationHandler = (request, { world }) => {
  const { byId } = world.parts.of(devices);
  const { device: gateway } = gatewayOf(world, request);
  for (const { device } of subDevicesOf(world, request)) {
    if (device.gatewayId !== gateway.assetId) throw new ServiceError(11795, 'Invalid arguments');
    byId.set(device.assetId, { ...device, gatewayId: null });
  }
  return { data: null };
};

/** Null for a device without a gateway: the pages do not say. */
const getGateway: OperationHandler = (request, context) => {
  const { device } = requireDevice(context.world, request.body['subDevice'] as Identifier);
  const gateway = device.gatewayId === null ? null : knownDevice(context.world, device.gatewayId);
  return { data: gateway === null ? null : deviceView(gateway, request, context, true) };
};

const searchSubDevice = (
  request: OperationRequest,
  context: SimulatorContext,
): ReturnType<OperationHandler> => {
  // The gateway is named, not searched for.
  const { device: gateway } = gatewayOf(context.current, request);
  return searchDevices(request, context, {
    rules: 'searchSubDevice',
    among: ({ gatewayId }) => gatewayId === gateway.assetId,
  });
};

/** Handlers of the topology. */
export const topologyHandlers: ServiceHandlers = {
  addSubDevice,
  removeSubDevice,
  getGateway,
  getGatewayV24: getGateway,
  searchSubDevice,
  searchSubDeviceV24: searchSubDevice,
};
