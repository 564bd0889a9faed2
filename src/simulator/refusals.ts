/** Refusals that the asset, model, tree and alert services share. */
import { ServiceError } from './operation.js';
import type { WorldAsset } from './world/world.js';

/** 99400: a parameter is missing or not valid. */
export function invalidArgument(name: string, detail: string): ServiceError {
  return new ServiceError(99400, `Invalid Argument ${name}: ${detail}`);
}

/** 99404: the named object does not exist. */
export function notFound(name: string, id: string): ServiceError {
  return new ServiceError(99404, `Not Found ${name}: ${id}`);
}

/** 99403 for an asset that the service account may not access. */
export function requireAccess({ assetId, readable }: WorldAsset): void {
  if (!readable) throw new ServiceError(99403, `Denied resource: assetId ${assetId}`);
}
