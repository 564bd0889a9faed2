import { OPERATIONS } from '../../enos/generated/operations.js';
import type { Slice, Window } from '../common.js';
import type { EnosCall } from '../enos-call.js';
import {
  and,
  EVERYTHING,
  expressionOf,
  field,
  isIn,
  type Condition,
  nameCondition,
  nameMatches,
  tagConditions,
} from '../expression.js';
import { readList } from '../read/read-list.js';
import type { LoadContext } from '../load-context.js';
import { attempt, then } from '../maybe.js';
import { readAll, readWindow, type Page, windowLabel } from '../page-window.js';
import { assetsTag, treesTag } from '../tags.js';
import type { TreeById } from './by-id.js';
import { toTreeRecord } from './record.js';
import type { TreeFilter, TreeLoaders, TreeRecord } from './types.js';

const SEARCH = 'asset-tree.searchAssetTree';
const PAGES = { maxPageSize: OPERATIONS[SEARCH].pagination?.maxPageSize ?? 1000 };

/** Lists of the trees of an organization: searchAssetTree, whole trees with their root's asset. */
export function createTreeSearch(context: LoadContext, treeById: TreeById): TreeLoaders['search'] {
  return (orgId, filter, window) =>
    attempt(() => {
      // Edition 2.1 searches by tag only: there all trees that have the tags are read and the rest is decided here.
      const here = context.settings.edition === '2.1' && (filter.treeIds ?? filter.name) !== undefined;
      const expression = expressionOf(
        here
          ? tagPart(filter)
          : and(idPart(filter), nameCondition(filter.name, 'filter.name'), tagPart(filter)),
      );
      if (expression === null || filter.treeIds?.length === 0) {
        return { items: [], offset: window.offset, totalCount: 0 };
      }
      const read = readList(context, {
        kind: 'tree.search',
        operation: SEARCH,
        orgId,
        parts: [expression ?? null, ...(here ? [] : [window.offset, window.limit])],
        lifetime: context.settings.lifetimes.trees,
        tags: [treesTag(orgId), assetsTag(orgId)],
        label: `${expression ?? 'all'} ${here ? '' : windowLabel(window)}`.trim(),
        fetch: async (call, asOf): Promise<Slice<TreeRecord>> => {
          const fetchPage = pageFetcher(call, orgId, expression);
          const page = here ? await readAll(PAGES, fetchPage) : await readWindow(window, PAGES, fetchPage);
          treeById.store(
            page.items.map((tree) => [tree, tree]),
            asOf,
          );
          return page;
        },
      });
      return then(read, (slice) => {
        for (const tree of slice.items) treeById.prime(tree, tree);
        return here ? select(slice.items, filter, window) : slice;
      });
    });
}

function pageFetcher(
  call: EnosCall,
  orgId: string,
  expression: string | undefined,
): (pagination: { pageNo: number; pageSize: number }) => Promise<Page<TreeRecord>> {
  return async (pagination) => {
    const reply = await call(SEARCH, { query: { orgId }, body: { expression, pagination } });
    const items = reply.data.map((raw) => toTreeRecord(raw, orgId, SEARCH));
    return { items, info: reply.body.pagination };
  };
}

function idPart({ treeIds }: TreeFilter): Condition {
  return treeIds === undefined ? EVERYTHING : isIn(field('treeId', 'filter.treeIds'), treeIds);
}

function tagPart({ tags }: TreeFilter): Condition {
  return tagConditions(tags, {
    field: 'tags',
    argument: 'filter.tags',
    in: false,
    notExists: false,
    like: false,
  });
}

function select(trees: readonly TreeRecord[], filter: TreeFilter, window: Window): Slice<TreeRecord> {
  const { name } = filter;
  const ids = filter.treeIds === undefined ? null : new Set(filter.treeIds);
  const matching = trees.filter(
    (tree) =>
      (ids === null || ids.has(tree.treeId)) &&
      (name === undefined || nameMatches(name, tree.name, 'filter.name')),
  );
  const items = matching.slice(window.offset, window.offset + window.limit);
  return { items, offset: window.offset, totalCount: matching.length };
}
