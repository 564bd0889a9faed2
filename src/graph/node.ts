/** The interface of everything that has a global id. */
import { GraphQLID } from 'graphql';
import { Field, InterfaceType } from './decorators.js';

/** Description of every global id. */
export const GLOBAL_ID = {
  description: 'Global id: opaque, unique among all types and organizations.',
} as const;

/**
 * Records of described entities say what they are; the others are told by the id that only they have, since parents are the
 * records of the loaders.
 */
function typeNameOf(value: object): string {
  if ('__typename' in value) return String(value.__typename);
  if ('pointId' in value) return 'AssetPoint';
  if ('tree' in value) return 'AssetTreeNode';
  return 'treeId' in value ? 'AssetTree' : 'Asset';
}

@InterfaceType('Node', {
  description: 'Anything that `node(id)` can find again.',
  resolveType: (value: object) => typeNameOf(value),
})
export abstract class Node {
  @Field(() => GraphQLID, GLOBAL_ID)
  id!: string;
}
