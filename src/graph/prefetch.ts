/**
 * Fields of lists, fetched ahead. Where objects of a list need data, it can be fetched for all of them before the first is
 * made: one wait for the list, in place of one for each field of each object. Whoever executes a query calls what a field
 * declares here before it fills the objects of a list; the field's resolver then finds its data there. Nothing depends on it:
 * without it resolvers load what they need themselves, by the same batches.
 */
import { groupBy } from '../loading/chunk.js';
import type { GraphContext } from './context.js';
import { Extensions } from './decorators.js';
import type { SelectionInfo } from './selection.js';

/** What is waited for; undefined where all is there; `false` where it cannot be told ahead what the field will need. */
export type Fetching = Promise<unknown> | undefined | false;

/** How a field fetches ahead. */
export interface FieldPrefetch<Source, Args> {
  /**
   * Fetches what the resolver will need for these objects. A rejection is of no account, nor what it throws: the resolver
   * meets the same failure.
   */
  load(sources: readonly Source[], args: Args, context: GraphContext, info: SelectionInfo): Fetching;
  /** Fields right below whose data it fetches too. */
  covers?: readonly string[];
}

/** The field fetches ahead for lists. */
export function Prefetch<Source, Args = unknown>(
  prefetch: FieldPrefetch<Source, Args>,
): PropertyDecorator & MethodDecorator & ClassDecorator {
  return Extensions({ prefetch });
}

/** Fetches for each organization apart. */
export function ofEachOrg<Source extends { orgId: string }>(
  sources: readonly Source[],
  fetch: (orgId: string, sources: readonly Source[]) => readonly (Promise<void> | undefined)[],
): Promise<unknown> | undefined {
  const waits = [...groupBy(sources, ({ orgId }) => orgId)]
    .flatMap(([orgId, group]) => fetch(orgId, group))
    .filter((wait) => wait !== undefined);
  return waits.length === 0 ? undefined : Promise.all(waits);
}
