/** Commands to devices: set a point, invoke a service, follow, cancel. */
import { ServiceError } from '../../operation.js';
import type {
  OperationHandler,
  OperationRequest,
  ServiceHandlers,
  SimulatorContext,
} from '../../operation.js';
import { compileExpression } from '../../expression/select.js';
import { languageOf, textsIn } from '../../names.js';
import { pageInfo, pageOf, readPage } from '../../paging.js';
import { commands, STATE } from '../../parts/commands.js';
import type { Command } from '../../parts/commands.js';
import { devices } from '../../parts/devices.js';
import { invalidArgument } from '../../refusals.js';
import { localTime } from '../../times.js';
import type { ModelFeature, World } from '../../world/world.js';
import { cacheCommand, isReachable, settle } from './command-life.js';
import { requireDevice } from './identify.js';
import type { KnownDevice } from './identify.js';
import { checkValue } from './values.js';

/** Commands are kept so long. */
const KEPT = 15 * 86_400_000;

/** What a command wants of its device. */
interface Order {
  type: Command['type'];
  feature: ModelFeature;
  input: unknown;
  pendingTtl: number;
  timeout: number;
}

const setMeasurementPoint: OperationHandler = ({ query, body }, context) => {
  const known = requireDevice(context.world, query);
  const identifier = query['measurepointId'] ?? '';
  const feature = featureOf(known.model.measurepoints, 'measurepointId', identifier);
  checkValue('value', feature, body['value']);
  const order: Order = { type: 1, feature, input: body['value'], ...timesOf(query) };
  return give(order, known, context);
};

const invokeService: OperationHandler = ({ query, body }, context) => {
  const known = requireDevice(context.world, query);
  const feature = featureOf(known.model.services, 'serviceId', query['serviceId'] ?? '');
  const input = (body['inputData'] ?? {}) as Record<string, unknown>;
  const fields = (feature['inputData'] ?? []) as ModelFeature[];
  for (const [id, value] of Object.entries(input))
    checkValue(
      `inputData.${id}`,
      fields.find((field) => field.identifier === id),
      value,
    );
  return give({ type: 2, feature, input, ...timesOf(query) }, known, context);
};

function featureOf(features: Readonly<Record<string, ModelFeature>>, name: string, id: string): ModelFeature {
  const feature = Object.hasOwn(features, id) ? features[id] : undefined;
  if (feature === undefined) throw invalidArgument(name, `${id} is not in the thing model`);
  return feature;
}

function timesOf(query: OperationRequest['query']): Pick<Order, 'pendingTtl' | 'timeout'> {
  return { pendingTtl: Number(query['pendingTtl'] || 0), timeout: Number(query['timeout'] || 30) };
}

function give(order: Order, known: KnownDevice, context: SimulatorContext): ReturnType<OperationHandler> {
  checkFormat(order.input, known);
  const command = makeCommand(order, known, context);
  if (order.pendingTtl === 0) return sendNow(command, known, context);
  const { limits } = context.world.parts.of(devices);
  if (cachedOf(context.world, known.asset.assetId).length >= limits.cachedCommandsPerDevice)
    throw new ServiceError(11902, 'Too many cached commands');
  cacheCommand(command, context);
  return { data: { commandId: command.commandId } };
}

/** Gives a device a cached command as the request for it would, at the time that it is now for the world. */
export function giveCached(
  {
    kind,
    identifier,
    ...order
  }: { kind: 'point' | 'service'; identifier: string } & Omit<Order, 'type' | 'feature'>,
  known: KnownDevice,
  context: SimulatorContext,
): void {
  const features = kind === 'point' ? known.model.measurepoints : known.model.services;
  const feature = featureOf(features, kind, identifier);
  const type = kind === 'point' ? 1 : 2;
  cacheCommand(makeCommand({ ...order, type, feature }, known, context), context);
}

function makeCommand(
  { type, feature, input, pendingTtl, timeout }: Order,
  { asset }: KnownDevice,
  { current, ids, now }: SimulatorContext,
): Command {
  return {
    commandId: ids.number(current.parts.of(commands).byId),
    assetId: asset.assetId,
    createTime: now(),
    type,
    name: feature.name,
    timeout,
    pendingTtl,
    state: STATE.created,
    identifier: feature.identifier,
    input,
    output: null,
  };
}

/** Scripts for custom formats here know single values, no lists and no structures. */
function checkFormat(input: unknown, { product }: KnownDevice): void {
  if (product.format !== 'Custom') return;
  const values: unknown[] = input !== null && typeof input === 'object' ? Object.values(input) : [input];
  if (Array.isArray(input) || values.some((value) => typeof value === 'object' && value !== null))
    throw new ServiceError(11810, 'The command cannot be converted');
}

