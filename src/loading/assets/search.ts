import { OPERATIONS } from '../../enos/generated/operations.js';
import type { Slice } from '../common.js';
import {
  and,
  equals,
  expressionOf,
  field,
  isIn,
  EVERYTHING,
  type Condition,
  nameCondition,
  tagConditions,
} from '../expression.js';
import { readList } from '../read/read-list.js';
import type { LoadContext } from '../load-context.js';
import { attempt, then } from '../maybe.js';
import { readWindow, windowLabel } from '../page-window.js';
import { assetsTag, treeTag } from '../tags.js';
import { primeAssets, storeAssets, type AssetById } from './by-id.js';
import { assetProjection, toAssetRecord } from './record.js';
import type { AssetFilter, AssetLoaders, AssetRecord } from './types.js';

const SEARCH = 'asset-tree.searchAssetNode';
const PAGES = { maxPageSize: OPERATIONS[SEARCH].pagination?.maxPageSize ?? 1000 };

/** Lists of assets of an organization: searchAssetNode. */
export function createAssetSearch(context: LoadContext, assetById: AssetById): AssetLoaders['search'] {
  return (orgId, filter, window, parts) =>
    attempt(() => {
      const expression = expressionOf(assetConditions(filter));
      if (expression === null) return { items: [], offset: window.offset, totalCount: 0 };
      const projection = assetProjection(parts);
      const read = readList(context, {
        kind: 'asset.search',
        operation: SEARCH,
        orgId,
        parts: [expression ?? null, window.offset, window.limit, projection],
        lifetime: context.settings.lifetimes.assets,
        tags: [assetsTag(orgId), ...(filter.treeId === undefined ? [] : [treeTag(orgId, filter.treeId)])],
        label: `${expression ?? 'all'} ${windowLabel(window)}`,
        fetch: async (call, asOf): Promise<Slice<AssetRecord>> => {
          const page = await readWindow(window, PAGES, async (pagination) => {
            const reply = await call(SEARCH, {
              query: { orgId },
              body: { expression, pagination, projection },
            });
            return { items: reply.data, info: reply.body.pagination };
          });
          const items = page.items.map((raw) => toAssetRecord(raw, orgId, parts, SEARCH));
          storeAssets(assetById, items, asOf);
          return { items, offset: page.offset, totalCount: page.totalCount };
        },
      });
      return then(read, (slice) => {
        primeAssets(assetById, slice.items);
        return slice;
      });
    });
}

/** The conditions of a filter as an EnOS expression. Throws `InputError` for what EnOS cannot be asked. */
export function assetConditions(filter: AssetFilter): Condition {
  return and(
    idCondition('assetIds', filter.assetIds),
    idCondition('modelIds', filter.modelIds),
    idCondition('rootModelIds', filter.rootModelIds),
    filter.treeId === undefined ? EVERYTHING : equals(field('treeId', 'filter.treeId'), filter.treeId),
    nameCondition(filter.name, 'filter.name'),
    tagConditions(filter.tags, {
      field: 'tags',
      argument: 'filter.tags',
      in: true,
      notExists: false,
      like: true,
    }),
    ...(filter.attributes ?? []).map(({ attributeId, equals: value }) =>
      equals(field('attributes', 'filter.attributes', attributeId), value),
    ),
  );
}

function idCondition(name: string, ids: readonly string[] | undefined): Condition {
  return ids === undefined ? EVERYTHING : isIn(field(name, `filter.${name}`), ids);
}
