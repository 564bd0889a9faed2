/**
 * Operations that differ between editions of EnOS. The contract says which operation follows which, and since when: an
 * edition is asked by the newest that it has. Every call of such an operation chooses here.
 */
import { EnosError } from './errors.js';
import type { Successors } from './generated/operation-types.js';
import { OPERATIONS } from './generated/operations.js';
import type { Operation, OperationId } from './operation.js';

/** An edition as `ENOS_EDITION` names it. */
export type Edition = '2.1' | '2.3';

/** An operation that a later one has taken the place of. */
export type SupersededId = keyof Successors;

/** An operation or the one that followed it. */
export type Either<Id extends SupersededId> = Id | Successors[Id];

/** Whether an edition has an operation. */
export function isInEdition(edition: Edition, id: OperationId): boolean {
  const { since } = OPERATIONS[id];
  return since === null || compareVersions(since, edition) <= 0;
}

/** The newest that an edition has of an operation and those that followed it. */
export function newestIn(edition: Edition, id: OperationId): OperationId {
  if (!isSuperseded(id)) return id;
  const later = successorOf(id);
  return isInEdition(edition, later) ? newestIn(edition, later) : id;
}

/** The operation by which an edition is asked: the later one where the edition has it, else the earlier one. */
export function operationIn<Id extends SupersededId>(edition: Edition, id: Id): Either<Id> {
  const later = successorOf(id);
  return isInEdition(edition, later) ? later : id;
}

/**
 * Calls the operation of the edition. Where the gateway has no such route (HTTP 404), the other of the two is asked: gateways
 * publish services at a pace of their own. Rejects with what the last call rejects with.
 */
export async function callInEdition<Id extends SupersededId, Answer>(
  edition: Edition,
  id: Id,
  call: (operation: Either<Id>) => Promise<Answer>,
): Promise<Answer> {
  const chosen = operationIn(edition, id);
  try {
    return await call(chosen);
  } catch (error) {
    const isGone = error instanceof EnosError && error.kind === 'http' && error.httpStatus === 404;
    if (!isGone) throw error;
    return call(chosen === id ? successorOf(id) : id);
  }
}

function isSuperseded(id: OperationId): id is SupersededId {
  const { supersededBy }: Operation = OPERATIONS[id];
  return supersededBy !== null;
}

function successorOf<Id extends SupersededId>(id: Id): Successors[Id] {
  const { service, supersededBy }: Operation = OPERATIONS[id];
  // The type is generated from the same table.
  return `${service}.${supersededBy}` as Successors[Id];
}

/** Whether an edition came before another one. */
export function isBefore(edition: Edition, other: Edition): boolean {
  return compareVersions(edition, other) < 0;
}

/** Negative, zero or positive, as `2.4.4` stands to `2.3`. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let index = 0; index < Math.max(left!.length, right!.length); index += 1) {
    const difference = (left![index] ?? 0) - (right![index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
