/** TSDB Policy Service: saved policies decide what metadata say and which reads find a point. */
import { operationCaller } from '../../support/operation-calls.js';
import type { TinySimulator } from '../../support/tiny-simulator.js';
import { startTinySimulator } from '../../support/tiny-simulator.js';
import { tinyWorld } from '../../support/tiny-world.js';

let simulator: TinySimulator;
beforeEach(async () => {
  const world = tinyWorld();
  const policy = world.policies.get('policyAi');
  if (policy === undefined) throw new Error('no policy');
  const others = { policyNorm: 'NORMALIZED', policyDi: 'DI', policyLast: 'LAST_CHANGED', policyRaw2: 'RAW' };
  for (const [policyId, policyType] of Object.entries(others))
    world.policies.set(policyId, { ...policy, policyId, policyType, models: [] });
  const turbine = world.models.get('DF_Turbine');
  const { activePower } = turbine?.measurepoints ?? {};
  if (turbine === undefined || activePower === undefined) throw new Error('no turbine');
  const many = Array.from(
    { length: 10_001 },
    (_, i) => [`p${i}`, { ...activePower, identifier: `p${i}` }] as const,
  );
  world.models.set('Many', {
    ...turbine,
    modelId: 'Many',
    measurepoints: Object.fromEntries(many),
    storage: {},
  });
  for (let i = 0; i < 200; i++) world.models.set(`m${i}`, { ...turbine, modelId: `m${i}`, storage: {} });
  simulator = await startTinySimulator({ world });
});
afterEach(async () => {
  await simulator.close();
  expect(simulator.faults).toEqual([]);
});

const call = operationCaller(() => simulator);
const save = (policyId: string, body: object) => call('saveStoragePolicy', { path: { policyId }, body });
const saveV21 = (policyId: string, body: object) =>
  call('saveStoragePolicyV21', { path: { policyId }, body });
const read = async (policyId: string) => (await call('getStoragePolicyV21', { path: { policyId } })).data;
async function kinds(): Promise<unknown> {
  const query = { modelIds: 'DF_Turbine' };
  const [row] = (await call('getMeasurementPointTsdbMetadata', { query })).data as {
    tsdb_metadata: unknown;
  }[];
  return row?.tsdb_metadata;
}
const items = async (operationId: string, body: object) =>
  ((await call(operationId, { body })).data as { items: unknown[] }).items.length;

const POINT = { modelId: 'DF_Turbine', points: [{ pointId: 'activePower' }] };
const PLAIN = { modelId: 'DF_Turbine', points: ['activePower'] };
const WINDOW = { startTime: '2024-06-15 00:00:00', endTime: '2024-06-15 06:00:00' };
const PAIR = { assetIds: 'turbine1', pointIds: 'activePower' };
const NORMALIZED = { assetIds: 'turbine1', pointIdsWithLogic: 'avg(activePower)', interval: 60, ...WINDOW };

it('puts points under a policy: metadata name the kind, and its reads find them', async () => {
  expect(await kinds()).toEqual({ activePower: ['AI_RAW'] });
  expect(await items('getAssetAiDataWithAggregationLogic', NORMALIZED)).toBe(0);
  expect(await saveV21('policyNorm', { retention: '6M', models: [POINT] })).toMatchObject({
    code: 0,
    data: null,
  });
  expect(await kinds()).toEqual({ activePower: ['AI_RAW', 'AI_NORMALIZED'] });
  expect(await items('getAssetAiDataWithAggregationLogic', NORMALIZED)).toBe(6);
  expect(await read('policyNorm')).toMatchObject({
    retention: '6M',
    models: [{ modelId: 'DF_Turbine', points: [{ pointId: 'activePower', sdt: null, db: null }] }],
  });
});

