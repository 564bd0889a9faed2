/** The interface of everything that has a global id. */
import { GraphQLID } from 'graphql';
import { Field, InterfaceType } from '../decorators.js';
import { ENTITIES, SPECIAL } from '../../loading/entities/index.js';
import { badUserInput } from '../errors/raise.js';
import { MAX_ID_LENGTH } from './ids.js';

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

/** Global ids: opaque to callers, and made so that no part of one can be taken for a part of another. */

/** Types that `node` finds, and how many EnOS ids their global id holds besides the organization. */
const NODE_TYPES: Readonly<Record<string, number>> = {
  AssetTree: 1,
  AssetTreeNode: 2,
  AssetPoint: 2,
  ...Object.fromEntries(ENTITIES.map(({ type }) => [type, 1])),
  ...Object.fromEntries(SPECIAL.flatMap(({ type, load }) => (load ? [[type, 1]] : []))),
};

/** What a global id says. */
export interface NodeId {
  /** Name of a type that implements Node. */
  type: string;
  orgId: string;
  /** Plain EnOS ids: assetId, modelId, treeId, alertId; treeId and assetId of a tree node; assetId and pointId of a point. */
  ids: readonly [string, ...string[]];
}

const LONGEST = 2000;

/** Encodes type, organization and plain ids as one opaque text. */
export function toGlobalId(type: string, orgId: string, ...ids: [string, ...string[]]): string {
  return Buffer.from(JSON.stringify([type, orgId, ...ids]), 'utf8').toString('base64url');
}

/** Reads a global id. Throws BAD_USER_INPUT naming `argument` for anything that `toGlobalId` did not make. */
export function fromGlobalId(id: string, argument: string): NodeId {
  const parts = decode(id);
  const [type, orgId, first, ...rest] = parts ?? [];
  const isKnown = type !== undefined && Object.hasOwn(NODE_TYPES, type);
  if (!isKnown || orgId === undefined || first === undefined) throw malformed(id, argument);
  if (rest.length + 1 !== NODE_TYPES[type]) throw malformed(id, argument);
  return { type, orgId, ids: [first, ...rest] };
}

function decode(id: string): string[] | undefined {
  if (id.length > LONGEST || !/^[A-Za-z0-9_-]+$/.test(id)) return undefined;
  try {
    const parts: unknown = JSON.parse(Buffer.from(id, 'base64url').toString('utf8'));
    const isPlain =
      Array.isArray(parts) &&
      parts.every((part) => typeof part === 'string' && part !== '' && part.length <= MAX_ID_LENGTH);
    return isPlain ? (parts as string[]) : undefined;
  } catch {
    // Not JSON: made up, or a plain EnOS id.
    return undefined;
  }
}

function malformed(id: string, argument: string): Error {
  const shown = id.length > 60 ? `${id.slice(0, 60)}...` : id;
  return badUserInput(
    `Argument "${argument}": "${shown}" is not a global id. Take it from an "id" field; plain EnOS ids go to fields such as asset(assetId).`,
    argument,
  );
}
