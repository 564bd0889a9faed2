/** How a value of a type is made ready for the answer, decided once per field instead of once per value. */
import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLString,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import type {
  GraphQLAbstractType,
  GraphQLLeafType,
  GraphQLList,
  GraphQLObjectType,
  GraphQLOutputType,
} from 'graphql';

/** The four kinds of types, each with whether null is an error there. */
export type Shape = LeafShape | ListShape | CompositeShape;
/** Those of objects. */
export type CompositeShape = AbstractShape | ObjectShape;

interface LeafShape {
  kind: 'leaf';
  nonNull: boolean;
  type: GraphQLLeafType;
  /** Whether the value may stand in the answer as it is, since serializing it would give the same. */
  isPlain: (value: unknown) => boolean;
}

interface ListShape {
  kind: 'list';
  nonNull: boolean;
  type: GraphQLList<GraphQLOutputType>;
  item: Shape;
}

interface AbstractShape {
  kind: 'abstract';
  nonNull: boolean;
  type: GraphQLAbstractType;
}

interface ObjectShape {
  kind: 'object';
  nonNull: boolean;
  type: GraphQLObjectType;
}

const MAX_INT = 2_147_483_647;
const isText = (value: unknown): boolean => typeof value === 'string';
const never = (): boolean => false;

/** Values of the scalars of the specification that `serialize` would return unchanged. */
const PLAIN = new Map<unknown, (value: unknown) => boolean>([
  [GraphQLString, isText],
  [GraphQLID, isText],
  [GraphQLBoolean, (value) => typeof value === 'boolean'],
  [GraphQLFloat, (value) => typeof value === 'number' && Number.isFinite(value)],
  [GraphQLInt, (value) => Number.isInteger(value) && Math.abs(value as number) <= MAX_INT],
]);

/** The shape of a type. */
export function shapeOf(type: GraphQLOutputType): Shape {
  const nonNull = isNonNullType(type);
  const inner = isNonNullType(type) ? type.ofType : type;
  if (isListType(inner)) return { kind: 'list', nonNull, type: inner, item: shapeOf(inner.ofType) };
  if (isLeafType(inner)) return { kind: 'leaf', nonNull, type: inner, isPlain: PLAIN.get(inner) ?? never };
  if (isAbstractType(inner)) return { kind: 'abstract', nonNull, type: inner };
  return { kind: 'object', nonNull, type: inner };
}

/** Name of the interface of objects that have an identity of their own. */
const ENTITY = 'Node';

/** Whether values of a shape, or the items of its lists, are objects with an identity of their own that outlive a request. */
export function isEntity(shape: Shape): boolean {
  switch (shape.kind) {
    case 'leaf':
      return false;
    case 'list':
      return isEntity(shape.item);
    case 'abstract':
      return shape.type.name === ENTITY;
    case 'object':
      // What is made for each request is never seen again.
      if (shape.type.extensions['isMadePerRequest'] === true) return false;
      return shape.type.getInterfaces().some(({ name }) => name === ENTITY);
  }
}
