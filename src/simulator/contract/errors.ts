/**
 * The code and text with which an operation refuses a request, as its part of the contract lists them.
 */
import type { ContractOperation } from './operations.js';

/** Code and text of a refusal. */
export interface Refusal {
  code: number;
  msg: string;
}

/** A missing or wrong parameter. Services that list no code of their own for it answer their general one. */
export function invalidArgument(operation: ContractOperation, name: string, detail: string): Refusal {
  // Beside a code of the service's own, 400 has another meaning.
  const error =
    firstOf(operation, [11795]) ??
    operation.errors.find(({ code, message }) => code === 99400 && message?.includes('{name}')) ??
    firstOf(operation, [99400, 80400, 31400]) ??
    firstOf(operation, [400]) ??
    internalCode(operation);
  const template = error.message ?? 'Invalid argument';
  if (/\{(name|field)\}/.test(template)) {
    const msg = template.replace(/\{(name|field)\}/, name).replace(/\{(detail|reason)\}/, detail);
    return { code: error.code, msg };
  }
  return { code: error.code, msg: `${template}: ${name} ${detail}` };
}

/** An organization that the credentials have no right to. */
export function deniedOrganization(operation: ContractOperation, orgId: string): Refusal {
  const error = firstOf(operation, [99403, 80401]) ?? internalCode(operation);
  return {
    code: error.code,
    msg: (error.message ?? 'Denied resource: orgId {orgId}').replace('{orgId}', orgId),
  };
}

/** A fault of the simulator itself. */
export function internalError(operation: ContractOperation): Refusal {
  const error = internalCode(operation);
  return { code: error.code, msg: error.message ?? 'Internal Server Error' };
}

function internalCode(operation: ContractOperation): { code: number; message: string | null } {
  return firstOf(operation, [99500, 80500, 31500, 500]) ?? { code: 99500, message: null };
}

/** The wanted code that the operation itself lists first; the service's common codes come behind its own. */
function firstOf(
  operation: ContractOperation,
  codes: readonly number[],
): { code: number; message: string | null } | undefined {
  return operation.errors.find((error) => codes.includes(error.code));
}
