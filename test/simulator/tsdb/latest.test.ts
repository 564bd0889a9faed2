import { tsdbDataHandlers } from '../../../src/simulator/services/tsdb/index.js';
import { caller, refusal, seriesWorld } from '../../support/series-world.js';

const MINUTE = 60_000;
const NOW = Date.UTC(2024, 6, 1, 12);

const world = seriesWorld({
  'wt1.power': [
    [NOW - 30 * MINUTE, 5],
    [NOW - 20 * MINUTE, 7],
    [NOW - 10 * MINUTE, 7],
  ],
  'wt1.speed': [
    [NOW - MINUTE, 3],
    [NOW + 60 * MINUTE, 4],
  ],
  'wt1.state': [[NOW - 40 * MINUTE, 1]],
  'wt1.loose': [[NOW - MINUTE, 1]],
  'wt2.power': [[NOW - 2 * MINUTE, 50]],
});
const call = caller(tsdbDataHandlers, world, NOW);
const post = (operationId: string, body: Record<string, unknown>): unknown => call(operationId, { body });

describe('latest', () => {
  test('gives the newest value of each pair, local time only when asked for', () => {
    expect(post('getAssetLatestData', { assetIds: 'wt1', pointIds: 'power,loose,speed' })).toEqual({
      items: [
        { assetId: 'wt1', timestamp: NOW - 10 * MINUTE, power: 7 },
        { assetId: 'wt1', timestamp: NOW - MINUTE, speed: 3 },
      ],
    });
    const withTime = { assetIds: 'wt1', pointIds: 'speed', ifWithLocalTime: 'true', localTimeFormat: 1 };
    expect(post('getAssetLatestData', withTime)).toMatchObject({
      items: [{ localtime: '2024-07-01T13:59:00+02:00' }],
    });
  });

  test('timeWindow keeps what is young enough; 0 asks for the future; empty is none', () => {
    const body = { assetIds: 'wt1', pointIds: 'power,speed' };
    expect(post('getAssetLatestData', { ...body, timeWindow: 10 })).toMatchObject({
      items: [{ power: 7 }, { speed: 3 }],
    });
    expect(post('getAssetLatestData', { ...body, timeWindow: 9 })).toMatchObject({ items: [{ speed: 3 }] });
    expect(post('getAssetLatestData', { ...body, timeWindow: 0 })).toEqual({
      items: [{ assetId: 'wt1', timestamp: NOW + 60 * MINUTE, speed: 4 }],
    });
    expect(post('getAssetLatestData', { ...body, timeWindow: '' })).toMatchObject({
      items: [{ power: 7 }, { speed: 3 }],
    });
  });

  test('80401 with an asset that may not be read, nothing for one that is not there', () => {
    expect(refusal(() => post('getAssetLatestData', { assetIds: 'hidden,wt1', pointIds: 'power' }))).toBe(
      80401,
    );
    expect(post('getAssetLatestData', { assetIds: 'nowhere', pointIds: 'power' })).toEqual({ items: [] });
  });
});

describe('latest/filter', () => {
  const filter = (operator: string, valueFilter: string, modelId = 'Turbine'): string[] => {
    const body = { modelId, assetIds: 'wt1,wt2', pointId: 'power', operator, valueFilter };
    return (post('filterAssetLatestData', body) as { items: { assetId: string }[] }).items.map(
      (item) => item.assetId,
    );
  };

  test.each([
    ['eq', '7', ['wt1']],
    ['nq', '7', ['wt2']],
    ['gt', '7', ['wt2']],
    ['ge', '7', ['wt1', 'wt2']],
    ['lt', '50', ['wt1']],
    ['le', '50', ['wt1', 'wt2']],
    ['between', '7, 49', ['wt1']],
    ['in', '1,50,7', ['wt1', 'wt2']],
  ])('%s %s', (operator, valueFilter, expected) => {
    expect(filter(operator, valueFilter)).toEqual(expected);
  });

  test('an asset of another model gives no item; an heir of the model does', () => {
    expect(filter('gt', '0', 'Big_Turbine')).toEqual(['wt2']);
  });

  test.each([
    ['between', '7'],
    ['gt', '1,2'],
    ['gt', 'many'],
    ['like', '7'],
  ])('refuses %s %s', (operator, valueFilter) => {
    expect(refusal(() => filter(operator, valueFilter))).toBe(80400);
  });
});

test('last-changed tells when the value became what it is, as text, for points under its policy', () => {
  expect(post('getLastChangedData', { assetIds: 'wt1', pointIds: 'power,speed,state' })).toEqual({
    items: [
      { assetId: 'wt1', timestamp: NOW - 20 * MINUTE, power: '7' },
      { assetId: 'wt1', timestamp: NOW - 40 * MINUTE, state: '1' },
    ],
  });
});

test('check-dead compares the time since the last change with the interval of each pair', () => {
  const payload = [
    { assetId: 'wt1', pointId: 'power', interval: 20 * MINUTE },
    { assetId: 'wt1', pointId: 'power', interval: 20 * MINUTE - 1 },
    { assetId: 'wt1', pointId: 'text', interval: 1 },
  ];
  const verdict = {
    assetId: 'wt1',
    pointId: 'power',
    duration: 20 * MINUTE,
    lastChangedValue: '7',
    lastChangedTimestamp: NOW - 20 * MINUTE,
  };
  expect(post('checkDeadData', { payload })).toEqual({
    items: [
      { ...verdict, judgeResult: false },
      { ...verdict, judgeResult: true },
    ],
  });
  expect(
    refusal(() => post('checkDeadData', { payload: [{ assetId: 'hidden', pointId: 'power', interval: 1 }] })),
  ).toBe(80401);
});
