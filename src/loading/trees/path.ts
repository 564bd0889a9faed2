import { OPERATIONS } from '../../enos/generated/operations.js';
import { createBatchLoader } from '../read/batch-loader.js';
import { chunk, fetchInParts, groupBy } from '../chunk.js';
import { localError, type EnosCall } from '../enos-call.js';
import { asset, type AssetRecord, type RawAsset } from '../entities/asset.js';
import { projectionOf, recordOf } from '../entity/records.js';
import { insideRead } from '../enos-call.js';
import type { LoadContext } from '../load-context.js';
import { assetsTag, treeTag } from '../tags.js';
import { createTreeById, type TreeById } from './by-id.js';
import type { NodeKey, TreeLoaders } from './types.js';

const PATHS = 'asset-tree.searchAssetPath';
const MAX_NODES = OPERATIONS[PATHS].batch?.max ?? 1000;

/** Records on a path are light: whoever wants more loads the asset. */
const NO_PARTS: ReadonlySet<never> = new Set();

/** Paths from the root to nodes: searchAssetPath, many nodes of one tree in one call. */
export function createNodePath(context: LoadContext): TreeLoaders['path'] {
  const loader = createBatchLoader<NodeKey, AssetRecord[]>({
    context,
    kind: 'tree.path',
    operation: PATHS,
    keyOf: (key) => [key.treeId, key.assetId],
    lifetime: context.settings.lifetimes.trees,
    tags: ({ orgId, treeId }) => [treeTag(orgId, treeId), assetsTag(orgId)],
    fetch: (keys, call) => {
      const ofTree = groupBy(keys, (key) => JSON.stringify([key.orgId, key.treeId]));
      const parts = [...ofTree.values()].flatMap((nodes) => chunk(nodes, MAX_NODES));
      const trees = createTreeById(insideRead(context, call.until));
      return fetchInParts(parts, (part) => fetchPaths(part, call, trees));
    },
  });
  return (node) => loader.load(node);
}

/** All keys of one tree. */
async function fetchPaths(
  keys: readonly NodeKey[],
  call: EnosCall,
  trees: TreeById,
): Promise<Map<NodeKey, AssetRecord[] | Error>> {
  const answers = new Map<NodeKey, AssetRecord[] | Error>();
  const [first] = keys;
  if (first === undefined) return answers;
  const { orgId, treeId } = first;
  const { data, requestId } = await call(PATHS, {
    query: { orgId, treeId },
    body: {
      to: { assetIds: keys.map((key) => key.assetId) },
      pathProjection: 'COMPLETE',
      pagination: { pageNo: 1, pageSize: keys.length },
      projection: ['assetPaths', ...(projectionOf(asset, NO_PARTS, 'assets.*.') ?? [])],
    },
  });
  const assets = new Map(Object.entries(data.assets ?? {}));
  const paths = new Map((data.assetPaths ?? []).map((path) => [path.at(-1), path]));
  const pathless: NodeKey[] = [];
  for (const key of keys) {
    const path = paths.get(key.assetId);
    if (path === undefined) pathless.push(key);
    else answers.set(key, recordsOf(path, assets, orgId));
  }
  if (pathless.length === 0) return answers;
  // No node is a path to itself: what has no path is the root, or no node of the tree.
  const { root } = await trees.load({ orgId, treeId });
  const missing = { code: 17404, requestId };
  for (const key of pathless) {
    const isRoot = key.assetId === root.assetId;
    answers.set(
      key,
      isRoot
        ? [root]
        : localError(PATHS, 'refused', `Asset ${key.assetId} is not in tree ${treeId}`, missing),
    );
  }
  return answers;
}

function recordsOf(
  path: readonly string[],
  assets: ReadonlyMap<string, RawAsset>,
  orgId: string,
): AssetRecord[] | Error {
  const records: AssetRecord[] = [];
  for (const assetId of path) {
    const raw = assets.get(assetId);
    if (raw?.modelId === undefined) {
      return localError(PATHS, 'invalid-response', 'EnOS sent a path without its assets');
    }
    // The id is the key of the map; some replies do not repeat it inside.
    records.push(recordOf(asset, { ...raw, assetId }, orgId, PATHS, NO_PARTS));
  }
  return records;
}
