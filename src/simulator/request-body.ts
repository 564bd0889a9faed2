/**
 * Leniencies that EnOS shows towards request bodies, applied before validation.
 */
import { isObject } from './contract/documents.js';
import type { ContractOperation } from './contract/operations.js';

const ACTIVE_TEXTS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/**
 * A body as the contract's schema knows it: members that are null count as not given (a null `expression` selects
 * everything, SDKs send null for what is unset), and alert-service takes `active` as text too.
 */
export function cleanBody(operation: ContractOperation, body: unknown): unknown {
  if (!isObject(body)) return body;
  const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
  const active = given.active;
  if (
    operation.path.startsWith('/alert-service/') &&
    typeof active === 'string' &&
    Object.hasOwn(ACTIVE_TEXTS, active)
  ) {
    given.active = ACTIVE_TEXTS[active];
  }
  return given;
}
