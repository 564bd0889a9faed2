import { DateTime } from 'luxon';
import type { EnosClient } from '../../../src/enos/client.js';
import { createEnosClient } from '../../../src/enos/create-client.js';
import { EnosError } from '../../../src/enos/errors.js';
import { createSeriesLoaders } from '../../../src/loading/series/create.js';
import type { AggregateRequest, HistoryRequest, PointStorage } from '../../../src/loading/series/types.js';
import { startSimulator, type RunningSimulator } from '../../../src/simulator/server.js';
import { recordedLoading, type RecordedLoading } from '../../support/recorded-loading.js';
import { SERIES_ORG as orgId, seriesWorld, type Records } from '../../support/series-world.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2024, 5, 15, 12, 3);
const KEYS = { accessKey: 'access', secretKey: 'secret' };

const at = (text: string, zone: string): number => DateTime.fromISO(text, { zone }).toMillis();
const every = (step: number, from: number, to: number, value: (time: number) => number): Records =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => {
    const time = from + index * step;
    return [time, value(time)] as const;
  });

/** The two days of 2024 on which Copenhagen changed its clock, with their neighbours. */
const SPRING = at('2024-03-30', 'Europe/Copenhagen');
const AUTUMN = at('2024-10-26', 'Europe/Copenhagen');
const morning = Date.UTC(2024, 5, 15, 6);
const minutes = every(MINUTE, morning, morning + 2 * HOUR, (time) => (time - morning) / MINUTE);

function world(): ReturnType<typeof seriesWorld> {
  const made = seriesWorld({
    'wt1.power': [
      ...every(30 * MINUTE, SPRING, SPRING + 3 * DAY, (time) => (time - SPRING) / (30 * MINUTE)),
      ...minutes,
      ...every(30 * MINUTE, AUTUMN, AUTUMN + 3 * DAY, () => 2),
    ],
    'wt2.power': minutes,
    'wt1.rawOnly': minutes.filter(([time]) => time < morning + HOUR || time >= morning + 90 * MINUTE),
    'wt2.rawOnly': minutes,
    'wt1.energy': every(10 * MINUTE, morning, morning + 2 * HOUR, () => 1.5),
    'wt1.state': [
      [morning - HOUR, 3],
      [morning + 10 * MINUTE, 1],
      [morning + 20 * MINUTE, 2],
    ],
    'wt1.text': [
      [morning, 'idle'],
      [morning + MINUTE, 'running'],
    ],
    'wt1.loose': minutes,
  });
  const turbine = made.assets.get('wt1');
  if (!turbine) throw new Error('no wt1');
  for (let index = 0; index < 50; index += 1) {
    made.assets.set(`t${index}`, { ...turbine, assetId: `t${index}`, readable: index !== 17 });
  }
  return made;
}

const storage = (kinds: string[], more: Partial<PointStorage> = {}): PointStorage => ({
  modelId: 'Turbine',
  signalType: 'AI',
  dataType: 'DOUBLE',
  hasQuality: false,
  kinds,
  ...more,
});
const NORMALIZED = storage(['AI_RAW', 'AI_NORMALIZED']);
const RAW = storage(['AI_RAW']);

let simulator: RunningSimulator;
let client: EnosClient;
let loading: RecordedLoading;
let older: RecordedLoading;

beforeAll(async () => {
  simulator = await startSimulator({
    world: world(),
    credentials: KEYS,
    now: () => NOW,
    log: () => undefined,
  });
  client = createEnosClient({ url: simulator.url, ...KEYS, now: () => NOW });
});
beforeEach(() => {
  loading = recordedLoading(client, { orgId, now: () => NOW });
  older = recordedLoading(client, { orgId, now: () => NOW, settings: { edition: '2.1' } });
});
afterAll(async () => {
  await client.close();
  await simulator.close();
});

