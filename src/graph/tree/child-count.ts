/** How many children a node has: from the list that it came with, where EnOS counted them there. */
import { then, type MaybePromise } from '../../loading/maybe.js';
import type { NodeKey, NodeRecord } from '../../loading/trees/types.js';
import { NODE_PATHS } from '../lists/connection.js';
import { assetGraph } from '../entities/asset.js';
import { selectedParts } from '../entity/parts.js';
import type { GraphContext } from '../context.js';
import { oncePerField, selects, selectsAny, selectsOnly, type SelectionInfo } from '../selection.js';

const NODE_ITSELF: readonly string[] = [];
const ONLY_TOTAL: ReadonlySet<string> = new Set(['totalCount']);
const NO_FILTER = {};
const NO_PARTS: ReadonlySet<never> = new Set();

/** Description of both fields. */
export const CHILD_COUNT =
  'Number of nodes right below it. Comes with the list that the node was read from (searchRelatedAssetNode, childAssetNodeCount: valid nodes only), else from a call of its own, as for the root and for callers who may see some assets only.';

/** Parts that a query selects of the nodes of a connection of a tree; `inside` leads from a node to its asset. */
export function selectedNodeParts(
  info: SelectionInfo,
  inside: readonly string[] = NODE_ITSELF,
): ReadonlySet<string> {
  const parts = selectedParts(info, assetGraph, inside) ?? NO_PARTS;
  return oncePerField(info, selectedNodeParts, countsChildren, inside)
    ? new Set([...parts, 'childCount'])
    : parts;
}

/** Whether the number of children is selected of the nodes, or of their assets. */
function countsChildren(info: SelectionInfo, inside: readonly string[]): boolean {
  return NODE_PATHS.some((path) =>
    [path, [...path, ...inside]].some(
      (place) =>
        selects(info, ...place, 'childCount') ||
        (selects(info, ...place, 'children', 'totalCount') &&
          !selectsAny(info, [...place, 'children'], ['nodes', 'edges'])),
    ),
  );
}

/** The number that came with the node; undefined where none did. */
export function countedChildren(node: NodeRecord, treeId: string): number | undefined {
  return node.counted?.treeId === treeId ? node.counted.children : undefined;
}

/** The number of children, by a call where none came. */
export function childCountOf(
  node: NodeRecord,
  key: NodeKey,
  { loaders }: GraphContext,
): MaybePromise<number> {
  return (
    countedChildren(node, key.treeId) ??
    then(
      loaders.trees.children(key, NO_FILTER, { offset: 0, limit: 0 }, NO_PARTS),
      ({ totalCount }) => totalCount,
    )
  );
}

/** What answers a list of children of which nothing is wanted but how many there are; undefined where a call must. */
export function totalAlone(
  node: NodeRecord,
  treeId: string,
  filter: object,
  info: SelectionInfo,
): { items: never[]; offset: number; totalCount: number } | undefined {
  const totalCount = countedChildren(node, treeId);
  if (totalCount === undefined || !selectsOnly(info, ONLY_TOTAL) || hasConditions(filter)) return undefined;
  return { items: [], offset: 0, totalCount };
}

function hasConditions(filter: object): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}
