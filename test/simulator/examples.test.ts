/**
 * Every example request of the contract's read operations, and the ways in which each operation refuses one.
 */
import type { EnosCall, EnosReply } from '../support/enos-client.js';
import { contractErrors, readOperations } from '../support/enos-contract.js';
import type { TestedOperation } from '../support/enos-contract.js';
import { startTinySimulator } from '../support/tiny-simulator.js';
import type { TinySimulator } from '../support/tiny-simulator.js';
import { TINY_ALERTS } from '../support/tiny-world.js';

const FILES = [
  'asset.yaml',
  'model.yaml',
  'asset-tree.yaml',
  'alert.yaml',
  'tsdb-data.yaml',
  'tsdb-policy.yaml',
];
const OPERATIONS = readOperations(...FILES);

/** The contract's example ids, and what stands for them in the tiny world. */
const IDS: Record<string, string> = {
  tB4nX9wL: 'turbine1',
  mC7pZ2dJ: 'turbine2',
  Rk3vTq8M: 'siteA',
  gH2sD6kP: 'region',
  Wf7kQ2Zx: 'treeRegn',
  Lm3xE8Vd: 'treeTech',
  aWt1G07k: 'turbine1',
  tWind8Qe: 'treeRegn',
  sSite01A: 'siteA',
  k7Pq2VzR: 'turbine2',
  gearbox_oil_overheat: 'c_power',
  r_gearbox_oil_hot: 'r_power',
  '202006010d9f3b62e7a14c58b6e2f0917a5c84d3': TINY_ALERTS.root.alertId,
};

/** Required query parameters beside orgId and action. */
const QUERY: Record<string, Record<string, string>> = {
  getAsset: { assetId: 'turbine1' },
  getThingModel: { modelId: 'DF_Turbine' },
  getAssetTree: { treeId: 'treeRegn' },
  searchRelatedAssetNode: { treeId: 'treeRegn' },
  searchAssetPath: { treeId: 'treeRegn' },
  getAlertContent: { contentId: 'c_power' },
  getMeasurementPointTsdbMetadata: { modelIds: 'DF_Turbine' },
  queryMetricData: { metrics: 'daily_energy' },
};

const PAIRS = ['assetIds', 'pointIds'];
const WINDOW = ['startTime', 'endTime'];

/** Members that bodies must have. */
const REQUIRED: Record<string, string[]> = {
  getAssetTrees: ['assetIds'],
  aggregateActiveAlerts: ['groupByField'],
  searchHistoryAlerts: ['startOccurTime', 'endOccurTime'],
  scrollHistoryAlerts: ['scroll', 'startOccurTime', 'endOccurTime'],
  searchAlerts: ['startOccurTime', 'endOccurTime'],
  scrollAlerts: ['scroll', 'startOccurTime', 'endOccurTime'],
  getAssetLatestData: PAIRS,
  filterAssetLatestData: ['modelId', 'assetIds', 'pointId', 'operator', 'valueFilter'],
  getAssetAiRawData: [...PAIRS, ...WINDOW],
  getAssetAiDataWithAggregationLogic: ['assetIds', 'pointIdsWithLogic', 'interval', ...WINDOW],
  getAssetCurrentDayElectricPower: PAIRS,
  getAssetDiData: [...PAIRS, ...WINDOW],
  getAssetDiDataDuration: [...PAIRS, ...WINDOW],
  getAssetGenericData: [...PAIRS, ...WINDOW],
  getAssetRawDataByTimeRange: [...PAIRS, ...WINDOW],
  queryMetricDataByPost: ['orgId', 'metrics'],
};

/** Codes of a wrong parameter and of a foreign organization; the policy service documents none but its general one. */
function codesOf({ file, operationId }: TestedOperation): {
  key: 'code' | 'status';
  invalid: number;
  denied: number;
} {
  if (operationId === 'getMeasurementPointTsdbMetadata') return { key: 'status', invalid: 500, denied: 500 };
  if (file === 'tsdb-policy.yaml') return { key: 'code', invalid: 80500, denied: 80500 };
  if (file === 'tsdb-data.yaml') return { key: 'code', invalid: 80400, denied: 80401 };
  return { key: 'code', invalid: 99400, denied: 99403 };
}

let simulator: TinySimulator;
beforeAll(async () => {
  simulator = await startTinySimulator();
});
afterAll(async () => {
  await simulator.close();
  expect(simulator.faults).toEqual([]);
});

function callOf(
  operation: TestedOperation,
  body: unknown,
  query: Record<string, string | undefined> = {},
): EnosCall {
  const text = Object.entries(IDS).reduce(
    (all, [from, to]) => all.replaceAll(from, to),
    JSON.stringify(body ?? null),
  );
  return {
    method: operation.method,
    path: operation.path.replace('{policyId}', 'policyAi'),
    query: { action: operation.action, ...QUERY[operation.operationId], ...query },
    ...(body === undefined ? {} : { body: JSON.parse(text) as unknown }),
  };
}

// The example of a later slice holds a token that no reply of this simulator carried; alerts.test.ts scrolls on.
const EXAMPLES = OPERATIONS.flatMap((operation) =>
  operation.examples
    .filter(([name]) => !(operation.operationId.startsWith('scroll') && name === 'next'))
    .map(([name, body]) => [operation.operationId, name, operation, body] as const),
);

