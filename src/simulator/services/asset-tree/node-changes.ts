/**
 * Asset Tree Service, nodes: assets put into a tree, one, many or new; nodes moved and taken out.
 */
import { ServiceError } from '../../operation.js';
import type { OperationHandler, ServiceHandlers } from '../../operation.js';
import { invalidArgument } from '../../refusals.js';
import type { WorldTree, WorldTreeNode } from '../../world/world.js';
import { addLogicalAsset } from '../asset/changes.js';
import { addNode, assetNamed, changeTree, moveNode, nameIn, removeNode } from './changes.js';
import type { AssetName } from './changes.js';
import { requireTree } from './view.js';

const associateAsset: OperationHandler = (request, { world }) => {
  const tree = requireTree(world, request.query.treeId);
  const { assetId } = assetNamed(world, nameIn(request));
  changeTree(world, tree, (copy) => addNode(copy, parentIn(copy, request.query.parentAssetId), assetId));
  return { data: assetId };
};

/** batchAssociateAsset: what can be put in is put in; each failed asset has its own code in a reply of code 0. */
const batchAssociateAsset: OperationHandler = ({ query, body }, { world }) => {
  const tree = requireTree(world, query.treeId);
  const names = body.assetIdentifiers as AssetName[];
  const data = changeTree(world, tree, (copy) => {
    const parent = parentIn(copy, query.parentAssetId);
    return names.map((name) =>
      attempt(() => {
        const { assetId } = assetNamed(world, name);
        addNode(copy, parent, assetId);
        return assetId;
      }),
    );
  });
  const successSize = data.filter(({ code }) => code === 0).length;
  return { data, beside: { successSize, totalSize: data.length } };
};

function attempt(run: () => string): { code: number; msg: string; data: string | null } {
  try {
    return { code: 0, msg: 'OK', data: run() };
  } catch (error) {
    if (error instanceof ServiceError) return { code: error.code, msg: error.message, data: null };
    throw error;
  }
}

const createAndAssociateAsset: OperationHandler = ({ query, body }, context) => {
  const tree = requireTree(context.world, query.treeId);
  const parentId = parentIn(tree, query.parentAssetId).assetId;
  const assetId = addLogicalAsset(body.asset as Parameters<typeof addLogicalAsset>[0], context, (detail) =>
    invalidArgument('asset', detail),
  );
  changeTree(context.world, tree, (copy) => addNode(copy, parentIn(copy, parentId), assetId));
  return { data: assetId };
};

function parentIn(tree: WorldTree, assetId: string | undefined): WorldTreeNode {
  const parent = tree.nodes.get(assetId ?? '');
  if (parent === undefined) throw new ServiceError(17752, 'Parent assetId is not existed in the tree');
  return parent;
}

const moveAssetNode: OperationHandler = ({ query }, { world }) => {
  const tree = world.trees.get(query.treeId ?? '');
  if (tree === undefined) throw rootOrNoTree();
  changeTree(world, tree, (copy) => {
    const node = copy.nodes.get(query.assetId ?? '');
    if (node === undefined) throw new ServiceError(17404, 'Asset is not exist in the tree');
    if (node.parent === null) throw rootOrNoTree();
    const parent = copy.nodes.get(query.parentAssetId ?? '');
    if (parent === undefined) throw new ServiceError(99400, 'Parent asset is not exist in the tree');
    if (world.assets.get(parent.assetId)?.inValid === true)
      throw new ServiceError(17777, 'Parent asset is invalid');
    if (isBelow(parent, node)) throw new ServiceError(17768, 'Can not move to descendant node');
    moveNode(node, parent, siblingIn(parent, node, query.preAssetId));
  });
  return { data: null };
};

function rootOrNoTree(): ServiceError {
  return new ServiceError(17764, 'The root asset node can not be moved or deleted: or tree is not exist');
}

function isBelow(node: WorldTreeNode, above: WorldTreeNode): boolean {
  return node === above || (node.parent !== null && isBelow(node.parent, above));
}

/** The child of the new parent that is to stand right before the node; null for none. */
function siblingIn(
  parent: WorldTreeNode,
  node: WorldTreeNode,
  assetId: string | undefined,
): WorldTreeNode | null {
  if (assetId === undefined || assetId === '') return null;
  const sibling = parent.children.find((child) => child !== node && child.assetId === assetId);
  if (sibling === undefined)
    throw invalidArgument('preAssetId', `${assetId} is no other child of ${parent.assetId}`);
  return sibling;
}

const deleteAssetNode: OperationHandler = (request, { world }) => {
  const { treeId, force } = request.query;
  const tree = world.trees.get(treeId ?? '');
  if (tree === undefined) throw new ServiceError(99404, 'TreeId does not exist');
  const { assetId } = assetNamed(world, nameIn(request));
  changeTree(world, tree, (copy) => {
    const node = copy.nodes.get(assetId);
    if (node === undefined) throw invalidArgument('assetId', `${assetId} is not in the tree`);
    if (node.parent === null) throw new ServiceError(17764, 'The root asset node cannot be deleted.');
    if (node.children.length > 0 && force !== 'true')
      throw new ServiceError(17766, 'The noleaf asset node cannot be deleted.');
    removeNode(copy, node);
  });
  return { data: null };
};

/** Handlers of changes of nodes. */
export const nodeChangeHandlers: ServiceHandlers = {
  associateAsset,
  batchAssociateAsset,
  createAndAssociateAsset,
  moveAssetNode,
  deleteAssetNode,
};