const history = (more: Partial<HistoryRequest>): HistoryRequest => ({
  orgId,
  assetId: 'wt1',
  pointId: 'rawOnly',
  from: morning,
  to: morning + 2 * HOUR,
  storage: RAW,
  withQuality: false,
  ...more,
});
const aggregate = (more: Partial<AggregateRequest>): AggregateRequest => ({
  orgId,
  assetId: 'wt1',
  pointId: 'power',
  from: morning,
  to: morning + 2 * HOUR,
  interval: { minutes: 10 },
  aggregate: 'avg',
  storage: NORMALIZED,
  timezone: 'Europe/Copenhagen',
  ...more,
});

describe('latest', () => {
  it('reads 2 assets x 2 points in one call, null where there is none, and nothing when repeated', async () => {
    const read = () => {
      const loaders = createSeriesLoaders(loading.request());
      const pairs = ['wt1', 'wt2'].flatMap((assetId) =>
        ['power', 'speed'].map((pointId) => ({ assetId, pointId })),
      );
      return Promise.all(pairs.map((pair) => loaders.latest({ orgId, ...pair })));
    };
    const values = await read();
    expect(values.map((value) => value?.value ?? null)).toEqual([119, null, 119, null]);
    expect(loading.taken()).toEqual(['getAssetLatestData']);
    expect(await read()).toEqual(values);
    expect(loading.taken()).toEqual([]);
  });

  it('keeps windows apart and gives no value that is older', async () => {
    const loaders = createSeriesLoaders(loading.request());
    const key = { orgId, assetId: 'wt1', pointId: 'power' };
    const age = (NOW - (morning + 119 * MINUTE)) / MINUTE;
    const [near, far] = await Promise.all([loaders.latest(key, age - 1), loaders.latest(key, age + 1)]);
    expect([near, far?.value]).toEqual([null, 119]);
    expect(loading.taken()).toHaveLength(2);
    await expect(loaders.latest(key, 0)).rejects.toThrow(/within/);
  });

  it('leaves 49 of 50 assets with their answers when one may not be read, and asks that one no more', async () => {
    const loaders = createSeriesLoaders(loading.request());
    const keys = Array.from({ length: 50 }, (_, index) => ({
      orgId,
      assetId: `t${index}`,
      pointId: 'power',
    }));
    const settled = await Promise.allSettled(keys.map((key) => loaders.latest(key)));
    const failed = settled.flatMap((result, index) => (result.status === 'rejected' ? [index] : []));
    expect(failed).toEqual([17]);
    const refusal = settled[17]?.status === 'rejected' ? (settled[17].reason as unknown) : null;
    expect(refusal).toBeInstanceOf(EnosError);
    expect(refusal).toMatchObject({ code: 80401, service: 'tsdb-data', operation: 'getAssetLatestData' });
    // The whole, then at most two halves for each halving of 50.
    expect(loading.taken().length).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(50)));

    const again = keys.map(({ assetId }) => loaders.history(history({ assetId })));
    const second = await Promise.allSettled(again);
    expect(second.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(loading.taken()).toEqual(['getAssetRawDataByTimeRange']);
  });

  it.each(['a,b', 'avg(power)', '', ' power'])('refuses the point id "%s" before a call', async (pointId) => {
    const loaders = createSeriesLoaders(loading.request());
    await expect(loaders.latest({ orgId, assetId: 'wt1', pointId })).rejects.toMatchObject({
      argument: 'pointId',
    });
    await expect(loaders.latest({ orgId, assetId: 'a,b', pointId: 'p' })).rejects.toMatchObject({
      argument: 'assetId',
    });
    expect(loading.taken()).toEqual([]);
  });
});

