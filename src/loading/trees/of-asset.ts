import { OPERATIONS } from '../../enos/generated/operations.js';
import { createBatchLoader } from '../read/batch-loader.js';
import { chunk, fetchInParts, groupBy } from '../chunk.js';
import type { LoadContext } from '../load-context.js';
import { all, isPromise, then, type MaybePromise } from '../maybe.js';
import { assetTag, treesTag } from '../tags.js';
import type { TreeById } from './by-id.js';
import { toTreeRecord } from './record.js';
import type { TreeLoaders, TreeRecord } from './types.js';

const GET_TREES = 'asset-tree.getAssetTrees';
const MAX_ASSETS = OPERATIONS[GET_TREES].batch?.max ?? 100;

/** The trees that assets sit in: getAssetTrees, many assets a call; an asset in no tree has no key in the reply. */
export function createTreesOfAsset(context: LoadContext, treeById: TreeById): TreeLoaders['ofAsset'] {
  const loader = createBatchLoader<{ orgId: string; assetId: string }, TreeRecord[]>({
    context,
    kind: 'tree.ofAsset',
    operation: GET_TREES,
    keyOf: (key) => [key.assetId],
    lifetime: context.settings.lifetimes.trees,
    tags: ({ orgId, assetId }) => [assetTag(orgId, assetId), treesTag(orgId)],
    fetch: (keys, call) => {
      const parts = [...groupBy(keys, (key) => key.orgId)].flatMap(([, ofOrg]) => chunk(ofOrg, MAX_ASSETS));
      return fetchInParts(parts, async (part) => {
        const orgId = part[0]?.orgId ?? '';
        const body = { assetIds: part.map((key) => key.assetId) };
        const { data } = await call(GET_TREES, { query: { orgId }, body });
        const trees = new Map(Object.entries(data));
        return new Map(
          part.map((key) => [
            key,
            (trees.get(key.assetId) ?? []).map((raw) => toTreeRecord(raw, orgId, GET_TREES)),
          ]),
        );
      });
    },
  });
  return (key) => then(loader.load(key), (trees) => all(trees.map((tree) => named(tree, treeById))));
}

/** The tree with its name, which some editions leave out of this reply: it is then read from the tree itself. */
function named(tree: TreeRecord, treeById: TreeById): MaybePromise<TreeRecord> {
  if (tree.name === null) {
    const whole = treeById.load({ orgId: tree.orgId, treeId: tree.treeId });
    // That the asset sits in the tree is known all the same: without a name the tree still has its id.
    return isPromise(whole) ? whole.catch(() => tree) : whole;
  }
  treeById.prime(tree, tree);
  return tree;
}
