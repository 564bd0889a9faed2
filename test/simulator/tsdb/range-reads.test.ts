import { tsdbDataHandlers } from '../../../src/simulator/services/tsdb/index.js';
import { caller, refusal, seriesWorld } from '../../support/series-world.js';

const MINUTE = 60_000;
// 08:00 in Copenhagen (winter time), 15:00 at +08:00.
const T = Date.UTC(2024, 2, 10, 7);
const NOW = T + 6 * 3_600_000;
const RANGE = { startTime: '2024-03-10T08:00:00+01:00', endTime: '2024-03-10T09:00:00+01:00' };

const world = seriesWorld({
  'wt1.power': [
    [T - 30_000, 90],
    [T, 100],
    [T + 20_000, 102],
    [T + MINUTE, 110],
    [T + 11 * MINUTE, 50],
    [T + 60 * MINUTE, 7],
  ],
  'wt1.speed': [[T, 8]],
  'wt1.rawOnly': [[T, 1]],
  'wt1.count': [
    [T, 1],
    [T + 2 * MINUTE, 4],
  ],
  'wt1.state': [[T, 1]],
  'wt1.energy': [
    [T, 0.1],
    [T + 10 * MINUTE, 0.2],
    [T + 20 * MINUTE, 5],
  ],
  'wt1.text': [[T, 'ready']],
  'wt1.loose': [
    [T, 0.31],
    [T + MINUTE, 0.32],
  ],
  'wt2.power': [[T, 200]],
});
const call = caller(tsdbDataHandlers, world, NOW);
const post = (operationId: string, body: Record<string, unknown>): unknown => call(operationId, { body });

describe('ai', () => {
  test('gives the records of AI_RAW points in [start, end), with local time of each asset', () => {
    const body = { assetIds: 'wt1,wt2,nowhere', pointIds: 'power,state', ...RANGE, pageSize: 2 };
    expect(post('getAssetAiRawData', body)).toEqual({
      items: [
        { assetId: 'wt1', timestamp: T, localtime: '2024-03-10 08:00:00', power: 100 },
        { assetId: 'wt1', timestamp: T + 20_000, localtime: '2024-03-10 08:00:20', power: 102 },
        { assetId: 'wt2', timestamp: T, localtime: '2024-03-10 15:00:00', power: 200 },
      ],
    });
  });

  test('reads local text in the zone of each asset', () => {
    const local = { startTime: '2024-03-10 15:00:00', endTime: '2024-03-10 15:00:01' };
    const body = {
      assetIds: 'wt1,wt2',
      pointIds: 'power',
      ...local,
      localTimeFormat: 1,
      localTimeAccuracy: 'true',
    };
    expect(post('getAssetAiRawData', body)).toEqual({
      items: [{ assetId: 'wt2', timestamp: T, localtime: '2024-03-10T15:00:00.000+08:00', power: 200 }],
    });
  });

  test('merges points of an instant in itemFormat 1', () => {
    const body = { assetIds: 'wt1', pointIds: 'power,speed', ...RANGE, itemFormat: 1, pageSize: 2 };
    expect(post('getAssetAiRawData', body)).toEqual({
      items: [
        { assetId: 'wt1', timestamp: T, localtime: '2024-03-10 08:00:00', power: 100, speed: 8 },
        { assetId: 'wt1', timestamp: T + 20_000, localtime: '2024-03-10 08:00:20', power: 102 },
      ],
    });
  });

  test('gives parallel arrays with values as text in itemFormat 2', () => {
    const body = {
      assetIds: 'wt1',
      pointIds: 'rawOnly',
      ...RANGE,
      itemFormat: 2,
      localTimeFormat: 1,
      withQuality: true,
    };
    expect(post('getAssetAiRawData', body)).toEqual({
      items: [
        {
          assetId: 'wt1',
          pointId: 'rawOnly',
          localTime: ['2024-03-10T08:00:00 +01:00'],
          timestamp: [T],
          value: ['1'],
          dataQuality: [null],
        },
      ],
    });
  });
});

