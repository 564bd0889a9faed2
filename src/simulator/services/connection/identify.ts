/** Finds the device or asset that a request names, by assetId or by productKey and deviceKey. */
import { ServiceError } from '../../operation.js';
import { devices } from '../../parts/devices.js';
import type { Device } from '../../parts/devices.js';
import { products } from '../../parts/products.js';
import type { Product } from '../../parts/products.js';
import type { World, WorldAsset, WorldModel } from '../../world/world.js';

/** How requests name a device; values of queries and of bodies. */
export type Identifier = Readonly<Record<string, unknown>>;

/** A device with what it stands on. */
export interface KnownDevice {
  device: Device;
  asset: WorldAsset;
  product: Product;
  model: WorldModel;
}

/** 99400: nothing was named. */
export function unidentified(): ServiceError {
  return new ServiceError(99400, 'invalid argument: The device identifier is invalid');
}

/** A device with its asset, product and model; null for a logical asset, or one that is not there. */
export function knownDevice(world: World, assetId: string): KnownDevice | null {
  const device = world.parts.of(devices).byId.get(assetId);
  const asset = world.assets.get(assetId);
  const product = world.parts.of(products).byKey.get(device?.productKey ?? '');
  const model = world.models.get(asset?.modelId ?? '');
  return device && asset && product && model ? { device, asset, product, model } : null;
}

/**
 * The device that a request names: where it gives everything, assetId counts. Refuses what names none (99400), a device that
 * does not exist (`missing`) and one that may not be read (99403).
 */
export function requireDevice(
  world: World,
  identifier: Identifier,
  missing: (name: string) => ServiceError = (name) => new ServiceError(99404, `Not Found device: ${name}`),
): KnownDevice {
  const { assetId, productKey, deviceKey } = identifier;
  const found = isNamed(assetId)
    ? knownDevice(world, assetId)
    : isNamed(productKey) && isNamed(deviceKey)
      ? deviceByKeys(world, productKey, deviceKey)
      : undefined;
  if (found === undefined) throw unidentified();
  if (found === null) throw missing(isNamed(assetId) ? assetId : String(deviceKey));
  if (!found.asset.readable) throw new ServiceError(99403, `Denied resource: assetId ${found.asset.assetId}`);
  return found;
}

/** As `requireDevice`, for what logical assets can be named in too, by their assetId. */
export function requireAsset(world: World, identifier: Identifier): WorldAsset {
  const { assetId } = identifier;
  if (!isNamed(assetId)) return requireDevice(world, identifier).asset;
  const asset = world.assets.get(assetId);
  if (asset === undefined) throw new ServiceError(99404, `Not Found assetId: ${assetId}`);
  if (!asset.readable) throw new ServiceError(99403, `Denied resource: assetId ${assetId}`);
  return asset;
}

/** The device of a key within its product. */
export function deviceByKeys(world: World, productKey: string, deviceKey: string): KnownDevice | null {
  for (const device of world.parts.of(devices).byId.values()) {
    if (device.deviceKey === deviceKey && device.productKey === productKey)
      return knownDevice(world, device.assetId);
  }
  return null;
}

function isNamed(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
