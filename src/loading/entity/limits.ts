/** The limits that follow from a description, for the loader and for plans. */
import { OPERATIONS } from '../../enos/generated/operations.js';
import type { OperationId } from '../../enos/operation.js';
import type { Entity, EntityRecord, GetRead, SearchRead } from './description.js';
import { isBefore, newestIn, type Edition } from '../../enos/editions.js';

/** Operations and limits of an entity in an edition. */
export interface EntityLimits {
  /** Null where EnOS has none for one alone. */
  get: OperationId | null;
  search: OperationId;
  /** Keys of one call. */
  maxKeys: number;
}

/** What calls an entity is read with, and how much each can hold. */
export function limitsOf({ get, search }: Entity<EntityRecord>, edition: Edition): EntityLimits {
  return {
    get: get && newestIn(edition, get.operation),
    search: newestIn(edition, search.operation),
    maxKeys: get !== null && !findsKeys(search, edition) ? 1 : mostKeys(search),
  };
}

/** Whether a search finds things by their keys in an edition. */
export function findsKeys({ keysSince }: SearchRead, edition: Edition): boolean {
  return keysSince === undefined || !isBefore(edition, keysSince);
}

/** A read by the newest operation that an edition has for it. */
export function inEdition<Read extends GetRead | SearchRead>(read: Read, edition: Edition): Read {
  return { ...read, operation: newestIn(edition, read.operation) };
}

/** All that one search names must fit on its page. */
export function mostKeys({ operation, maxPageSize }: SearchRead): number {
  return Math.min(OPERATIONS[operation].batch?.max ?? maxPageSize, maxPageSize);
}
