/** TSDB Data Service: deleted latest values, deletion jobs and their life, points removed from the schema. */
import { operationCaller } from '../../support/operation-calls.js';
import type { TinySimulator } from '../../support/tiny-simulator.js';
import { startTinySimulator } from '../../support/tiny-simulator.js';
import { TINY_NOW } from '../../support/tiny-world.js';

const HOUR = 3_600_000;

let simulator: TinySimulator;
beforeEach(async () => {
  simulator = await startTinySimulator();
});
afterEach(async () => {
  await simulator.close();
  expect(simulator.faults).toEqual([]);
});

const call = operationCaller(() => simulator);
const pass = (milliseconds: number) => void (simulator.clock.now += milliseconds);
async function items(operationId: string, body: object): Promise<Record<string, unknown>[]> {
  const reply = await call(operationId, { body });
  expect(reply.code).toBe(0);
  return (reply.data as { items: Record<string, unknown>[] }).items;
}
const PAIR = { assetIds: 'turbine1,turbine2', pointIds: 'activePower' };

describe('deleteAssetLatestData', () => {
  it('hides the latest values until newer ones come, and leaves the history', async () => {
    const history = { ...PAIR, startTime: '2024-06-15 00:00:00', endTime: '2024-06-15 20:00:01' };
    const before = await items('getAssetAiRawData', history);
    expect(await call('deleteAssetLatestData', { body: { ...PAIR, assetIds: 'turbine1' } })).toEqual({
      code: 0,
      msg: 'OK',
      submsg: '',
      data: null,
    });
    expect(await items('getAssetLatestData', PAIR)).toMatchObject([{ assetId: 'turbine2' }]);
    const filter = { modelId: 'DF_Turbine', assetIds: PAIR.assetIds, pointId: 'activePower' };
    const all = { ...filter, operator: 'ge', valueFilter: '0' };
    expect(await items('filterAssetLatestData', all)).toMatchObject([{ assetId: 'turbine2' }]);
    expect(await items('getAssetAiRawData', history)).toEqual(before);
    pass(HOUR);
    expect(await items('getAssetLatestData', PAIR)).toMatchObject([
      { assetId: 'turbine1', timestamp: TINY_NOW + HOUR },
      { assetId: 'turbine2' },
    ]);
  });

  it('refuses what may not be accessed, and too much', async () => {
    const code = async (body: object) => (await call('deleteAssetLatestData', { body })).code;
    expect(await code({ ...PAIR, assetIds: 'turbine4' })).toBe(80401);
    expect(await code({ ...PAIR, assetIds: Array(3001).fill('a').join(',') })).toBe(80400);
    expect(await code({ ...PAIR, assetIds: '' })).toBe(80400);
  });
});

const JOB = {
  modelId: 'DF_Turbine',
  pointId: 'activePower',
  assetIds: 'turbine1',
  startTime: String(TINY_NOW - 4 * HOUR),
  endTime: String(TINY_NOW - 2 * HOUR),
};
const jobs = async (query: Record<string, string> = {}) =>
  (await call('getDataDeletionDetails', { query })).data as {
    total: number;
    list: Record<string, unknown>[];
  };
/** Number of the job, whose digits a JSON parser would round. */
async function submit(body: object = JOB): Promise<string> {
  const known = (await jobs({ pageSize: '100' })).list.length;
  expect(await call('submitDataDeletionJob', { body })).toMatchObject({ code: 0, submsg: 'success' });
  const { list } = await jobs({ pageSize: '100' });
  expect(list).toHaveLength(known + 1);
  return String(list[0]?.id);
}

