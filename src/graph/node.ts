/** The interface of everything that has a global id. */
import { GraphQLID } from 'graphql';
import { Field, InterfaceType } from './decorators.js';

/** Description of every global id. */
export const GLOBAL_ID = {
  description: 'Global id: opaque, unique among all types and organizations.',
} as const;

/** Structural, because parents are the records of the loaders: each kind is told by the id that only it has. */
function typeNameOf(value: object): string {
  if ('alertId' in value) return 'Alert';
  if ('modelKey' in value) return 'ThingModel';
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
