/** Asset trees and their nodes as the graph sees them. */
import type { I18nText, NameFilter, Slice, TagFilter, Window } from '../common.js';
import type { AssetRecord } from '../entities/asset.js';
import type { FilterValues } from '../entity/filter.js';
import type { MaybePromise } from '../maybe.js';

/** A key of a tree. */
export interface TreeKey {
  orgId: string;
  treeId: string;
}

/** A key of a node: an asset's place in a tree. */
export interface NodeKey extends TreeKey {
  assetId: string;
}

/** Conditions on the assets of nodes, as the lists of assets take them. */
export interface AssetFilter {
  assetIds?: readonly string[];
  modelIds?: readonly string[];
  rootModelIds?: readonly string[];
  name?: NameFilter;
  tags?: readonly TagFilter[];
  attributes?: FilterValues['attributes'];
  treeId?: string;
}

/** An asset as a node of the tree that it was listed from. */
export interface NodeRecord extends AssetRecord {
  /** Its children in that tree, where they were asked for and EnOS counted them. */
  counted?: { treeId: string; children: number };
}

/** A tree with the asset of its root. */
export interface TreeRecord {
  treeId: string;
  orgId: string;
  /** Missing in editions whose replies omit it. */
  name: I18nText | null;
  tags: Readonly<Record<string, string>>;
  root: AssetRecord;
}

/** Typed conditions on trees, and-ed. */
export interface TreeFilter {
  treeIds?: readonly string[];
  name?: NameFilter;
  tags?: readonly TagFilter[];
}

/** Reads of trees and nodes. */
export interface TreeLoaders {
  /** One tree: getAssetTree alone, searchAssetTree `treeId in` for many in edition 2.3. Rejects with 17404. */
  byId(key: TreeKey): MaybePromise<TreeRecord>;
  /** A list by searchAssetTree. */
  search(orgId: string, filter: TreeFilter, window: Window): MaybePromise<Slice<TreeRecord>>;
  /** The trees that an asset sits in: getAssetTrees, 100 assets a call. Empty for an asset in no tree. */
  ofAsset(key: { orgId: string; assetId: string }): MaybePromise<TreeRecord[]>;
  /**
   * Children of a node in the order of binding: searchRelatedAssetNode. Empty slice for a leaf. `parts`: heavy members of the
   * assets, and `childCount`, that are selected.
   */
  children(
    node: NodeKey,
    filter: AssetFilter,
    window: Window,
    parts: ReadonlySet<string>,
  ): MaybePromise<Slice<NodeRecord>>;
  /** Everything below a node: searchRelatedAssetNode. */
  descendants(
    node: NodeKey,
    filter: AssetFilter,
    window: Window,
    parts: ReadonlySet<string>,
  ): MaybePromise<Slice<NodeRecord>>;
  /**
   * The assets from the root down to the node itself: searchAssetPath, many nodes of one tree in one call. One element
   * for the root. Rejects with NOT_FOUND where the asset is not in the tree.
   */
  path(node: NodeKey): MaybePromise<AssetRecord[]>;
}
