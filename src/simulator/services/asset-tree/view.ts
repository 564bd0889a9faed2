/**
 * Assets and trees as the Asset Tree Service returns them, and the conditions that its searches share.
 */
import { toJson } from '../../json.js';
import { contains } from '../../expression/evaluate.js';
import { textsIn } from '../../names.js';
import { ServiceError } from '../../operation.js';
import type { World, WorldAsset, WorldTree, WorldTreeNode } from '../../world/world.js';

/** 17404 for a tree that does not exist. */
export function requireTree(world: World, treeId: string | undefined): WorldTree {
  const tree = world.trees.get(treeId ?? '');
  if (tree === undefined) throw new ServiceError(17404, 'TreeId is not exist');
  return tree;
}

/** An asset of the Asset Tree Service: no orgId, but label, inValid and createTime. */
export function assetView(asset: WorldAsset, world: World): Record<string, unknown> {
  return {
    assetId: asset.assetId,
    modelId: asset.modelId,
    modelIdPath: world.models.get(asset.modelId)?.modelIdPath ?? null,
    name: asset.name,
    timezone: asset.timezone,
    description: asset.description,
    label: asset.label,
    inValid: asset.inValid,
    attributes: asset.attributes,
    tags: asset.tags,
    createTime: asset.createTime,
  };
}

/** A tree; `asset` is the asset of its root. */
export function treeView(tree: WorldTree, world: World): Record<string, unknown> {
  const root = world.assets.get(tree.root.assetId);
  if (root === undefined) throw new Error(`The root of tree ${tree.treeId} is no asset`);
  return { treeId: tree.treeId, name: tree.name, tags: tree.tags, asset: assetView(root, world) };
}

/** A node and everything below it, parents before children, children in the order they were bound. */
export function* walk(node: WorldTreeNode): Generator<WorldTreeNode> {
  yield node;
  for (const child of node.children) yield* walk(child);
}

/** Id of the model at the top of an asset's model path. */
export function rootModelId(asset: WorldAsset, world: World): string {
  return world.models.get(asset.modelId)?.modelIdPath.split('/')[1] ?? asset.modelId;
}

/** Structured conditions that several bodies of this service share; all are and-ed. */
export interface AssetConditions {
  assetIds?: string[];
  modelIds?: string[];
  rootModelIds?: string[];
  attributes?: Record<string, unknown>;
  tags?: Record<string, string>;
  nameLike?: { locale?: string; value: string };
}

/** Whether an asset meets structured conditions. */
export function meetsConditions(asset: WorldAsset, conditions: AssetConditions, world: World): boolean {
  const { assetIds, modelIds, rootModelIds, attributes = {}, tags = {}, nameLike } = conditions;
  if (assetIds !== undefined && !assetIds.includes(asset.assetId)) return false;
  if (modelIds !== undefined && !modelIds.includes(asset.modelId)) return false;
  if (rootModelIds !== undefined && !rootModelIds.includes(rootModelId(asset, world))) return false;
  if (!Object.entries(attributes).every(([id, value]) => sameValue(asset.attributes[id], value)))
    return false;
  if (!Object.entries(tags).every(([key, value]) => asset.tags[key] === value)) return false;
  if (nameLike === undefined) return true;
  return textsIn(asset.name, nameLike.locale ?? null).some((text) => contains(text, nameLike.value));
}

function sameValue(left: unknown, right: unknown): boolean {
  if (left === undefined || left === null) return false;
  // A number in quotes equals the number, as in expressions.
  const text = (value: unknown): string => (typeof value === 'string' ? value : toJson(value));
  return text(left) === text(right);
}
