/**
 * Asset Tree Service, nodes: searchAssetNode (across the organization, by expression) and searchRelatedAssetNode
 * (within a tree, by relation).
 */
import type { FieldReader } from '../../expression/evaluate.js';
import { compileExpression } from '../../expression/select.js';
import { keyOf, languageOf, ownValue, textsIn } from '../../names.js';
import type { OperationHandler, ServiceHandlers } from '../../operation.js';
import { pageInfo, pageOf, readPage } from '../../paging.js';
import type { World, WorldAsset, WorldTree, WorldTreeNode } from '../../world/world.js';
import { invalidArgument } from '../../refusals.js';
import { assetView, meetsConditions, requireTree, rootModelId, walk } from './view.js';
import type { AssetConditions } from './view.js';

/**
 * Finds assets that sit in a tree, each once. Whether EnOS finds those in no tree is not documented: a client must
 * not count on it, and here it cannot.
 */
const searchAssetNode: OperationHandler = ({ operationId, body }, { world }) => {
  const filter = body.filter as AssetConditions | undefined;
  if (filter !== undefined && body.expression !== undefined)
    throw invalidArgument('filter', 'excludes expression');
  const test = compileExpression(operationId, body.expression);
  const page = readPage(operationId, body);
  const trees = treesByAsset(world);
  const found = [...world.assets.values()].filter((asset) => {
    const treeIds = trees.get(asset.assetId);
    if (!asset.readable || treeIds === undefined) return false;
    return meetsConditions(asset, filter ?? {}, world) && test(assetFields(asset, treeIds, world));
  });
  return {
    data: pageOf(found, page).map((asset) => assetView(asset, world)),
    beside: pageInfo(page, found.length),
  };
};

function treesByAsset(world: World): Map<string, string[]> {
  const trees = new Map<string, string[]>();
  for (const tree of world.trees.values()) {
    for (const assetId of tree.nodes.keys()) {
      const list = trees.get(assetId);
      if (list === undefined) trees.set(assetId, [tree.treeId]);
      else list.push(tree.treeId);
    }
  }
  return trees;
}

function assetFields(asset: WorldAsset, treeIds: readonly string[], world: World): FieldReader {
  return (field) => {
    switch (field) {
      case 'assetId':
      case 'assetIds':
        return [asset.assetId];
      case 'modelId':
      case 'modelIds':
        return [asset.modelId];
      case 'rootModelId':
      case 'rootModelIds':
        return [rootModelId(asset, world)];
      case 'treeId':
        return treeIds;
      case 'productKey':
        return [asset.productKey];
      case 'deviceKey':
        return [asset.deviceKey];
      case 'createTime':
        return [asset.createTime];
    }
    if (field.startsWith('attributes.')) return [ownValue(asset.attributes, keyOf(field))];
    if (field.startsWith('tags.')) return [ownValue(asset.tags, keyOf(field))];
    return textsIn(asset.name, languageOf(field));
  };
}

interface RelatedFilter extends AssetConditions {
  isParentOfAssetId?: string;
  isChildOfAssetId?: string;
  isAncestorOfAssetId?: string;
  isDescendantOfAssetId?: string;
}

/** Nodes in tree order, so children come in the order in which they were bound. */
const searchRelatedAssetNode: OperationHandler = ({ operationId, query, body }, { world }) => {
  const filter = (body.filter ?? {}) as RelatedFilter;
  const tree = requireTree(world, query.treeId);
  const page = readPage(operationId, body);
  const found = relatedNodes(tree, filter).flatMap((node) => {
    const asset = world.assets.get(node.assetId);
    return asset?.readable === true && meetsConditions(asset, filter, world) ? [{ node, asset }] : [];
  });
  return {
    data: pageOf(found, page).map(({ node, asset }) => ({
      ...assetView(asset, world),
      childAssetNodeCount: countValidChildren(node, world),
    })),
    beside: pageInfo(page, found.length),
  };
};

function relatedNodes(tree: WorldTree, filter: RelatedFilter): WorldTreeNode[] {
  const { isParentOfAssetId, isChildOfAssetId, isAncestorOfAssetId, isDescendantOfAssetId } = filter;
  const relations = [isParentOfAssetId, isChildOfAssetId, isAncestorOfAssetId, isDescendantOfAssetId];
  if (relations.filter((assetId) => assetId !== undefined).length > 1) {
    throw invalidArgument('filter', 'takes at most one relation');
  }
  if (isParentOfAssetId !== undefined) {
    const parent = tree.nodes.get(isParentOfAssetId)?.parent;
    return parent == null ? [] : [parent];
  }
  if (isChildOfAssetId !== undefined) return tree.nodes.get(isChildOfAssetId)?.children ?? [];
  if (isAncestorOfAssetId !== undefined) return ancestors(tree.nodes.get(isAncestorOfAssetId));
  if (isDescendantOfAssetId !== undefined) {
    const node = tree.nodes.get(isDescendantOfAssetId);
    return node === undefined ? [] : [...walk(node)].slice(1);
  }
  return [...walk(tree.root)];
}

function ancestors(node: WorldTreeNode | undefined): WorldTreeNode[] {
  const chain: WorldTreeNode[] = [];
  for (let above = node?.parent; above != null; above = above.parent) chain.unshift(above);
  return chain;
}

/** Counts valid nodes only, as EnOS does from 2.3 CU5 on, and those that a list of the children holds. */
function countValidChildren(node: WorldTreeNode, world: World): number {
  return node.children.filter((child) => {
    const asset = world.assets.get(child.assetId);
    return asset?.readable === true && !asset.inValid;
  }).length;
}

/** Handlers of nodes. */
export const nodeHandlers: ServiceHandlers = { searchAssetNode, searchRelatedAssetNode };
