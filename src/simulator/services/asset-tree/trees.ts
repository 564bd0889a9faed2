/**
 * Asset Tree Service, trees: getAssetTree, searchAssetTree, getAssetTrees.
 */
import type { FieldReader } from '../../expression/evaluate.js';
import { compileExpression } from '../../expression/select.js';
import { keyOf, languageOf, ownValue, textsIn } from '../../names.js';
import type { OperationHandler, ServiceHandlers } from '../../operation.js';
import { pageInfo, pageOf, readPage } from '../../paging.js';
import type { WorldTree } from '../../world/world.js';
import { invalidArgument } from '../../refusals.js';
import { requireTree, treeView } from './view.js';

const getAssetTree: OperationHandler = ({ query }, { world }) => ({
  data: treeView(requireTree(world, query.treeId), world),
});

const searchAssetTree: OperationHandler = ({ operationId, body }, { world }) => {
  const filter = body.filter as { tags?: Record<string, string> } | undefined;
  if (filter !== undefined && body.expression !== undefined)
    throw invalidArgument('filter', 'excludes expression');
  const tags = Object.entries(filter?.tags ?? {});
  const test = compileExpression(operationId, body.expression);
  const page = readPage(operationId, body);
  const trees = [...world.trees.values()].filter(
    (tree) => tags.every(([key, value]) => ownValue(tree.tags, key) === value) && test(treeFields(tree)),
  );
  return {
    data: pageOf(trees, page).map((tree) => treeView(tree, world)),
    beside: pageInfo(page, trees.length),
  };
};

/** A map from asset id to the trees that the asset sits in; an asset in no tree has no key. */
const getAssetTrees: OperationHandler = ({ body }, { world }) => {
  const data: Record<string, unknown> = {};
  for (const assetId of body.assetIds as string[]) {
    if (world.assets.get(assetId)?.readable !== true) continue;
    const trees = [...world.trees.values()].filter((tree) => tree.nodes.has(assetId));
    if (trees.length > 0) data[assetId] = trees.map((tree) => treeView(tree, world));
  }
  return { data };
};

function treeFields(tree: WorldTree): FieldReader {
  return (field) => {
    if (field === 'treeId') return [tree.treeId];
    if (field.startsWith('tags.')) return [ownValue(tree.tags, keyOf(field))];
    return textsIn(tree.name, languageOf(field));
  };
}

/** Handlers of trees. */
export const treeHandlers: ServiceHandlers = { getAssetTree, searchAssetTree, getAssetTrees };
