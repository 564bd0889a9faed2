import { readFileSync } from 'node:fs';
import {
  buildSchema,
  findBreakingChanges,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql';
import type { GraphQLNamedType } from 'graphql';
import { OPERATIONS } from '../../src/enos/generated/operations.js';
import { schemaText } from '../../src/graph/emit-schema.js';
import { schema } from './fake-loaders.js';

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
);

/** Everything in a type that wants a description, by its place. */
function described(type: GraphQLNamedType): [string, string | null | undefined][] {
  const parts: [string, string | null | undefined][] = [[type.name, type.description]];
  if (isEnumType(type))
    for (const value of type.getValues()) parts.push([`${type.name}.${value.name}`, value.description]);
  if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields()))
      parts.push([`${type.name}.${field.name}`, field.description]);
  }
  if (isObjectType(type) || isInterfaceType(type)) {
    if (type.name === 'Query') parts.shift();
    for (const field of Object.values(type.getFields())) {
      parts.push([`${type.name}.${field.name}`, field.description]);
      for (const arg of field.args) parts.push([`${type.name}.${field.name}(${arg.name})`, arg.description]);
    }
  }
  return parts;
}

const parts = types.flatMap(described);

test('every type, field, argument and enum value says what it is', () => {
  expect(parts.length).toBeGreaterThan(400);
  expect(
    parts
      .filter(
        ([, description]) => !description || description.length < 7 || !/[.!]$/.test(description.trim()),
      )
      .map(([place]) => place),
  ).toEqual([]);
});

test('operations that descriptions name are operations of the contracts', () => {
  const known = new Set(Object.values(OPERATIONS).map(({ operation }) => operation));
  const named = parts.flatMap(([place, text]) =>
    [...(text ?? '').matchAll(/\b(?:get|search|aggregate)(?:[A-Z][a-z]+)+\b/g)].map(
      ([operation]) => [place, operation] as const,
    ),
  );
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter(([, operation]) => !known.has(operation))).toEqual([]);
});

test('schema/schema.graphql is fresh', () => {
  expect(readFileSync('schema/schema.graphql', 'utf8')).toBe(schemaText());
});

test('there is nothing to subscribe to', () => {
  expect(schema.getSubscriptionType()).toBeUndefined();
});

/** The skeleton of the design: adding to it is free, changing it is not. */
const PAGE = 'first: Int, after: String, last: Int, before: String, offset: Int';
const SKELETON = `
  scalar DateTime scalar Duration scalar JSON scalar BigInt
  enum AlertState { ACTIVE HISTORY }
  input AssetFilter { modelIds: [ID!] } input ThingModelFilter { modelIds: [ID!] } input AssetTreeFilter { treeIds: [ID!] } input AlertFilter { assetIds: [ID!] }
  interface Node { id: ID! }
  type Query {
    node(id: ID!): Node
    nodes(ids: [ID!]!): [Node]!
    asset(assetId: ID!, orgId: ID): Asset
    assetsById(assetIds: [ID!]!, orgId: ID): [Asset]!
    assets(filter: AssetFilter, orgId: ID, ${PAGE}): AssetConnection
    thingModel(modelId: ID!, orgId: ID): ThingModel
    thingModels(filter: ThingModelFilter, orgId: ID, ${PAGE}): ThingModelConnection
    assetTree(treeId: ID!, orgId: ID): AssetTree
    assetTrees(filter: AssetTreeFilter, orgId: ID, ${PAGE}): AssetTreeConnection
    alerts(state: AlertState! = ACTIVE, filter: AlertFilter, orgId: ID, ${PAGE}): AlertConnection
    alertSummary(groupBy: AlertGrouping!, filter: AlertFilter, orgId: ID): [AlertCount!]
  }
  enum AlertGrouping { SEVERITY }
  type AlertCount { value: String! count: Int! }
  type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
  type AssetEdge { cursor: String! node: Asset! }
  type AssetConnection { nodes: [Asset!]! edges: [AssetEdge!]! pageInfo: PageInfo! totalCount: Int! }
  type ThingModelConnection { nodes: [ThingModel!]! totalCount: Int! }
  type AssetTreeConnection { nodes: [AssetTree!]! totalCount: Int! }
  type AssetTreeNodeConnection { nodes: [AssetTreeNode!]! totalCount: Int! }
  type AlertConnection { nodes: [Alert!]! totalCount: Int! }
  type LocalizedString { default: String }
  type ThingModel implements Node { id: ID! modelId: ID! }
  type Tag { key: String! value: String! }
  type AttributeValue { attributeId: ID! definition: ThingAttribute value: JSON typed: Value unit: Unit }
  type ThingAttribute { attributeId: ID! }
  type Measurepoint { pointId: ID! }
  type IntValue { int: BigInt! }
  union Value = IntValue
  type Unit { unitId: String! multiplier: String symbol: String! }
  type Asset implements Node {
    id: ID! assetId: ID! orgId: ID! name(locale: String): String! names: LocalizedString! description: String
    timezone: String model: ThingModel attributes: JSON attribute(attributeId: ID!): AttributeValue tags: [Tag!]!
    point(pointId: ID!): AssetPoint points(pointIds: [ID!]): [AssetPoint!]
    alerts(state: AlertState! = ACTIVE, filter: AlertFilter, ${PAGE}): AlertConnection
    trees: [AssetTree!] nodes: [AssetTreeNode!] children(treeId: ID!, filter: AssetFilter, ${PAGE}): AssetConnection
  }
  enum Aggregate { AVG SUM MAX MIN FIRST LAST COUNT }
  type AssetPoint {
    pointId: ID! definition: Measurepoint latest(within: Duration): PointValue
    series(from: DateTime!, to: DateTime!, interval: Duration, aggregate: Aggregate, limit: Int, maxPoints: Int): Series
  }
  type PointValue { time: DateTime! timestamp: BigInt! value: JSON typed: Value quality: Int }
  type Series { unit: Unit values: [PointValue!]! statistics: SeriesStatistics! }
  type SeriesStatistics { count: Int! rawCount: Int min: Float max: Float mean: Float sum: Float first: PointValue last: PointValue truncated: Boolean! }
  type AssetTree implements Node { id: ID! treeId: ID! name(locale: String): String! root: AssetTreeNode! }
  type AssetTreeNode { asset: Asset! tree: AssetTree! parent: AssetTreeNode ancestors: [AssetTreeNode!]
    children(${PAGE}): AssetTreeNodeConnection descendants(filter: AssetFilter, ${PAGE}): AssetTreeNodeConnection }
  type AlertSeverity { severityId: ID! } type AlertType { typeId: ID! } type AlertContent { contentId: ID! } type AlertRule { ruleId: ID! }
  type Alert implements Node { id: ID! alertId: ID! state: AlertState! asset: Asset model: ThingModel point: AssetPoint
    severity: AlertSeverity type: AlertType content: AlertContent rule: AlertRule occurredAt: DateTime! recoveredAt: DateTime }
`;

