/**
 * Changes of trees. Trees of a world are never changed in place: each change makes a tree of its own.
 */
import { ServiceError } from '../../operation.js';
import type { OperationRequest } from '../../operation.js';
import { invalidArgument, notFound, requireAccess } from '../../refusals.js';
import type { World, WorldAsset, WorldTree, WorldTreeNode } from '../../world/world.js';
import { walk } from './view.js';

/** Layers of a tree at most. */
const MAX_LAYERS = 7;

/** Changes a copy of a tree and puts it in the tree's place; leaves the tree alone where the change throws. */
export function changeTree<T>(world: World, tree: WorldTree, change: (copy: WorldTree) => T): T {
  const copy = copyOf(tree);
  const result = change(copy);
  world.trees.set(tree.treeId, copy);
  return result;
}

function copyOf(tree: WorldTree): WorldTree {
  const nodes = new Map<string, WorldTreeNode>();
  const copyNode = (node: WorldTreeNode, parent: WorldTreeNode | null): WorldTreeNode => {
    const copy: WorldTreeNode = { assetId: node.assetId, parent, children: [] };
    nodes.set(copy.assetId, copy);
    copy.children = node.children.map((child) => copyNode(child, copy));
    return copy;
  };
  return { ...tree, root: copyNode(tree.root, null), nodes };
}

/** A tree of one node. */
export function treeOf(
  fields: Pick<WorldTree, 'treeId' | 'orgId' | 'name' | 'tags'>,
  assetId: string,
): WorldTree {
  const root: WorldTreeNode = { assetId, parent: null, children: [] };
  return { ...fields, root, nodes: new Map([[assetId, root]]) };
}

/** Puts an asset under a node, after the children that are there. Throws 17758 where it is in the tree, or 17770. */
export function addNode(tree: WorldTree, parent: WorldTreeNode, assetId: string): void {
  if (tree.nodes.has(assetId)) throw new ServiceError(17758, 'AssetId is existed in the tree');
  checkLayers(parent, 1);
  const node: WorldTreeNode = { assetId, parent, children: [] };
  parent.children.push(node);
  tree.nodes.set(assetId, node);
}

/** Takes a node out, with everything below it. */
export function removeNode(tree: WorldTree, node: WorldTreeNode): void {
  detach(node);
  for (const { assetId } of walk(node)) tree.nodes.delete(assetId);
}

/** Moves a node, with everything below it, to its place right behind a sibling, or before all others. */
export function moveNode(node: WorldTreeNode, parent: WorldTreeNode, after: WorldTreeNode | null): void {
  checkLayers(parent, heightOf(node));
  detach(node);
  node.parent = parent;
  parent.children.splice(after === null ? 0 : parent.children.indexOf(after) + 1, 0, node);
}

function detach(node: WorldTreeNode): void {
  const siblings = node.parent?.children ?? [];
  siblings.splice(siblings.indexOf(node), 1);
  node.parent = null;
}

/** Refuses (17770) what would stand deeper than a tree goes. */
function checkLayers(parent: WorldTreeNode, height: number): void {
  if (layerOf(parent) + height > MAX_LAYERS)
    throw new ServiceError(17770, `Exceeding the layer limit(${MAX_LAYERS})`);
}

function layerOf(node: WorldTreeNode): number {
  return node.parent === null ? 1 : layerOf(node.parent) + 1;
}

function heightOf(node: WorldTreeNode): number {
  return 1 + Math.max(0, ...node.children.map(heightOf));
}

/** How a request names an asset. */
export interface AssetName {
  assetId?: string | undefined;
  productKey?: string | undefined;
  deviceKey?: string | undefined;
}

/** The names in a query. */
export function nameIn({ query }: OperationRequest): AssetName {
  return { assetId: query.assetId, productKey: query.productKey, deviceKey: query.deviceKey };
}

/** The asset that is named by its id or, without one, by the keys of a device; 99400 for neither, 99404 for none. */
export function assetNamed(world: World, { assetId, productKey, deviceKey }: AssetName): WorldAsset {
  if (assetId === undefined && (productKey === undefined || deviceKey === undefined))
    throw invalidArgument('assetId', 'is required, or productKey and deviceKey');
  const asset =
    assetId === undefined
      ? [...world.assets.values()].find((one) => one.productKey === productKey && one.deviceKey === deviceKey)
      : world.assets.get(assetId);
  if (asset === undefined)
    throw assetId === undefined ? notFound('deviceKey', deviceKey ?? '') : notFound('assetId', assetId);
  requireAccess(asset);
  return asset;
}
