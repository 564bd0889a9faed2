/** Which of several editions of an operation an EnOS of a certain edition has. */
import { OPERATIONS } from '../../enos/generated/operations.js';
import type { OperationId } from '../../enos/operation.js';

/** The newest that the edition has; `reads` begin with the newest. Throws `TypeError` where it has none. */
export function ofEdition<Read extends { operation: OperationId }>(
  reads: readonly Read[],
  edition: string,
): Read {
  const found = reads.find(({ operation }) => isWithin(OPERATIONS[operation].since, edition));
  if (found === undefined) {
    const names = reads.map(({ operation }) => operation).join(', ');
    throw new TypeError(`EnOS ${edition} has none of ${names}`);
  }
  return found;
}

function isWithin(since: string | null, edition: string): boolean {
  if (since === null) return true;
  const [major = 0, minor = 0] = edition.split('.').map(Number);
  const [sinceMajor = 0, sinceMinor = 0] = since.split('.').map(Number);
  return major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
}