it('knows the operations that it has to try', () => {
  expect(OPERATIONS.map(({ operationId }) => operationId).sort()).toEqual([
    'aggregateActiveAlerts',
    'checkDeadData',
    'filterAssetLatestData',
    'getAlertContent',
    'getAsset',
    'getAssetAiDataWithAggregationLogic',
    'getAssetAiRawData',
    'getAssetCurrentDayElectricPower',
    'getAssetDiData',
    'getAssetDiDataDuration',
    'getAssetElectricPowerData',
    'getAssetGenericData',
    'getAssetLatestData',
    'getAssetRawDataByTimeRange',
    'getAssetTree',
    'getAssetTrees',
    'getAssetUnformattedData',
    'getAssetUnifiedRawData',
    'getDataDeletionDetails',
    'getLastChangedData',
    'getMeasurementPointTsdbMetadata',
    'getStoragePolicy',
    'getStoragePolicyV21',
    'getThingModel',
    'getUnformattedPolicy',
    'queryMetricData',
    'queryMetricDataByPost',
    'scrollAlerts',
    'scrollHistoryAlerts',
    'searchActiveAlerts',
    'searchAlertContent',
    'searchAlertRule',
    'searchAlertSeverity',
    'searchAlertType',
    'searchAlerts',
    'searchAssetNode',
    'searchAssetPath',
    'searchAssetTree',
    'searchHistoryAlerts',
    'searchRelatedAssetNode',
    'searchThingModel',
    'searchThingModelV22',
  ]);
});

it.each(EXAMPLES)(
  '%s accepts the example %s and replies by the contract',
  async (operationId, _name, operation, body) => {
    const reply = await simulator.client.call(callOf(operation, body));
    expect(reply).toMatchObject({ status: 200, body: { [codesOf(operation).key]: 0 } });
    expect(contractErrors(operationId, reply.body)).toBeNull();
  },
);

describe.each(OPERATIONS.map((operation) => [operation.operationId, operation] as const))(
  '%s',
  (operationId, operation) => {
    const [, example] = operation.examples[0] ?? [];
    const { key, invalid, denied } = codesOf(operation);
    /** Refusals keep to the contract, and have no data. */
    const expectRefusal = (reply: EnosReply, code: number, status = 200): void => {
      expect(reply).toMatchObject({ status, body: { [key]: code } });
      expect(reply.body.data ?? null).toBeNull();
      expect(contractErrors(operationId, reply.body)).toBeNull();
    };
    const call = (
      query: Record<string, string | undefined> = {},
      body: unknown = example,
    ): Promise<EnosReply> => simulator.client.call(callOf(operation, body, query));

    it('refuses a wrong signature', async () => {
      const reply = await simulator.client.call({
        ...callOf(operation, example),
        headers: { 'apim-signature': 'x' },
      });
      expect(reply).toEqual({ status: 401, body: { message: 'Invalid authentication credentials' } });
    });

    it('answers an expired token with 401 and 1203 in its own envelope', async () => {
      const local = await startTinySimulator();
      await local.client.accessToken();
      local.clock.now += 7_200_000;
      const reply = await local.client.call(callOf(operation, example));
      await local.close();
      expectRefusal(reply, 1203, 401);
    });

    it('refuses a call without orgId, and one of another organization', async () => {
      const missing = await call({ orgId: undefined });
      expectRefusal(missing, invalid);
      expect(missing.body.msg).toContain('orgId');
      expectRefusal(await call({ orgId: 'o1' }), denied);
    });

    it('refuses a call without one of its query parameters', async () => {
      for (const name of Object.keys(QUERY[operationId] ?? {})) {
        const reply = await call({ [name]: undefined });
        expectRefusal(reply, invalid);
        expect(reply.body.msg).toContain(name);
      }
    });

    if (example === undefined) return;
    const whole = example as Record<string, unknown>;
    const spoilt: [string, string, unknown][] = [
      ['expression', 'a broken expression', "modelId = '"],
      ['expression', 'an unknown field', "noSuchField = 'x'"],
      ['expression', 'an expression that is no text', 5],
      ['pagination', 'a page size of 0', { pageNo: 1, pageSize: 0 }],
      ['pagination', 'a page number of 0', { pageNo: 0, pageSize: 10 }],
      ['projection', 'a projection that is none', ['a..b']],
    ];
    const known = spoilt.filter(([member]) => takes(operation, member));
    if (known.length > 0)
      it.each(known)('refuses in %s %s', async (member, _what, value) => {
        expectRefusal(await call({}, { ...whole, [member]: value }), invalid);
      });

    it('ignores members that it does not have, and refuses a body that is no object', async () => {
      expect((await call({}, { ...whole, action: 'anything', orgId: 'o1' })).body.code).toBe(0);
      expectRefusal(await call({}, []), invalid);
      expectRefusal(await simulator.client.call({ ...callOf(operation, example), body: '{"cut' }), invalid);
      for (const name of REQUIRED[operationId] ?? []) {
        expectRefusal(await call({}, { ...whole, [name]: undefined }), invalid);
      }
    });
  },
);

/** Members that some operations do not have, and therefore ignore. */
function takes({ operationId, file }: TestedOperation, member: string): boolean {
  if (file.startsWith('tsdb')) return false;
  const without: Record<string, string[]> = {
    expression: ['getAssetTrees', 'searchRelatedAssetNode', 'searchAssetPath'],
    pagination: ['getAssetTrees', 'aggregateActiveAlerts', 'scrollAlerts', 'scrollHistoryAlerts'],
    projection: ['aggregateActiveAlerts', 'scrollAlerts', 'scrollHistoryAlerts', 'searchAlerts'],
  };
  return !(without[member] ?? []).includes(operationId);
}
