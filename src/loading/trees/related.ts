import type { components } from '../../enos/generated/types/asset-tree.js';
import { OPERATIONS } from '../../enos/generated/operations.js';
import { InputError, type Slice } from '../common.js';
import type { AssetRecord } from '../entities/asset.js';
import type { SharedReads } from '../entity/loader.js';
import { readList } from '../read/read-list.js';
import type { LoadContext } from '../load-context.js';
import { attempt, then } from '../maybe.js';
import { searchedLocale } from '../expression.js';
import { readWindow, windowLabel } from '../page-window.js';
import { assetsTag, treeTag } from '../tags.js';
import { assetOf, assetParts, nodeProjection, toNodeRecord } from './node-record.js';
import type { AssetFilter, NodeKey, NodeRecord, TreeLoaders } from './types.js';

type RelatedFilter = components['schemas']['RelatedAssetSearchVo'];

const RELATED = 'asset-tree.searchRelatedAssetNode';
const PAGES = { maxPageSize: OPERATIONS[RELATED].pagination?.maxPageSize ?? 1000 };

/** Lists of the nodes below a node, its children only or all: searchRelatedAssetNode. */
export function createRelatedNodes(
  context: LoadContext,
  assets: SharedReads<AssetRecord>,
  relation: 'isChildOfAssetId' | 'isDescendantOfAssetId',
): TreeLoaders['children'] {
  return ({ orgId, treeId, assetId }, filter, window, parts) =>
    attempt(() => {
      const conditions = relatedFilter(filter, treeId);
      if (conditions === null) return { items: [], offset: window.offset, totalCount: 0 };
      // Edition 2.1 counts no children.
      const asked = context.settings.edition === '2.1' ? assetParts(parts) : parts;
      const projection = nodeProjection(asked);
      const read = readList(context, {
        kind: `tree.${relation}`,
        operation: RELATED,
        orgId,
        parts: [treeId, assetId, conditionsText(conditions), window.offset, window.limit, projection],
        lifetime: context.settings.lifetimes.trees,
        tags: [treeTag(orgId, treeId), assetsTag(orgId)],
        label: `${treeId} ${assetId} ${windowLabel(window)}`,
        fetch: async (call, asOf): Promise<Slice<NodeRecord>> => {
          const page = await readWindow(window, PAGES, async (pagination) => {
            const reply = await call(RELATED, {
              query: { orgId, treeId },
              body: { filter: { ...conditions, [relation]: assetId }, pagination, projection },
            });
            return { items: reply.data, info: reply.body.pagination };
          });
          const records = page.items.map((raw) => toNodeRecord(raw, { orgId, treeId }, asked, RELATED));
          assets.store(
            records.map(({ asset }) => asset),
            asOf,
          );
          const items = records.map(({ node }) => node);
          return { items, offset: page.offset, totalCount: page.totalCount };
        },
      });
      return then(read, (slice) => {
        assets.prime(asked.has('childCount') ? slice.items.map(assetOf) : slice.items);
        return slice;
      });
    });
}

/** What tells lists apart. An integer beyond 2^53 is not the text of its digits. */
function conditionsText(conditions: RelatedFilter): string {
  return JSON.stringify(conditions, (_key, value: unknown) =>
    typeof value === 'bigint' ? { integer: String(value) } : value,
  );
}

/**
 * The structured filter of searchRelatedAssetNode; null where no asset can match. Throws `InputError` for conditions
 * that it cannot express.
 */
export function relatedFilter(filter: AssetFilter, treeId: NodeKey['treeId']): RelatedFilter | null {
  const { assetIds, modelIds, rootModelIds, name } = filter;
  if (filter.treeId !== undefined && filter.treeId !== treeId) {
    throw new InputError(
      'filter.treeId: the nodes of a tree are searched in that tree only',
      'filter.treeId',
    );
  }
  if ([assetIds, modelIds, rootModelIds].some((ids) => ids?.length === 0)) return null;
  const tags = equalValues(tagEqualities(filter));
  const attributes = equalValues(
    (filter.attributes ?? []).map(({ attributeId, equals }) => [attributeId, equals] as const),
  );
  if (tags === null || attributes === null) return null;
  const locale = name === undefined ? undefined : searchedLocale(name, 'filter.name');
  return {
    ...(assetIds === undefined ? {} : { assetIds: [...assetIds] }),
    ...(modelIds === undefined ? {} : { modelIds: [...modelIds] }),
    ...(rootModelIds === undefined ? {} : { rootModelIds: [...rootModelIds] }),
    ...(name === undefined
      ? {}
      : {
          nameLike: { value: name.contains, ...(locale === undefined ? {} : { locale }) },
        }),
    ...(attributes.size === 0 ? {} : { attributes: Object.fromEntries(attributes) }),
    ...(tags.size === 0 ? {} : { tags: Object.fromEntries(tags) }),
  };
}

/** Tags and the values they must have; an empty list of values counts as one that nothing has. */
function tagEqualities(filter: AssetFilter): (readonly [string, string | null])[] {
  return (filter.tags ?? []).map(({ key, equals, in: values, contains, exists }) => {
    const wanted = equals ?? (values?.length === 1 ? values[0] : undefined);
    const impossible = values?.length === 0 || (equals !== undefined && values?.includes(equals) === false);
    if (impossible) return [key, null];
    if (wanted === undefined || contains !== undefined || exists === false) {
      throw new InputError(
        'filter.tags: below a node of a tree EnOS can only be asked for tags that equal one value',
        'filter.tags',
      );
    }
    return [key, wanted];
  });
}

/** Pairs as a map; null where one key would have to equal two values. */
function equalValues<T>(pairs: readonly (readonly [string, T | null])[]): Map<string, T> | null {
  const values = new Map<string, T>();
  for (const [key, value] of pairs) {
    if (value === null || (values.has(key) && values.get(key) !== value)) return null;
    values.set(key, value);
  }
  return values;
}
