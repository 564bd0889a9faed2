/** Composes the configuration of Hive Gateway over the shaped upstream: batched reads by id, one object for an id. */
import { defineConfig } from '@graphql-mesh/compose-cli';
import { loadJSONSchemaSubgraph } from '@omnigraph/json-schema';

const text = { type: 'string' };
const whole = { type: 'integer' };
const object = (title, properties) => ({ type: 'object', title, properties });
const list = (items) => ({ type: 'array', items });
const ids = { type: 'array', items: text };
const byIds = (field, path, key, item) => ({
  type: 'query',
  field,
  path,
  method: 'GET',
  argTypeMap: { ids },
  queryParamArgMap: { [key]: 'ids' },
  responseSchema: list(item),
});
const alert = object('Alert', {
  alertId: text,
  occurredAt: text,
  severity: object('AlertSeverity', { severityId: text, name: text }),
  content: object('AlertContent', { name: text }),
});
export const composeConfig = defineConfig({
  subgraphs: [
    {
      sourceHandler: loadJSONSchemaSubgraph('rest', {
        endpoint: process.env.UPSTREAM,
        queryStringOptions: { arrayFormat: 'repeat', indices: false },
        operations: [
          {
            type: 'query',
            field: 'asset',
            path: '/shaped/A?assetId={args.assetId}',
            method: 'GET',
            responseSchema: object('Asset', { assetId: text, name: text, timezone: text, modelId: text }),
          },
          {
            type: 'query',
            field: 'childrenOf',
            path: '/shaped/C?assetId={args.assetId}',
            method: 'GET',
            responseSchema: object('AssetConnection', {
              totalCount: whole,
              nodes: list(object('Asset', { assetId: text, name: text, timezone: text, modelId: text })),
            }),
          },
          byIds('modelsByIds', '/shaped/M', 'modelId', object('ThingModel', { modelId: text, name: text })),
          byIds(
            'pointsByIds',
            '/shaped/Q',
            'assetId',
            object('AssetPoints', {
              assetId: text,
              points: list(
                object('AssetPoint', {
                  pointId: text,
                  latest: object('PointValue', { time: text, value: { type: 'number' } }),
                }),
              ),
            }),
          ),
          byIds(
            'alertsByIds',
            '/shaped/E',
            'assetId',
            object('AlertConnection', { assetId: text, totalCount: whole, nodes: list(alert) }),
          ),
        ],
      }),
    },
  ],
  additionalTypeDefs: /* GraphQL */ `
    extend type Asset {
      children(treeId: ID!, first: Int): AssetConnection
        @resolveTo(
          sourceName: "rest"
          sourceTypeName: "Query"
          sourceFieldName: "childrenOf"
          requiredSelectionSet: "{ assetId }"
          sourceArgs: { assetId: "{root.assetId}" }
        )
      model: ThingModel
        @resolveTo(
          sourceName: "rest"
          sourceTypeName: "Query"
          sourceFieldName: "modelsByIds"
          requiredSelectionSet: "{ modelId }"
          keyField: "modelId"
          keysArg: "ids"
        )
      points(pointIds: [ID!]): [AssetPoint]
        @resolveTo(
          sourceName: "rest"
          sourceTypeName: "Query"
          sourceFieldName: "pointsByIds"
          requiredSelectionSet: "{ assetId }"
          keyField: "assetId"
          keysArg: "ids"
          result: "points"
        )
      alerts(first: Int): AlertConnection
        @resolveTo(
          sourceName: "rest"
          sourceTypeName: "Query"
          sourceFieldName: "alertsByIds"
          requiredSelectionSet: "{ assetId }"
          keyField: "assetId"
          keysArg: "ids"
        )
    }
  `,
});
