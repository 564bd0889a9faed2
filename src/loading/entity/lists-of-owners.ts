/** Lists that belong to things, such as the products of each of many models: one search for all, as long as a page holds it. */
import type { ReadToken } from '../../cache/cache.js';
import type { OperationId } from '../../enos/operation.js';
import { createBatchLoader, type BatchLoader } from '../read/batch-loader.js';
import { chunk, fetchInParts, groupBy } from '../chunk.js';
import type { Slice, Window } from '../common.js';
import type { EnosCall } from '../enos-call.js';
import type { KeyPart } from '../read/key-table.js';
import type { LoadContext } from '../load-context.js';
import { windowLabel } from '../page-window.js';
import type { Entity, EntityRecord } from './description.js';
import type { ListQuery, Owner } from './query.js';

/** Owners of one search: their ids make its expression long. */
export const OWNERS_TOGETHER = 100;

/** A list of one owner. */
export interface OwnedList {
  orgId: string;
  /** Conditions besides the owner. */
  query: ListQuery;
  owner: Owner;
  window: Window;
}

/** Loads lists of owners in batches. */
export type ListsOfOwners<Rec extends EntityRecord> = BatchLoader<OwnedList, Slice<Rec>>;

interface Options<Rec> {
  lifetime: number;
  operation: OperationId;
  pageSize: number;
  tags(key: OwnedList): string[];
  /** A window of the list of several owners together. */
  list(
    key: OwnedList,
    ids: readonly string[],
    window: Window,
    call: EnosCall,
    asOf: ReadToken,
  ): Promise<Slice<Rec>>;
}

/** Makes the loader for one request. */
export function createListsOfOwners<Rec extends EntityRecord>(
  context: LoadContext,
  { type, filter, listCodec }: Entity<Rec>,
  options: Options<Rec>,
): ListsOfOwners<Rec> {
  const { lifetime, operation, pageSize } = options;
  const alone = async (key: OwnedList, call: EnosCall, asOf: ReadToken): Promise<Slice<Rec>> =>
    options.list(key, [key.owner.id], key.window, call, asOf);
  const together = async (
    keys: readonly OwnedList[],
    call: EnosCall,
    asOf: ReadToken,
  ): Promise<ReadonlyMap<OwnedList, Slice<Rec> | Error>> => {
    const [first] = keys;
    const idOf = first && (filter[first.owner.member]?.idOf as ((record: Rec) => string | null) | undefined);
    if (first !== undefined && keys.length > 1 && idOf !== undefined) {
      const ids = [...new Set(keys.map(({ owner }) => owner.id))];
      const all = await options.list(first, ids, { offset: 0, limit: pageSize }, call, asOf);
      if (all.items.length === all.totalCount) {
        const ofOwner = groupBy(all.items, idOf);
        return new Map(keys.map((key) => [key, windowOf(ofOwner.get(key.owner.id) ?? [], key.window)]));
      }
    }
    return fetchInParts(chunk(keys, 1), async (part) => {
      const answers = new Map<OwnedList, Slice<Rec>>();
      for (const key of part) answers.set(key, await alone(key, call, asOf));
      return answers;
    });
  };
  return createBatchLoader<OwnedList, Slice<Rec>>({
    context,
    kind: `${type}.listOf`,
    operation,
    lifetime,
    ...(listCodec ? { codec: listCodec } : {}),
    keyOf: ({ query, owner, window }) => [
      owner.member,
      owner.id,
      ...(partsOf(query) as KeyPart[]),
      window.offset,
      window.limit,
    ],
    label: ({ owner, window }) => `${owner.member} ${owner.id} ${windowLabel(window)}`,
    tags: (key) => options.tags(key),
    fetch: (keys, call, asOf) => {
      const alike = groupBy(keys, ({ orgId, query, owner }) =>
        JSON.stringify([orgId, owner.member, ...partsOf(query)]),
      );
      return fetchInParts(
        [...alike.values()].flatMap((group) => chunk(group, OWNERS_TOGETHER)),
        (part) => together(part, call, asOf),
      );
    },
  });
}

/** What tells queries apart. */
function partsOf({ filter, orders, parts }: ListQuery): unknown[] {
  return [filter, orders, parts ? [...parts].sort() : null];
}

/** A window of a list that is there whole. */
export function windowOf<Rec>(items: readonly Rec[], { offset, limit }: Window): Slice<Rec> {
  return { items: items.slice(offset, offset + limit), offset, totalCount: items.length };
}
