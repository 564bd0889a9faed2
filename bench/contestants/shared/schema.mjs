/** The part of the product's schema that the workloads ask for: the same names, arguments and nullability. */
import { GraphQLScalarType } from 'graphql';

export const typeDefs = /* GraphQL */ `
  scalar DateTime
  scalar BigInt
  scalar JSON
  enum AlertState {
    ACTIVE
    HISTORY
  }
  type Query {
    asset(assetId: ID!, orgId: ID): Asset
    assets(orgId: ID, first: Int, offset: Int): AssetConnection
    assetsById(assetIds: [ID!]!, orgId: ID): [Asset]!
  }
  type PageInfo {
    hasNextPage: Boolean!
  }
  type AssetConnection {
    nodes: [Asset!]!
    pageInfo: PageInfo!
    totalCount: Int!
  }
  type Asset {
    assetId: ID!
    orgId: ID!
    modelId: ID!
    name(locale: String): String!
    description: String
    timezone: String
    model: ThingModel
    point(pointId: ID!): AssetPoint
    points(pointIds: [ID!]): [AssetPoint!]
    alerts(state: AlertState! = ACTIVE, first: Int): AlertConnection
    children(treeId: ID!, first: Int, offset: Int): AssetConnection
  }
  type ThingModel {
    modelId: ID!
    name(locale: String): String!
    category: String
  }
  type AssetPoint {
    pointId: ID!
    latest: PointValue
    series(from: DateTime!, to: DateTime!): Series
  }
  type Series {
    values: [PointValue!]!
  }
  type PointValue {
    time: DateTime!
    timestamp: BigInt!
    value: JSON
    quality: Int
  }
  type AlertConnection {
    nodes: [Alert!]!
    pageInfo: PageInfo!
    totalCount: Int!
  }
  type Alert {
    alertId: ID!
    assetId: ID!
    state: AlertState!
    pointId: ID
    severityId: ID
    severity: AlertSeverity
    type: AlertType
    content: AlertContent
    value: JSON
    occurredAt: DateTime!
  }
  type AlertSeverity {
    severityId: ID!
    name(locale: String): String!
  }
  type AlertType {
    typeId: ID!
    name(locale: String): String!
  }
  type AlertContent {
    contentId: ID!
    name(locale: String): String!
  }
`;

export const scalars = {
  DateTime: new GraphQLScalarType({
    name: 'DateTime',
    serialize: (milliseconds) => new Date(milliseconds).toISOString(),
    parseValue: (text) => Date.parse(text),
    parseLiteral: (node) => Date.parse(node.value),
  }),
  BigInt: new GraphQLScalarType({ name: 'BigInt', serialize: String }),
  JSON: new GraphQLScalarType({ name: 'JSON', serialize: (value) => value }),
};

/** The default text, else the English one, else any: what the product gives a caller who asks for no language. */
export const textIn = (text) => {
  const values = Object.entries(text?.i18nValue ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const english = values.find(([locale]) => /^en([-_]|$)/i.test(locale));
  return text?.defaultValue ?? (english ?? values[0])?.[1] ?? '';
};
const described = (id) => (id ? { [id[0]]: id[1], text: id[2] } : null);
const nameOf = { name: ({ text }) => textIn(text) };
const connection = ({ items, total, offset = 0 }) => ({
  nodes: items,
  totalCount: total,
  pageInfo: { hasNextPage: offset + items.length < total },
});

/** Reads that are no batches: straight from the root or from a parent. */
export const rootResolvers = (read) => ({
  asset: (_root, { assetId }, context) => read(context).asset(assetId),
  assets: async (_root, { first, offset }, context) =>
    connection(await read(context).assets(first ?? 50, offset ?? 0)),
  assetsById: (_root, { assetIds }, context) => read(context).assetsById(assetIds),
});

/** Fields that need no call. */
export const plainResolvers = {
  Asset: {
    name: ({ name }) => textIn(name),
    point: ({ assetId }, { pointId }) => ({ assetId, pointId }),
    points: ({ assetId }, { pointIds }) => pointIds.map((pointId) => ({ assetId, pointId })),
  },
  ThingModel: { name: ({ name }) => textIn(name) },
  PointValue: { time: ({ timestamp }) => timestamp, quality: () => null },
  Alert: {
    alertId: ({ eventId }) => eventId,
    state: () => 'ACTIVE',
    pointId: ({ measurepointId }) => measurepointId,
    severity: (a) => described(a.severityId && ['severityId', a.severityId, a.severityDesc]),
    type: (a) =>
      described(
        a.subTypeId ? ['typeId', a.subTypeId, a.subTypeDesc] : a.typeId && ['typeId', a.typeId, a.typeDesc],
      ),
    content: (a) => described(a.contentId && ['contentId', a.contentId, a.contentDesc]),
    occurredAt: ({ occurTime }) => occurTime,
  },
  AlertSeverity: nameOf,
  AlertType: nameOf,
  AlertContent: nameOf,
};

/** Resolvers with calls, over DataLoaders: `loaders` of a request by its context. */
export const loadingResolvers = (loaders) => ({
  Asset: {
    model: ({ modelId }, _args, context) => loaders(context).model.load(modelId),
    alerts: async ({ assetId }, { first }, context) => {
      const all = await loaders(context).alerts.load(assetId);
      return connection({ items: all.slice(0, first ?? 50), total: all.length });
    },
    children: async ({ assetId }, { treeId, first, offset }, context) =>
      connection(await loaders(context).children(treeId, assetId, first ?? 50, offset ?? 0)),
  },
  AssetPoint: {
    latest: ({ assetId, pointId }, _args, context) => loaders(context).latest.load({ assetId, pointId }),
    series: ({ assetId, pointId }, { from, to }, context) =>
      loaders(context).series.load({ assetId, pointId, from, to }),
  },
});

export const alertConnection = (items, first = 50) =>
  connection({ items: items.slice(0, first), total: items.length });
