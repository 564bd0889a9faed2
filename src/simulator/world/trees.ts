/**
 * Asset trees of a world.
 */
import type { AssetBook } from './assets.js';
import { idsOf } from './assets.js';
import { idOfSlug } from './ids.js';
import type { NodeSpec, TreeSpec } from './schema/asset.js';
import type { WorldTree, WorldTreeNode } from './world.js';
import { WorldError } from './yaml.js';

/** EnOS's limit: code 17770. */
const MAX_LAYERS = 7;

/** The trees by id, and their ids by slug. */
export function buildTrees(
  file: string,
  specs: readonly TreeSpec[],
  book: AssetBook,
  orgId: string,
): { trees: Map<string, WorldTree>; treeIds: Map<string, string> } {
  const trees = new Map<string, WorldTree>();
  const treeIds = new Map<string, string>();
  for (const spec of specs) {
    const treeId = spec.id ?? idOfSlug('tree', spec.slug);
    if (trees.has(treeId) || treeIds.has(spec.slug))
      throw new WorldError(file, `tree ${spec.slug} is there twice`);
    trees.set(treeId, buildTree(file, spec, treeId, book, orgId));
    treeIds.set(spec.slug, treeId);
  }
  return { trees, treeIds };
}

function buildTree(file: string, spec: TreeSpec, treeId: string, book: AssetBook, orgId: string): WorldTree {
  const problem = (text: string): WorldError => new WorldError(file, `tree ${spec.slug}: ${text}`);
  const nodes = new Map<string, WorldTreeNode>();
  const bind = (assetId: string, parent: WorldTreeNode | null, slug: string): WorldTreeNode => {
    if (nodes.has(assetId)) throw problem(`${slug} is in the tree twice`);
    const node: WorldTreeNode = { assetId, parent, children: [] };
    nodes.set(assetId, node);
    parent?.children.push(node);
    return node;
  };
  const add = (node: NodeSpec, parent: WorldTreeNode, layer: number): void => {
    const slug = typeof node === 'string' ? node : node.asset;
    if (layer > MAX_LAYERS) throw problem(`${slug} is deeper than ${MAX_LAYERS} layers`);
    const ids = idsOf(book, slug);
    if (!ids) throw problem(`no asset or range ${slug}`);
    if (typeof node === 'string') {
      for (const id of ids) bind(id, parent, slug);
      return;
    }
    if (ids.length !== 1 || ids[0] === undefined) throw problem(`the range ${slug} cannot have children`);
    const bound = bind(ids[0], parent, slug);
    for (const child of node.children) add(child, bound, layer + 1);
  };
  const rootId = book.bySlug.get(spec.root.asset);
  if (rootId === undefined) throw problem(`no asset ${spec.root.asset}`);
  const root = bind(rootId, null, spec.root.asset);
  for (const child of spec.root.children) add(child, root, 2);
  return { treeId, orgId, name: spec.name, tags: spec.tags, root, nodes };
}
