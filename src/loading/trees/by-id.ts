import { OPERATIONS } from '../../enos/generated/operations.js';
import { createBatchLoader, type BatchLoader } from '../read/batch-loader.js';
import { chunk, fetchInParts } from '../chunk.js';
import type { EnosCall } from '../enos-call.js';
import { field } from '../expression.js';
import { fetchByIds, searchForIds } from '../read/fetch-by-ids.js';
import type { LoadContext } from '../load-context.js';
import { toTreeRecord } from './record.js';
import { assetsTag, treeTag } from '../tags.js';
import type { TreeKey, TreeRecord } from './types.js';

const GET = 'asset-tree.getAssetTree';
const SEARCH = 'asset-tree.searchAssetTree';
const MAX_IDS = OPERATIONS[SEARCH].pagination?.maxPageSize ?? 1000;

/** Trees by id, shared by all loaders of a request. */
export type TreeById = BatchLoader<TreeKey, TreeRecord>;

/** Trees by id: getAssetTree for one alone, searchAssetTree for many where the edition can search by id. */
export function createTreeById(context: LoadContext): TreeById {
  return createBatchLoader({
    context,
    kind: 'tree',
    operation: GET,
    keyOf: (key: TreeKey) => [key.treeId],
    lifetime: context.settings.lifetimes.trees,
    // With its root's asset.
    tags: ({ orgId, treeId }) => [treeTag(orgId, treeId), assetsTag(orgId)],
    fetch: (keys, call) =>
      context.settings.edition === '2.1'
        ? fetchInParts(chunk(keys, 1), async (part) => {
            const answers = new Map<TreeKey, TreeRecord>();
            for (const key of part) answers.set(key, await getOne(key, call));
            return answers;
          })
        : fetchByIds(keys, {
            idOf: (key) => key.treeId,
            maxIds: MAX_IDS,
            search: (orgId, ids) => searchMany(orgId, ids, call),
            get: (key) => getOne(key, call),
          }),
  });
}

async function searchMany(
  orgId: string,
  ids: readonly string[],
  call: EnosCall,
): Promise<Map<string, TreeRecord>> {
  const { data } = await call(SEARCH, {
    query: { orgId },
    body: searchForIds(field('treeId', 'treeId'), ids),
  });
  const trees = data.map((raw) => toTreeRecord(raw, orgId, SEARCH));
  return new Map(trees.map((tree) => [tree.treeId, tree]));
}

async function getOne({ orgId, treeId }: TreeKey, call: EnosCall): Promise<TreeRecord> {
  const { data } = await call(GET, { query: { orgId, treeId } });
  return toTreeRecord(data, orgId, GET);
}
