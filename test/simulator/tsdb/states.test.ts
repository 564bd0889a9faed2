import { tsdbDataHandlers } from '../../../src/simulator/services/tsdb/index.js';
import { caller, refusal, seriesWorld } from '../../support/series-world.js';

const HOUR = 3_600_000;
const T = Date.UTC(2024, 2, 9, 23);
const NOW = T + 20 * HOUR;
const DAY = { startTime: '2024-03-10 00:00:00', endTime: '2024-03-11 00:00:00' };

const world = seriesWorld({
  'wt1.state': [
    [T - 2 * HOUR, 1],
    [T + 2 * HOUR, 1],
    [T + 6 * HOUR, 3],
    [T + 7 * HOUR, 3],
    [T + 8 * HOUR, 1],
  ],
  'wt2.state': [[Date.UTC(2024, 2, 10, 0), 2]],
});
const call = caller(tsdbDataHandlers, world, NOW);
const post = (operationId: string, body: Record<string, unknown>): unknown => call(operationId, { body });

describe('di', () => {
  const changes = (body: Record<string, unknown>): unknown[][] => {
    const data = post('getAssetDiData', { assetIds: 'wt1', pointIds: 'state,power', ...DAY, ...body });
    return (data as { items: { timestamp: number; state: number }[] }).items.map((i) => [
      (i.timestamp - T) / HOUR,
      i.state,
    ]);
  };

  test('of consecutive equal states the first stays', () => {
    expect(changes({})).toEqual([
      [2, 1],
      [6, 3],
      [8, 1],
    ]);
  });

  test('autoInterpolate gives the state at the start from at most 30 days before', () => {
    expect(changes({ autoInterpolate: 'true' })).toEqual([
      [0, 1],
      [6, 3],
      [8, 1],
    ]);
    const late = { startTime: '2024-04-09 00:00:00', endTime: '2024-04-09 01:00:00', autoInterpolate: true };
    expect(changes(late)).toHaveLength(1);
    expect(changes({ ...late, startTime: '2024-04-10 00:00:00', endTime: '2024-04-10 01:00:00' })).toEqual(
      [],
    );
  });

  test('at most 10 pairs', () => {
    const assetIds = 'a,b,c,d,e,f,g,h,i,j,k';
    expect(refusal(() => post('getAssetDiData', { assetIds, pointIds: 'state', ...DAY }))).toBe(80400);
    expect(post('getAssetDiData', { assetIds: assetIds.slice(2), pointIds: 'state', ...DAY })).toEqual({
      items: [],
    });
  });
});

describe('di/duration', () => {
  const durations = (body: Record<string, unknown>): unknown => {
    const data = post('getAssetDiDataDuration', { assetIds: 'wt1', pointIds: 'state', ...DAY, ...body });
    return (data as { items: { durations: unknown }[] }).items[0]?.durations;
  };
  const one = { status: 1, duration: 18 * HOUR };
  const three = { status: 3, duration: 2 * HOUR };
  const unknown = { status: 'Unknown', duration: 4 * HOUR };

  test('time per state; what lies after now is unknown', () => {
    expect(durations({})).toEqual([one, three, unknown]);
    expect(durations({ ifWithUnknown: false })).toEqual([one, three]);
  });

  test('a status filter drops Unknown unless it is asked for', () => {
    expect(durations({ status: '3' })).toEqual([three]);
    expect(durations({ status: '0, 3', ifWithUnknown: 'true' })).toEqual([three, unknown]);
    expect(refusal(() => durations({ status: 'running' }))).toBe(80400);
  });

  test('time before the first state is unknown, and the scan ends at endTime', () => {
    const range = { startTime: '2024-03-10T00:00:00+01:00', endTime: '2024-03-10T10:00:00+01:00' };
    expect(
      post('getAssetDiDataDuration', {
        assetIds: 'wt2,wt1',
        pointIds: 'power,state',
        ...range,
        status: '2',
        ifWithUnknown: true,
      }),
    ).toEqual({
      items: [
        {
          assetId: 'wt2',
          pointId: 'state',
          scanEndTimestamp: T + 10 * HOUR,
          durations: [
            { status: 2, duration: 9 * HOUR },
            { status: 'Unknown', duration: HOUR },
          ],
        },
        { assetId: 'wt1', pointId: 'state', scanEndTimestamp: T + 10 * HOUR, durations: [] },
      ],
    });
  });

  test('a pair without any state gives no item', () => {
    const body = {
      assetIds: 'wt2',
      pointIds: 'state',
      startTime: '2024-03-01 00:00:00',
      endTime: '2024-03-02 00:00:00',
    };
    expect(post('getAssetDiDataDuration', body)).toEqual({ items: [] });
  });
});