it('takes points from under a policy that its list no longer has', async () => {
  expect(await items('getAssetAiRawData', { ...PAIR, ...WINDOW })).toBe(6);
  expect((await save('policyAi', { models: [] })).code).toBe(0);
  expect(await kinds()).toEqual({});
  expect(await items('getAssetAiRawData', { ...PAIR, ...WINDOW })).toBe(0);
  expect(await items('getAssetLatestData', PAIR)).toBe(0);
  const unformatted = { modelId: 'DF_Turbine', ...PAIR, ...WINDOW };
  expect(await items('getAssetUnformattedData', unformatted)).toBe(6);
});

it('keeps the kind of a point that another policy of the kind covers', async () => {
  await save('policyRaw2', { retention: '1y', models: [PLAIN] });
  await save('policyAi', { models: [] });
  expect(await kinds()).toEqual({ activePower: ['AI_RAW'] });
});

it('keeps compression where the edition of plain points cannot tell it', async () => {
  const sdt = { compdev: 0.5, compmax: 1800, compmin: 30 };
  const db = { excdev: 0.2, excmax: 600, excmin: 10 };
  await saveV21('policyAi', { models: [{ ...POINT, points: [{ pointId: 'activePower', sdt, db }] }] });
  await save('policyAi', { retention: '2y', models: [PLAIN] });
  expect(await read('policyAi')).toMatchObject({
    retention: '2y',
    models: [{ points: [{ pointId: 'activePower', sdt, db }] }],
  });
  expect((await call('getStoragePolicy', { path: { policyId: 'policyAi' } })).data).toMatchObject({
    models: [{ modelId: 'DF_Turbine', points: ['activePower'] }],
  });
});

it('takes a policy without retention for points that have one only', async () => {
  expect((await saveV21('policyAi', { models: [POINT] })).code).toBe(0);
  expect(await read('policyAi')).toMatchObject({ retention: '1y' });
  expect((await saveV21('policyNorm', { models: [POINT] })).code).toBe(80500);
});

it.each<[string, string, object]>([
  ['an unknown policy', 'none', { models: [] }],
  ['an unknown model', 'policyAi', { retention: '1y', models: [{ modelId: 'none', points: [] }] }],
  [
    'an unknown point',
    'policyAi',
    { retention: '1y', models: [{ ...POINT, points: [{ pointId: 'none' }] }] },
  ],
  ['an unknown retention', 'policyAi', { retention: '4y', models: [POINT] }],
  ['no models', 'policyAi', { retention: '1y' }],
  [
    'compression of states',
    'policyDi',
    { retention: '1y', models: [{ ...POINT, points: [{ pointId: 'activePower', db: { excdev: 1 } }] }] },
  ],
  [
    'more than 200 models',
    'policyAi',
    {
      retention: '1y',
      models: [POINT, ...Array.from({ length: 200 }, (_, i) => ({ modelId: `m${i}`, points: [] }))],
    },
  ],
  [
    'more than 10000 points of last changes',
    'policyLast',
    {
      retention: '1y',
      models: [{ modelId: 'Many', points: Array.from({ length: 10_001 }, (_, i) => ({ pointId: `p${i}` })) }],
    },
  ],
])('refuses %s with 80500, and changes nothing', async (_what, policyId, body) => {
  const before = [await kinds(), await read('policyAi')];
  expect((await saveV21(policyId, body)).code).toBe(80500);
  expect([await kinds(), await read('policyAi')]).toEqual(before);
});

it('sets how long unformatted data are kept', async () => {
  expect((await call('updateUnformattedPolicy', { query: { retention: '10y' } })).code).toBe(0);
  expect((await call('getUnformattedPolicy')).data).toEqual({
    policyId: 'p0',
    retention: '10y',
    updateTime: '2024-06-15T12:00:00.000+00:00',
  });
  expect((await call('updateUnformattedPolicy', { query: { retention: '4y' } })).code).toBe(80500);
  expect((await call('updateUnformattedPolicy')).code).toBe(80500);
});
