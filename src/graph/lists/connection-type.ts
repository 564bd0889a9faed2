/** The object types of a connection, made per node type. Their fields are read from a `Connection` (connection.ts). */
import { GraphQLInt, GraphQLString } from 'graphql';
import { PageInfo } from './connection.js';
import { FRESHNESS, Freshness } from '../freshness.js';
import { Field, ObjectType } from '../decorators.js';

/** A class that type-graphql knows. */
export type TypeClass = abstract new (...args: never[]) => object;

/**
 * Declares `<name>Edge` and `<name>Connection` and returns the class of the latter, for type functions of fields.
 * `plural` names the items in descriptions, e.g. "assets".
 */
export function connectionType(name: string, plural: string, node: () => TypeClass): TypeClass {
  @ObjectType(`${name}Edge`, {
    simpleResolvers: true,
    description: `One of the ${plural} of a page, with its cursor.`,
  })
  class NodeEdge {
    @Field(() => GraphQLString, { description: 'Opaque place in the list, for `after` and `before`.' })
    cursor!: string;

    @Field(node, { description: 'The item itself.' })
    node!: unknown;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: `A page of ${plural}.` })
  class NodeConnection {
    @Field(() => [node()], { description: 'The items of the page.' })
    nodes!: unknown[];

    @Field(() => [NodeEdge], { description: 'The items of the page, each with its cursor.' })
    edges!: NodeEdge[];

    @Field(() => PageInfo, { description: 'Where the page lies in the whole list.' })
    pageInfo!: PageInfo;

    @Field(() => GraphQLInt, { description: 'Number of items in the whole list, as EnOS counts them.' })
    totalCount!: number;

    @Field(() => Freshness, FRESHNESS)
    freshness!: Freshness | null;
  }
  return NodeConnection;
}