describe('boundaryType', () => {
  const times = (data: unknown): number[] =>
    (data as { items: { timestamp: number }[] }).items.map((i) => i.timestamp - T);
  const body = { assetIds: 'wt1', pointIds: 'power', ...RANGE };

  test('outside adds the neighbours of the range', () => {
    const data = post('getAssetRawDataByTimeRange', { ...body, boundaryType: 'outside' });
    expect(times(data)).toEqual([-30_000, 0, 20_000, MINUTE, 11 * MINUTE, 60 * MINUTE]);
  });

  test('sample computes values on the line between neighbours, integers rounded', () => {
    const sampled = {
      assetIds: 'wt1',
      pointIds: 'count',
      ...RANGE,
      pageSize: 4,
      boundaryType: 'sample',
      interpolation: 'linear',
    };
    const data = post('getAssetRawDataByTimeRange', sampled) as { items: Record<string, unknown>[] };
    expect(data.items.map((item) => item['count'])).toEqual([1, 3, 4, null]);
  });

  test('interpolated adds values at both ends', () => {
    const inner = { startTime: '2024-03-10T08:00:10+01:00', endTime: '2024-03-10T08:00:40+01:00' };
    const data = post('getAssetRawDataByTimeRange', { ...body, ...inner, boundaryType: 'interpolated' }) as {
      items: Record<string, unknown>[];
    };
    expect(data.items.map((item) => item['power'])).toEqual([101, 102, 106]);
  });

  test('timestamp desc gives the newest records first', () => {
    const data = post('getAssetRawDataByTimeRange', { ...body, orderBy: 'timestamp desc', pageSize: 2 });
    expect(times(data)).toEqual([11 * MINUTE, MINUTE]);
  });
});

describe('ai-normalized', () => {
  const body = { assetIds: 'wt1', ...RANGE };

  test('aggregates the means of minutes over intervals from startTime, without inventing any', () => {
    const expression = 'avg(power),count(power),max(power),first(power),last(power)';
    const data = post('getAssetAiDataWithAggregationLogic', {
      ...body,
      pointIdsWithLogic: expression,
      interval: 10,
      itemFormat: 1,
    });
    expect(data).toEqual({
      items: [
        {
          assetId: 'wt1',
          timestamp: T,
          localtime: '2024-03-10 08:00:00',
          'avg(power)': 105.5,
          'count(power)': 2,
          'max(power)': 110,
          'first(power)': 101,
          'last(power)': 110,
        },
        {
          assetId: 'wt1',
          timestamp: T + 10 * MINUTE,
          localtime: '2024-03-10 08:10:00',
          'avg(power)': 50,
          'count(power)': 1,
          'max(power)': 50,
          'first(power)': 50,
          'last(power)': 50,
        },
      ],
    });
  });

  test('gives minutes with interval 0, and nothing for points stored raw only', () => {
    const data = post('getAssetAiDataWithAggregationLogic', {
      ...body,
      pointIdsWithLogic: 'power,rawOnly',
      interval: 0,
    });
    expect((data as { items: Record<string, unknown>[] }).items.map((item) => item['power'])).toEqual([
      101, 110, 50,
    ]);
  });

  test.each([
    ['a function with interval 0', { pointIdsWithLogic: 'avg(power)', interval: 0 }],
    ['no function with an interval', { pointIdsWithLogic: 'avg(power),speed', interval: 10 }],
    ['an unknown function', { pointIdsWithLogic: 'median(power)', interval: 10 }],
    ['an interval of more than a day', { pointIdsWithLogic: 'avg(power)', interval: 1441 }],
  ])('refuses %s', (_name, wrong) => {
    expect(refusal(() => post('getAssetAiDataWithAggregationLogic', { ...body, ...wrong }))).toBe(80400);
  });
});