test('the skeleton is there, name by name', () => {
  expect(findBreakingChanges(buildSchema(SKELETON), schema)).toEqual([]);
});

test('what its object does not hold is nullable', () => {
  // Links to other objects, by type: only what came along may be required.
  const required = types.filter(isObjectType).flatMap((type) =>
    Object.values(type.getFields())
      .filter(
        (field) =>
          isNonNullType(field.type) &&
          ['Asset', 'AssetTree', 'ThingModel', 'Alert'].includes(getNamedType(field.type).name),
      )
      .map((field) => `${type.name}.${field.name}`),
  );
  expect(required.filter((place) => !/(Edge\.node|Connection\.nodes)$/.test(place)).sort()).toEqual([
    'AssetTreeNode.asset',
    'AssetTreeNode.tree',
    'Query.assetsById',
  ]);
});

test('plain fields have no resolver of their own', () => {
  const resolved = (type: string, field: string): unknown => {
    const found = schema.getType(type);
    return isObjectType(found) ? found.getFields()[field]?.resolve : 'no such type';
  };
  for (const [type, field] of [
    ['Asset', 'assetId'],
    ['PointValue', 'value'],
    ['Series', 'values'],
    ['AssetConnection', 'nodes'],
    ['ThingModel', 'id'],
  ] as const) {
    expect([type, field, resolved(type, field)]).toEqual([type, field, undefined]);
  }
});

test('lists tell the cost estimate how long they may be', () => {
  const fields = schema.getQueryType()?.getFields() ?? {};
  const sizeOf = (name: string, args: Record<string, unknown>): unknown => {
    const listSize: unknown = fields[name]?.extensions['listSize'];
    return typeof listSize === 'function' ? (listSize as (args: unknown) => unknown)(args) : listSize;
  };
  expect(sizeOf('assets', {})).toBe(50);
  expect(sizeOf('assets', { first: 7 })).toBe(7);
  expect(sizeOf('alerts', { last: 9 })).toBe(9);
  expect(sizeOf('assetsById', { assetIds: ['a', 'b', 'c'] })).toBe(3);
  expect(sizeOf('nodes', { ids: ['a', 'b'] })).toBe(2);
});

test('scalars are few', () => {
  expect(
    types
      .filter((type) => isScalarType(type))
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['BigInt', 'DateTime', 'Duration', 'JSON']);
});
