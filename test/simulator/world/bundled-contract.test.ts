/**
 * The bundled world through the simulator: whatever it holds goes out as the contract says.
 */
import { bundledWorldFolder, loadWorld } from '../../../src/simulator/world/load.js';
import { contractErrors } from '../../support/enos-contract.js';
import type { TinySimulator } from '../../support/tiny-simulator.js';
import { startTinySimulator } from '../../support/tiny-simulator.js';

const NOW = Date.UTC(2024, 5, 15, 12, 0, 30);
const ASSETS = 'Rk3vTq8M,mE5tQ1aZ,tB4nX9wL,iN3vR8sT,bT9yW2cD,wM3sA7vD';
const POINTS =
  'activePower,energyExported,energyProduced,runState,running,mode,statusText,phaseCurrents,cellVoltages,stringCurrents,' +
  'vibrationRaw,soc,windSpeed,globalIrradiance';
const DAY = { startTime: '2024-06-14 00:00:00', endTime: '2024-06-15 00:00:00', pageSize: 50 };

let simulator: TinySimulator;
beforeAll(async () => {
  const world = await loadWorld(bundledWorldFolder, { now: () => NOW });
  simulator = await startTinySimulator({ world, now: () => NOW });
});
afterAll(async () => {
  await simulator.close();
  expect(simulator.faults).toEqual([]);
});

async function items(operationId: string, path: string, body: object, query = {}): Promise<unknown[]> {
  const reply = await simulator.client.call({ method: 'POST', path, query, body });
  expect(reply).toMatchObject({ status: 200, body: { code: 0 } });
  expect(contractErrors(operationId, reply.body)).toBeNull();
  const data = reply.body.data as { items?: unknown[] } | unknown[];
  return Array.isArray(data) ? data : (data.items ?? []);
}

const TSDB = '/tsdb-service/v2.1';
const AGGREGATES = 'avg(activePower),max(windSpeed),sum(soc),last(globalIrradiance)';

describe.each([0, 1, 2])('itemFormat %i', (itemFormat) => {
  test.each<[string, string, object]>([
    ['getAssetLatestData', '/latest', { pointIds: POINTS, ifWithLocalTime: true, localTimeFormat: 1 }],
    ['getAssetAiRawData', '/ai', { pointIds: POINTS, ...DAY, withQuality: true }],
    [
      'getAssetAiDataWithAggregationLogic',
      '/ai-normalized',
      { pointIdsWithLogic: AGGREGATES, interval: 60, ...DAY },
    ],
    [
      'getAssetElectricPowerData',
      '/electric-power',
      { pointIdsWithLogic: 'sum(energyProduced)', interval: 60, ...DAY },
    ],
    ['getAssetCurrentDayElectricPower', '/electric-power/current-day', { pointIds: POINTS }],
    ['getAssetGenericData', '/generic', { pointIds: POINTS, ...DAY }],
    [
      'getAssetRawDataByTimeRange',
      '/raw',
      { pointIds: POINTS, ...DAY, boundaryType: 'sample', interval: 600 },
    ],
    ['getAssetUnifiedRawData', '/unified-raw', { pointIds: POINTS, ...DAY, orderBy: 'timestamp desc' }],
    ['getAssetUnformattedData', '/unformatted', { pointIds: 'vibrationRaw', ...DAY }],
    ['getLastChangedData', '/data/last-changed', { pointIds: POINTS }],
    ['getAssetDiData', '/di', { assetIds: 'tB4nX9wL,bT9yW2cD', pointIds: 'runState,running,mode', ...DAY }],
    [
      'getAssetDiDataDuration',
      '/di/duration',
      { assetIds: 'tB4nX9wL,bT9yW2cD', pointIds: 'runState,mode', ...DAY },
    ],
  ])('%s', async (operationId, path, body) => {
    const found = await items(operationId, TSDB + path, { assetIds: ASSETS, itemFormat, ...body });
    expect(found.length).toBeGreaterThan(0);
  });
});

test('every model and every asset of both trees', async () => {
  const page = { pageNo: 1, pageSize: 1000 };
  const models = await items(
    'searchThingModel',
    '/model-service/v2.1/thing-models',
    { pagination: page },
    { action: 'search' },
  );
  expect(models).toHaveLength(14);
  for (const treeId of ['Wf7kQ2Zx', 'Lm3xE8Vd']) {
    const path = '/asset-tree-service/v2.1/asset-nodes';
    const assets = await items(
      'searchRelatedAssetNode',
      path,
      { pagination: page },
      { action: 'searchRelatedAsset', treeId },
    );
    // All but the one that may not be read.
    expect(assets).toHaveLength(323);
  }
});

test('active alerts of the last months', async () => {
  const body = { pagination: { pageNo: 1, pageSize: 100 } };
  const path = '/event-service/v2.1/active-alerts';
  const alerts = await items('searchActiveAlerts', path, body, { action: 'search' });
  expect(alerts.length).toBeGreaterThan(15);
});
