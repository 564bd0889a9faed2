/** Firmware: create, get, search, delete, and which of it devices run. */
import { createHash } from 'node:crypto';
import { compileExpression } from '../../expression/select.js';
import { languageOf, textsIn } from '../../names.js';
import { ServiceError } from '../../operation.js';
import type { OperationHandler, ServiceHandlers } from '../../operation.js';
import { pageInfo, pageOf, readPage } from '../../paging.js';
import { fileUri } from '../../parts/files.js';
import { firmware } from '../../parts/firmware.js';
import type { Firmware } from '../../parts/firmware.js';
import { products } from '../../parts/products.js';
import { invalidArgument, notFound } from '../../refusals.js';
import type { World } from '../../world/world.js';
import { knownDevices } from '../connection/device-view.js';
import { checkTags, textOf } from '../connection/values.js';

/** 24404 for a firmware that does not exist. */
export function requireFirmware(world: World, firmwareId: string | undefined): Firmware {
  const found = world.parts.of(firmware).firmware.get(firmwareId ?? '');
  if (found === undefined) throw new ServiceError(24404, 'Firmware not found');
  return found;
}

/** Real milliseconds for which a creation runs, and another one is refused. */
const CREATION = 20;
const creations = new WeakMap<object, number>();

const createFirmwareFile: OperationHandler = ({ query, body, files }, { world, ids, now }) => {
  const all = world.parts.of(firmware).firmware;
  const productKey = query['productKey'] || null;
  if (productKey !== null && !world.parts.of(products).byKey.has(productKey))
    throw notFound('productKey', productKey);
  const metadata = body['metadata'] as Record<string, unknown>;
  const [file] = files;
  if (file === undefined) throw invalidArgument('file', 'is required');
  const running = creations.get(all) ?? 0;
  if (performance.now() < running)
    throw new ServiceError(24603, 'Not allowed to create firmware concurrently');
  const name = textOf(metadata['name']);
  const version = String(metadata['version']);
  for (const one of all.values()) {
    if (one.productKey !== productKey) continue;
    if (one.version === version) throw new ServiceError(24601, 'Firmware version already exists');
    if (one.name.defaultValue === name.defaultValue)
      throw new ServiceError(24602, 'Firmware name already exists');
  }
  const signMethod = metadata['signMethod'] as Firmware['signMethod'];
  const sign = String(metadata['sign']);
  if (createHash(signMethod).update(file.bytes).digest('hex') !== sign.toLowerCase())
    throw invalidArgument('sign', `is not the ${signMethod} of the file`);
  checkTags('firmwareTags', metadata['firmwareTags']);
  const most = (metadata['maxAllowedForVerification'] as number | undefined) ?? null;
  const enough = (metadata['minSuccessForVerified'] as number | undefined) ?? null;
  if (most !== null && enough !== null && enough > most)
    throw invalidArgument('minSuccessForVerified', 'is above maxAllowedForVerification');
  const firmwareId = ids.hex(all, 24);
  all.set(firmwareId, {
    firmwareId,
    productKey,
    name,
    version,
    desc: typeof metadata['desc'] === 'string' ? metadata['desc'] : null,
    signMethod,
    sign,
    fileUri: fileUri(ids.hex({ has: () => false }, 16), file.filename),
    filename: file.filename,
    bytes: file.bytes,
    enableVerification: metadata['enableVerification'] === true,
    isVerified: false,
    tags: (metadata['firmwareTags'] ?? {}) as Record<string, string>,
    maxAllowedForVerification: most,
    minSuccessForVerified: enough,
    createTime: now(),
  });
  creations.set(all, performance.now() + CREATION);
  return { data: { firmwareId }, wait: CREATION };
};

/** One that a job uses stays. */
const deleteFirmware: OperationHandler = ({ query }, { world }) => {
  const { firmwareId } = requireFirmware(world, query['firmwareId']);
  const state = world.parts.of(firmware);
  for (const job of state.jobs.values())
    if (job.firmwareId === firmwareId) throw new ServiceError(24604, 'Firmware cannot be deleted');
  state.firmware.delete(firmwareId);
  return { data: null };
};

const getFirmwareFile: OperationHandler = ({ query }, { world }) => ({
  data: view(requireFirmware(world, query['firmwareId']), world),
});

const searchFirmwareFile: OperationHandler = ({ operationId, body }, { world }) => {
  const test = compileExpression(operationId, body['expression']);
  const page = readPage(operationId, body);
  const found = [...world.parts.of(firmware).firmware.values()]
    .filter((one) => test((field) => fieldOf(one, field)))
    .sort((a, b) => b.createTime - a.createTime);
  return { data: pageOf(found, page).map((one) => view(one, world)), beside: pageInfo(page, found.length) };
};

function fieldOf(one: Firmware, field: string): readonly unknown[] {
  if (field === 'productKey') return [one.productKey];
  if (field === 'isVerified') return [one.isVerified];
  return textsIn(one.name, languageOf(field));
}

function view(one: Firmware, { orgId }: World): Record<string, unknown> {
  return {
    orgId,
    firmwareId: one.firmwareId,
    ...(one.productKey === null ? {} : { productKey: one.productKey }),
    name: one.name,
    version: one.version,
    desc: one.desc,
    signMethod: one.signMethod,
    sign: one.sign,
    fileUrl: one.fileUri,
    fileSize: one.bytes.length,
    enableVerification: one.enableVerification,
    isVerified: one.isVerified,
    createTime: one.createTime,
    firmwareTags: one.tags,
    maxAllowedForVerification: one.maxAllowedForVerification,
    minSuccessForVerified: one.minSuccessForVerified,
  };
}

/** Versions that devices of a product have reported, each once. */
const listDeviceCurrentFirmware: OperationHandler = ({ query }, { world }) => {
  const versions = knownDevices(world).flatMap(({ device, product }) =>
    product.key === query['productKey'] ? (device.firmwareVersion ?? []) : [],
  );
  return { data: [...new Set(versions)].sort() };
};

const searchDeviceUpgrade: OperationHandler = ({ operationId, body }, { world }) => {
  const test = compileExpression(operationId, body['expression']);
  const page = readPage(operationId, body);
  const running = new Set(
    [...world.parts.of(firmware).tasks.values()].flatMap(({ assetId, status }) =>
      status === 'published' || status === 'upgrading' ? [assetId] : [],
    ),
  );
  const rows = knownDevices(world).map(({ device }) => ({
    orgId: world.orgId,
    assetId: device.assetId,
    productKey: device.productKey,
    deviceKey: device.deviceKey,
    firmwareVersion: device.firmwareVersion,
    isUpgrading: running.has(device.assetId),
  }));
  const found = rows.filter((row) => test((field) => [row[field as keyof typeof row]]));
  return { data: pageOf(found, page), beside: pageInfo(page, found.length) };
};

/** Handlers of firmware. */
export const firmwareHandlers: ServiceHandlers = {
  createFirmwareFile,
  deleteFirmware,
  getFirmwareFile,
  searchFirmwareFile,
  listDeviceCurrentFirmware,
  searchDeviceUpgrade,
};
