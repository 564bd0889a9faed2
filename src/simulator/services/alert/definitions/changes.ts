/**
 * What changes of severities, types, contents and rules have in common.
 */
import type { OperationRequest, SimulatorContext } from '../../../operation.js';
import { invalidArgument, notFound } from '../../../refusals.js';
import { checkTags } from '../../../tags.js';

/** Who is said to have changed a definition over the API. */
export const API_PERSON = 'service-account';

/** Severities, and types, of an organization at most. */
export const MAX_DEFINITIONS = 1000;

/** What a definition of this organization says of its change. */
export function changedNow({ world, now }: SimulatorContext): {
  orgId: string;
  updatePerson: string;
  updateTime: number;
} {
  return { orgId: world.orgId, updatePerson: API_PERSON, updateTime: now() };
}

/** False: what is sent replaces the whole object. */
export function isPatch({ query }: OperationRequest): boolean {
  return query['isPatchUpdate'] !== 'false';
}

/** Refuses an id that is taken (99400), one definition too many, and wrong tags. */
export function checkNew(
  things: ReadonlyMap<string, unknown>,
  name: string,
  id: string,
  tags: Record<string, string> | undefined,
  limit: number,
): void {
  if (id === '') throw invalidArgument(name, 'is empty');
  if (things.has(id)) throw invalidArgument(name, `${id} exists already`);
  if (things.size >= limit) throw invalidArgument(name, `there are ${limit} already`);
  checkTags('tags', tags ?? {});
}

/** The thing of an id; 99404 for none. */
export function existing<T>(things: ReadonlyMap<string, T>, name: string, id: string | undefined): T {
  const thing = things.get(id ?? '');
  if (thing === undefined) throw notFound(name, id ?? '');
  return thing;
}

/** Refuses (99400) to delete what others still use. */
export function refuseUsed(name: string, id: string, user: string | undefined): void {
  if (user !== undefined) throw invalidArgument(name, `${id} is in use by ${user}`);
}
