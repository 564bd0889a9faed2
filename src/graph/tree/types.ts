/** Asset trees and the places in them. */
import { GraphQLID } from 'graphql';
import type { NodeKey, NodeRecord, TreeRecord } from '../../loading/trees/types.js';
import { Asset } from '../entities/asset.js';
import { connectionType } from '../lists/connection-type.js';
import { Field, ObjectType } from '../decorators.js';
import { toGlobalId, Node } from '../nodes/node.js';

/** An asset tree. Its fields are read from a `TreeRecord`. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description:
    'A tree of assets. An asset may sit in several trees. From getAssetTree, searchAssetTree and getAssetTrees.',
})
export class AssetTree {
  @Field(() => GraphQLID, { description: 'Id of the tree in EnOS.' })
  treeId!: string;

  @Field(() => GraphQLID, { description: 'Organization that the tree belongs to.' })
  orgId!: string;
}

/** An asset's place in a tree. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'The place of an asset in a tree. From searchRelatedAssetNode and searchAssetPath.',
})
export class AssetTreeNode {
  constructor(tree: TreeRecord, asset: NodeRecord) {
    this.tree = tree;
    this.asset = asset;
  }

  get id(): string {
    return toGlobalId('AssetTreeNode', this.tree.orgId, this.tree.treeId, this.asset.assetId);
  }

  /** What the loaders know it by. */
  get key(): NodeKey {
    return { orgId: this.tree.orgId, treeId: this.tree.treeId, assetId: this.asset.assetId };
  }

  @Field(() => AssetTree, { description: 'The tree.' })
  tree: TreeRecord;

  @Field(() => Asset, { description: 'The asset that sits here.' })
  asset: NodeRecord;
}

/** Page of trees. */
export const AssetTreeConnection = connectionType('AssetTree', 'asset trees', () => AssetTree);

/** Page of nodes. */
export const AssetTreeNodeConnection = connectionType('AssetTreeNode', 'tree nodes', () => AssetTreeNode);
