/** Refusals that the asset, model, tree and alert services share. */
import { ServiceError } from './operation.js';

/** 99400: a parameter is missing or not valid. */
export function invalidArgument(name: string, detail: string): ServiceError {
  return new ServiceError(99400, `Invalid Argument ${name}: ${detail}`);
}

/** 99404: the named object does not exist. */
export function notFound(name: string, id: string): ServiceError {
  return new ServiceError(99404, `Not Found ${name}: ${id}`);
}