describe('deletion jobs', () => {
  const hours = async (assetId: string) =>
    (
      await items('getAssetAiRawData', {
        assetIds: assetId,
        pointIds: 'activePower',
        startTime: new Date(TINY_NOW - 5 * HOUR).toISOString().replace('.000', ''),
        endTime: new Date(TINY_NOW - HOUR + 1_000).toISOString().replace('.000', ''),
      })
    ).map(({ timestamp }) => (Number(timestamp) - TINY_NOW) / HOUR);

  it('wait, run, and have deleted the range of the point when they are done', async () => {
    const id = await submit();
    expect(id).toMatch(/^\d{18}$/);
    const job = {
      id,
      modelId: 'DF_Turbine',
      assetIds: 'turbine1',
      measurement: 'activePower',
      startTime: JOB.startTime,
      endTime: JOB.endTime,
    };
    expect((await jobs()).list).toMatchObject([{ ...job, status: 0, launchTime: null, finishTime: null }]);
    pass(1_000);
    const launchTime = '2024-06-15T12:00:01.000+0000';
    expect((await jobs()).list).toMatchObject([{ status: 1, launchTime, finishTime: null }]);
    expect(await hours('turbine1')).toEqual([-5, -4, -3, -2, -1]);
    pass(10_000);
    const finishTime = '2024-06-15T12:00:03.000+0000';
    expect((await jobs()).list).toMatchObject([{ ...job, status: 2, launchTime, finishTime }]);
    expect(await hours('turbine1')).toEqual([-5, -1]);
    expect(await hours('turbine2')).toEqual([-5, -4, -3, -2, -1]);
  });

  it('delete all points of the model where none is named', async () => {
    await submit({ ...JOB, pointId: undefined, assetIds: 'turbine1,turbine2' });
    pass(3_000);
    expect(await hours('turbine1')).toEqual([-5, -1]);
    expect(await hours('turbine2')).toEqual([-5, -1]);
    expect((await jobs()).list).toMatchObject([{ measurement: null }]);
  });

  it('have a number of 18 digits in the reply, which are all there in its text', async () => {
    const { fetch } = globalThis;
    let text = '';
    globalThis.fetch = async (...request) => {
      const reply = await fetch(...request);
      text = await reply.clone().text();
      return reply;
    };
    await call('submitDataDeletionJob', { body: JOB });
    globalThis.fetch = fetch;
    expect(text).toContain(`"data":${String((await jobs()).list[0]?.id)}`);
  });

  it('are listed page by page, newest first, for a model or a point', async () => {
    const first = await submit();
    const second = await submit({ ...JOB, pointId: undefined });
    expect(await jobs({ pageNo: '2', pageSize: '1' })).toMatchObject({
      total: 2,
      pageNum: 2,
      pageSize: 1,
      list: [{ id: first }],
    });
    expect((await jobs({ queryId: 'DF_Turbine' })).list).toMatchObject([{ id: second }, { id: first }]);
    expect((await jobs({ queryId: 'activePower' })).list).toMatchObject([{ id: first }]);
    expect((await jobs({ queryId: 'none' })).total).toBe(0);
  });

  it('fail where their point is gone, and are run again when they have failed', async () => {
    const id = await submit();
    const resubmit = (JobId: string) => call('resubmitDataDeletionJob', { query: { JobId } });
    expect((await resubmit(id)).code).toBe(80400);
    await call('updateThingModel', { body: { modelId: 'Wind_Turbine', featuresToDelete: ['activePower'] } });
    pass(3_000);
    expect((await jobs()).list).toMatchObject([{ id, status: 5 }]);
    const activePower = { name: { defaultValue: 'P' }, dataType: 'DOUBLE', signalType: 'AI' };
    await call('updateThingModel', { body: { modelId: 'Wind_Turbine', measurepoints: { activePower } } });
    await call('saveStoragePolicy', {
      path: { policyId: 'policyAi' },
      body: { models: [{ modelId: 'DF_Turbine', points: ['activePower'] }] },
    });
    expect(await resubmit(id)).toMatchObject({ code: 0, data: 'success' });
    expect((await jobs()).list).toMatchObject([{ id, status: 0 }]);
    pass(3_000);
    expect((await jobs()).list).toMatchObject([{ id, status: 2 }]);
    expect(await hours('turbine1')).toEqual([-5, -1]);
    expect((await resubmit('1')).code).toBe(80400);
    expect((await call('resubmitDataDeletionJob')).code).toBe(80400);
  });

  it.each<[string, object, number]>([
    ['an unknown model', { modelId: 'none' }, 80400],
    ['an unknown point', { pointId: 'none' }, 80400],
    ['an unknown asset', { assetIds: 'turbine1,none' }, 80400],
    ['an asset of another model', { assetIds: 'siteA' }, 80400],
    ['an asset that may not be accessed', { assetIds: 'turbine1,turbine4' }, 80401],
    ['a range that ends before it starts', { startTime: JOB.endTime, endTime: JOB.startTime }, 80400],
    ['times that are no milliseconds', { startTime: '2024-06-15' }, 80400],
  ])('are refused for %s', async (_what, more, code) => {
    expect((await call('submitDataDeletionJob', { body: { ...JOB, ...more } })).code).toBe(code);
    expect((await jobs()).total).toBe(0);
  });
});

describe('deletePointMetadata', () => {
  const remove = async (modelId = 'DF_Turbine', pointId = 'activePower') =>
    (await call('deletePointMetadata', { body: { modelId, pointId } })).code;
  const latest = async () => (await items('getAssetUnifiedRawData', RAW)).length;
  const RAW = {
    assetIds: 'turbine1',
    pointIds: 'activePower',
    startTime: '2024-06-15 10:00:00',
    endTime: '2024-06-15 12:00:00',
  };

  it('needs a point under no policy, and takes it out of every read after a while', async () => {
    expect(await remove()).toBe(80400);
    await call('saveStoragePolicy', { path: { policyId: 'policyAi' }, body: { models: [] } });
    expect(await latest()).toBe(2);
    expect(await remove()).toBe(0);
    expect(await latest()).toBe(2);
    pass(1_000);
    expect(await latest()).toBe(0);
    const body = { retention: '1y', models: [{ modelId: 'DF_Turbine', points: ['activePower'] }] };
    await call('saveStoragePolicy', { path: { policyId: 'policyAi' }, body });
    expect(await latest()).toBe(2);
  });

  it('refuses an unknown model, and a request without a point', async () => {
    expect(await remove('none')).toBe(80400);
    expect(await remove('DF_Turbine', '')).toBe(80400);
  });
});
