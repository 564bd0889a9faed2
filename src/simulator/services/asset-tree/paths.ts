/**
 * Asset Tree Service, paths: searchAssetPath.
 */
import type { OperationHandler, ServiceHandlers } from '../../operation.js';
import { pageInfo, pageOf, readPage } from '../../paging.js';
import type { World, WorldTree, WorldTreeNode } from '../../world/world.js';
import { assetView, meetsConditions, requireTree, walk } from './view.js';
import type { AssetConditions } from './view.js';

/** Every path from a start down to an end; a path has at least two nodes. Pages count paths. */
const searchAssetPath: OperationHandler = ({ operationId, query, body }, { world }) => {
  const tree = requireTree(world, query.treeId);
  const page = readPage(operationId, body);
  const starts = pathEnds(tree, body.from as AssetConditions | undefined, world) ?? [tree.root];
  const ends =
    pathEnds(tree, body.to as AssetConditions | undefined, world) ??
    [...walk(tree.root)].filter((node) => node.children.length === 0);
  const readable = (node: WorldTreeNode): boolean => world.assets.get(node.assetId)?.readable === true;
  const wanted = new Set(ends.filter(readable));
  const paths = starts.filter(readable).flatMap((start) =>
    [...walk(start)]
      .slice(1)
      .filter((node) => wanted.has(node))
      .map((end) => pathBetween(start, end)),
  );
  const assetPaths = pageOf(paths, page).map((path) =>
    body.pathProjection === 'END_NODE_ONLY' ? [path[0] ?? '', path.at(-1) ?? ''] : path,
  );
  const assets: Record<string, unknown> = {};
  for (const assetId of assetPaths.flat()) {
    const asset = world.assets.get(assetId);
    if (asset?.readable === true) assets[assetId] ??= assetView(asset, world);
  }
  return { data: { assetPaths, assets }, beside: pageInfo(page, paths.length) };
};

/** The nodes that one end of the request names, in tree order; null if it names none. */
function pathEnds(tree: WorldTree, end: AssetConditions | undefined, world: World): WorldTreeNode[] | null {
  if (end === undefined || Object.keys(end).length === 0) return null;
  return [...walk(tree.root)].filter((node) => {
    const asset = world.assets.get(node.assetId);
    return asset !== undefined && meetsConditions(asset, end, world);
  });
}

function pathBetween(start: WorldTreeNode, end: WorldTreeNode): string[] {
  const path = [end.assetId];
  for (let node = end.parent; node !== null; node = node.parent) {
    path.unshift(node.assetId);
    if (node === start) break;
  }
  return path;
}

/** Handlers of paths. */
export const pathHandlers: ServiceHandlers = { searchAssetPath };