describe('history', () => {
  it('reads points of several kinds in one call of raw, the end excluded', async () => {
    const loaders = createSeriesLoaders(loading.request());
    const to = morning + 10 * MINUTE;
    const [power, state, text] = await Promise.all([
      loaders.history(history({ pointId: 'power', to, storage: NORMALIZED })),
      loaders.history(history({ pointId: 'state', to, storage: storage(['DI']) })),
      loaders.history(
        history({ pointId: 'text', to, storage: storage(['GENERIC'], { dataType: 'STRING' }) }),
      ),
    ]);
    expect(power.samples.map(({ value }) => value)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(power).toMatchObject({ truncated: false, rawCount: 10 });
    expect(power.samples[0]?.quality).toBeNull();
    expect(state.samples).toEqual([]);
    expect(text.samples.map(({ value }) => value)).toEqual(['idle', 'running']);
    expect(loading.calls[0]?.body).toMatchObject({ startTime: '2024-06-15T06:00:00Z', itemFormat: 0 });
    expect(loading.taken()).toEqual(['getAssetRawDataByTimeRange']);
  });

  it('gives the earliest records of a limit and says that there are more', async () => {
    const loaders = createSeriesLoaders(loading.request());
    const [some, all] = await Promise.all([
      loaders.history(history({ assetId: 'wt2', limit: 5 })),
      loaders.history(history({ assetId: 'wt2', limit: 120 })),
    ]);
    expect(some.samples.map(({ value }) => value)).toEqual([0, 1, 2, 3, 4]);
    expect([some.truncated, all.truncated, all.samples.length]).toEqual([true, false, 120]);
  });

  it('refuses more records than one answer may hold, naming the ways out', async () => {
    const small = recordedLoading(client, {
      orgId,
      now: () => NOW,
      settings: { maxSamples: 100 },
    });
    const loaders = createSeriesLoaders(small.request());
    await expect(loaders.history(history({ assetId: 'wt2' }))).rejects.toThrow(/more than 100 .* interval/);
    await expect(loaders.history(history({ limit: 101 }))).rejects.toThrow(/limit must be between 1 and 100/);
  });

  it('reads points without a policy from unformatted data, or refuses them in edition 2.1', async () => {
    const request = history({ pointId: 'loose', storage: storage([]) });
    const series = await createSeriesLoaders(loading.request()).history(request);
    expect(series.samples).toHaveLength(120);
    expect(loading.taken()).toEqual(['getAssetUnformattedData']);
    await expect(createSeriesLoaders(older.request()).history(request)).rejects.toThrow(/no storage policy/);
    expect(older.taken()).toEqual([]);
  });

  it.each([
    [morning, morning],
    [morning + 1, morning],
    [Number.NaN, morning],
    [0, 9e15],
  ])('refuses the stretch from %d to %d', async (from, to) => {
    const loaders = createSeriesLoaders(loading.request());
    await expect(loaders.history(history({ from, to }))).rejects.toThrow(/from|to/);
    expect(loading.taken()).toEqual([]);
  });
});

describe('aggregate', () => {
  it('asks all assets and functions of the same stretch in one call, at the aligned start', async () => {
    const loaders = createSeriesLoaders(loading.request());
    const [avg, max, other] = await Promise.all([
      loaders.aggregate(aggregate({ from: morning + 7 * MINUTE, to: morning + 21 * MINUTE })),
      loaders.aggregate(
        aggregate({ from: morning + 7 * MINUTE, to: morning + 21 * MINUTE, aggregate: 'max' }),
      ),
      loaders.aggregate(
        aggregate({
          assetId: 'wt2',
          from: morning + 7 * MINUTE,
          to: morning + 21 * MINUTE,
          timezone: '+08:00',
        }),
      ),
    ]);
    expect(avg.samples).toEqual([
      { time: morning, value: 4.5, quality: null },
      { time: morning + 10 * MINUTE, value: 14.5, quality: null },
      { time: morning + 20 * MINUTE, value: 24.5, quality: null },
    ]);
    expect(max.samples.map(({ value }) => value)).toEqual([9, 19, 29]);
    expect(other.samples).toEqual(avg.samples);
    expect(loading.calls.map(({ body }) => body)).toEqual([
      expect.objectContaining({
        pointIdsWithLogic: 'avg(power),max(power)',
        startTime: '2024-06-15T06:00:00Z',
        endTime: '2024-06-15T06:30:00Z',
        interval: 10,
      }),
    ]);
    expect(loading.taken()).toEqual(['getAssetAiDataWithAggregationLogic']);
  });

  it('finds the same intervals in the cache although the stretch differs by seconds', async () => {
    const first = aggregate({ from: morning + 1, to: morning + HOUR });
    await createSeriesLoaders(loading.request()).aggregate(first);
    expect(loading.taken()).toHaveLength(1);
    await createSeriesLoaders(loading.request()).aggregate({
      ...first,
      from: morning + 30_000,
      to: first.to - 9,
    });
    expect(loading.taken()).toEqual([]);
  });

  it.each(['avg', 'sum', 'count', 'max', 'min', 'first', 'last'] as const)(
    '%s of a day of 23 hours is put together from its hours',
    async (name) => {
      const loaders = createSeriesLoaders(loading.request());
      const day = at('2024-03-31', 'Europe/Copenhagen');
      const series = await loaders.aggregate(
        aggregate({ from: day + HOUR, to: day + 2 * HOUR, interval: { days: 1 }, aggregate: name }),
      );
      // Half hours 48 to 93 of the values that count half hours from the day before.
      const values = Array.from({ length: 46 }, (_, index) => 48 + index);
      const sum = values.reduce((total, value) => total + value, 0);
      const expected = { avg: sum / 46, sum, count: 46, max: 93, min: 48, first: 48, last: 93 }[name];
      expect(series.samples).toEqual([{ time: day, value: expected, quality: null }]);
      expect(loading.calls.map(({ body }) => [body['interval'], body['startTime'], body['endTime']])).toEqual(
        [[60, '2024-03-30T23:00:00Z', '2024-03-31T22:00:00Z']],
      );
    },
  );

  it('gives three local days around the long day, each from its own midnight', async () => {
    const loaders = createSeriesLoaders(loading.request());
    const zone = 'Europe/Copenhagen';
    const from = at('2024-10-26', zone);
    const series = await loaders.aggregate(
      aggregate({ from, to: from + 73 * HOUR - HOUR, interval: { days: 1 }, aggregate: 'sum' }),
    );
    expect(series.samples).toEqual([
      { time: at('2024-10-26', zone), value: 96, quality: null },
      { time: at('2024-10-27', zone), value: 100, quality: null },
      { time: at('2024-10-28', zone), value: 92, quality: null },
    ]);
    expect(loading.taken()).toHaveLength(3);
  });

  it('takes energy from electric-power', async () => {
    const series = await createSeriesLoaders(loading.request()).aggregate(
      aggregate({
        pointId: 'energy',
        interval: { minutes: 60 },
        aggregate: 'sum',
        storage: storage(['PI'], { signalType: 'PI' }),
      }),
    );
    expect(series.samples.map(({ value }) => value)).toEqual([9, 9]);
    expect(loading.taken()).toEqual(['getAssetElectricPowerData']);
  });

  it('sums up raw records where EnOS stores nothing else, and leaves a gap a gap', async () => {
    const series = await createSeriesLoaders(loading.request()).aggregate(
      aggregate({ pointId: 'rawOnly', interval: { minutes: 30 }, storage: RAW }),
    );
    expect(series.samples).toEqual([
      { time: morning, value: 14.5, quality: null },
      { time: morning + 30 * MINUTE, value: 44.5, quality: null },
      { time: morning + 90 * MINUTE, value: 104.5, quality: null },
    ]);
    expect(series.rawCount).toBe(90);
    expect(loading.taken()).toEqual(['getAssetRawDataByTimeRange']);
  });

  it('counts and takes first and last of any type, but no mean of text', async () => {
    const loaders = createSeriesLoaders(loading.request());
    const text = { pointId: 'text', storage: storage(['GENERIC'], { dataType: 'STRING' }) };
    const [count, last] = await Promise.all([
      loaders.aggregate(aggregate({ ...text, aggregate: 'count' })),
      loaders.aggregate(aggregate({ ...text, aggregate: 'last' })),
    ]);
    expect(count.samples).toEqual([{ time: morning, value: 2, quality: null }]);
    expect(last.samples).toEqual([{ time: morning, value: 'running', quality: null }]);
    await expect(loaders.aggregate(aggregate(text))).rejects.toThrow(/avg needs numbers.*STRING/);
  });

  it.each([NORMALIZED, RAW])('cuts at the limit and says so, from %j', async (kinds) => {
    const pointId = kinds === RAW ? 'rawOnly' : 'power';
    const loaders = createSeriesLoaders(loading.request());
    const series = await loaders.aggregate(aggregate({ assetId: 'wt2', pointId, limit: 3, storage: kinds }));
    expect(series.samples.map(({ value }) => value)).toEqual([4.5, 14.5, 24.5]);
    expect(series.truncated).toBe(true);
    const whole = await loaders.aggregate(aggregate({ assetId: 'wt2', pointId, limit: 12, storage: kinds }));
    expect([whole.samples.length, whole.truncated]).toEqual([12, false]);
  });

  it('refuses more intervals than one answer may hold', async () => {
    const loaders = createSeriesLoaders(loading.request());
    const request = aggregate({ from: morning - 20 * DAY, interval: { minutes: 1 } });
    await expect(loaders.aggregate(request)).rejects.toThrow(/more than 20000 values/);
    expect(loading.taken()).toEqual([]);
  });

  it('refuses a kind of storage that no read returns', async () => {
    const loaders = createSeriesLoaders(loading.request());
    const request = aggregate({ storage: storage(['LAST_CHANGED']) });
    await expect(loaders.aggregate(request)).rejects.toThrow(/keeps no history.*LAST_CHANGED/);
  });
});

describe('states and energy', () => {
  it('gives the changes of a state, with the one that held at the start', async () => {
    const loaders = createSeriesLoaders(loading.request());
    const key = { orgId, assetId: 'wt1', pointId: 'state' };
    const changes = await loaders.stateChanges(key, morning, morning + HOUR);
    expect(changes.map(({ time, value }) => [time - morning, value])).toEqual([
      [0, 3],
      [10 * MINUTE, 1],
      [20 * MINUTE, 2],
    ]);
    expect(await loaders.stateChanges({ ...key, assetId: 'wt2' }, morning, morning + HOUR)).toEqual([]);
    const durations = await loaders.stateDurations(key, morning, morning + HOUR);
    const byState = new Map(durations.map(({ state, duration }) => [state, duration]));
    expect(byState.get(1)).toBe(10 * MINUTE);
    expect(byState.get(2)).toBe(40 * MINUTE);
    expect(durations.reduce((sum, { duration }) => sum + duration, 0)).toBe(HOUR);
  });

  it('asks at most ten pairs a call', async () => {
    const loaders = createSeriesLoaders(loading.request());
    const assets = Array.from({ length: 15 }, (_, index) => `t${index}`);
    await Promise.all(
      assets.map((assetId) => loaders.stateChanges({ orgId, assetId, pointId: 'state' }, morning, NOW)),
    );
    expect(loading.taken()).toEqual(['getAssetDiData', 'getAssetDiData']);
  });

  it('gives the energy since local midnight, null without any', async () => {
    const loaders = createSeriesLoaders(loading.request());
    const [energy, none] = await Promise.all([
      loaders.energyToday({ orgId, assetId: 'wt1', pointId: 'energy' }),
      loaders.energyToday({ orgId, assetId: 'wt1', pointId: 'power' }),
    ]);
    expect(energy).toEqual({ time: at('2024-06-15', 'Europe/Copenhagen'), value: 18, quality: null });
    expect(none).toBeNull();
    expect(loading.taken()).toEqual(['getAssetCurrentDayElectricPower']);
  });
});