/** An instant command blocks until the device answers, or until its time is over. */
function sendNow(
  command: Command,
  { device }: KnownDevice,
  context: SimulatorContext,
): ReturnType<OperationHandler> {
  if (device.connection === 'inactive') throw new ServiceError(11888, 'Device is not activated');
  if (device.connection !== 'online' || device.isDisabled) throw new ServiceError(11900, 'Device is offline');
  const { byId } = context.world.parts.of(commands);
  const fail = (state: Command['state'], code: number, msg: string): ReturnType<OperationHandler> => {
    byId.set(command.commandId, { ...command, state });
    return { data: null, refusal: { code, msg }, wait: command.timeout * 1_000 };
  };
  if (!isReachable(device)) return fail(STATE.expired, 11904, 'Command send timeout');
  if (device.behaviour === 'silent') return fail(STATE.unanswered, 11915, 'Command response timeout');
  const { commandId, output, state } = settle(command, device.behaviour === 'refuses', context);
  // No code is documented for a device that says no.
  if (state === STATE.failed)
    return { data: null, refusal: { code: 99500, msg: 'The device refused the command' } };
  return { data: command.type === 1 ? { commandId } : { commandId, outputData: output } };
}

function cachedOf(world: World, assetId: string): Command[] {
  return [...world.parts.of(commands).byId.values()].filter(
    (one) => one.assetId === assetId && one.state === STATE.created,
  );
}

const cancelCommand: OperationHandler = ({ query }, { world }) => {
  const known = requireDevice(world, query);
  const wanted = query['commandId'] ?? '';
  const { byId } = world.parts.of(commands);
  const cached = cachedOf(world, known.asset.assetId);
  const cancelled = cached.filter(({ commandId }) => wanted === '' || commandId === wanted);
  for (const command of cancelled) byId.set(command.commandId, { ...command, state: STATE.cancelled });
  // EnOS's sample shows them as they stood.
  return { data: cancelled.map((command) => single(command, known)) };
};

const getCommand: OperationHandler = ({ query }, { world, now }) => {
  const known = requireDevice(world, query);
  const commandId = query['commandId'] ?? '';
  const command = world.parts.of(commands).byId.get(commandId);
  if (command?.assetId !== known.asset.assetId || now() - command.createTime > KEPT)
    throw new ServiceError(99404, `Not Found command: ${commandId}`);
  return { data: single(command, known) };
};

const searchCommand: OperationHandler = ({ operationId, query, body }, { world, now }) => {
  const known = requireDevice(world, query);
  const test = compileExpression(operationId, body['expression']);
  const page = readPage(operationId, body);
  const found = [...world.parts.of(commands).byId.values()]
    .filter((one) => one.assetId === known.asset.assetId && now() - one.createTime <= KEPT)
    .filter((one) => test((field) => commandField(one, known, field)))
    .sort((a, b) => b.createTime - a.createTime);
  return {
    data: pageOf(found, page).map((command) => ({
      ...view(command, known),
      createTime: command.createTime,
      createLocaltime: localTime(command.createTime, known.asset.timezone),
    })),
    // It names a field that no command has, as EnOS's does.
    beside: pageInfo(page, found.length, [{ field: 'createDate', order: 'DESC' }]),
  };
};

function commandField(command: Command, { asset }: KnownDevice, field: string): readonly unknown[] {
  if (field === 'state') return [command.state];
  if (field === 'createTime') return [localTime(command.createTime, asset.timezone)];
  return textsIn(command.name, languageOf(field));
}

/** As get and cancel show it: the time as text, and the local time by another spelling than a search's. */
function single(command: Command, known: KnownDevice): Record<string, unknown> {
  return {
    ...view(command, known),
    createTime: String(command.createTime),
    createLocalTime: localTime(command.createTime, known.asset.timezone),
  };
}

function view(command: Command, { asset, device }: KnownDevice): Record<string, unknown> {
  return {
    commandId: command.commandId,
    orgId: asset.orgId,
    productKey: device.productKey,
    deviceKey: device.deviceKey,
    assetId: asset.assetId,
    commandType: command.type,
    commandName: command.name,
    timeout: command.timeout,
    pendingTtl: command.pendingTtl,
    state: command.state,
    tslIdentifier: command.identifier,
    inputData: command.input,
    outputData: command.output,
  };
}

/** Handlers of commands. */
export const commandHandlers: ServiceHandlers = {
  setMeasurementPoint,
  invokeService,
  cancelCommand,
  getCommand,
  searchCommand,
};