describe('energy', () => {
  test('sums PI points per interval', () => {
    const data = post('getAssetElectricPowerData', {
      assetIds: 'wt1,wt2',
      ...RANGE,
      pointIdsWithLogic: 'sum(energy)',
      interval: 20,
      itemFormat: 2,
    });
    expect(data).toMatchObject({
      items: [
        { pointId: 'sum(energy)', timestamp: [T, T + 20 * MINUTE], value: ['0.30000000000000004', '5'] },
      ],
    });
  });

  test('sums up today since midnight of the asset, in the plain form of local time', () => {
    const data = post('getAssetCurrentDayElectricPower', {
      assetIds: 'wt1',
      pointIds: 'energy,power',
      localTimeFormat: 1,
      localTimeAccuracy: true,
    });
    expect(data).toEqual({
      items: [
        {
          assetId: 'wt1',
          timestamp: Date.UTC(2024, 2, 9, 23),
          localtime: '2024-03-10 00:00:00',
          'sum(energy)': expect.closeTo(5.3, 9) as number,
        },
      ],
    });
  });
});

describe('kinds of storage', () => {
  test.each([
    ['getAssetGenericData', ['text']],
    ['getAssetRawDataByTimeRange', ['power', 'rawOnly', 'state', 'energy', 'text']],
    ['getAssetUnifiedRawData', ['power', 'rawOnly', 'state', 'energy', 'text', 'loose']],
  ])('%s answers for its points only', (operationId, answered) => {
    const pointIds = 'power,rawOnly,state,energy,text,loose,unknown';
    const data = post(operationId, { assetIds: 'wt1', pointIds, ...RANGE, itemFormat: 2 });
    expect((data as { items: { pointId: string }[] }).items.map((item) => item.pointId)).toEqual(answered);
  });

  test('unformatted gives one point under no policy, values as text', () => {
    const body = { assetIds: 'wt1', ...RANGE, orderBy: 'timestamp desc' };
    expect(post('getAssetUnformattedData', { ...body, pointIds: 'loose' })).toMatchObject({
      items: [{ loose: '0.32' }, { loose: '0.31' }],
    });
    expect(post('getAssetUnformattedData', { ...body, pointIds: 'power' })).toEqual({ items: [] });
    expect(refusal(() => post('getAssetUnformattedData', { ...body, pointIds: 'loose,power' }))).toBe(80400);
  });
});

describe('refusals', () => {
  const good = { assetIds: 'wt1', pointIds: 'power', ...RANGE };
  const ids = (n: number): string => Array.from({ length: n }, (_, i) => `a${i}`).join(',');

  test.each([
    ['more than 3000 pairs', { assetIds: ids(3001), pageSize: 1 }],
    ['more than 640000 records', { assetIds: ids(641) }],
    ['an end before the start', { endTime: '2024-03-10T07:59:59+01:00' }],
    ['times of two forms', { endTime: '2024-03-10 09:00:00' }],
    ['a day that does not exist', { startTime: '2024-02-30T08:00:00Z' }],
    ['an offset that does not exist', { startTime: '2024-03-10T08:00:00+99:00' }],
    ['an empty entry', { assetIds: 'wt1,,wt2' }],
  ])('80400 for %s', (_name, wrong) => {
    expect(refusal(() => post('getAssetRawDataByTimeRange', { ...good, ...wrong }))).toBe(80400);
  });

  test('takes exactly 640 pairs with the default page, and 3000 with a small one', () => {
    expect(post('getAssetRawDataByTimeRange', { ...good, assetIds: ids(640) })).toEqual({ items: [] });
    expect(post('getAssetRawDataByTimeRange', { ...good, assetIds: ids(3000), pageSize: 213 })).toEqual({
      items: [],
    });
  });

  test('80401 for the whole call when one asset may not be read', () => {
    expect(refusal(() => post('getAssetRawDataByTimeRange', { ...good, assetIds: 'wt1,hidden' }))).toBe(
      80401,
    );
  });
});

test('an empty page of deletion jobs', () => {
  expect(call('getDataDeletionDetails', { query: { pageNo: '2', pageSize: '5' } })).toEqual({
    total: 0,
    pageNum: 2,
    pageSize: 5,
    list: [],
  });
});
