/** The whole way on measured data: CSV files of a real site, through simulator and server, against known figures. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ask } from '../support/graphql-client.js';
import { startServer, startSimulatorProcess, type Running } from '../support/processes.js';

const dataDir = path.resolve(process.env.NREL_DATA_DIR ?? '../shared/data/nrel-campus');
const present = existsSync(path.join(dataDir, 'rsf2.csv'));
if (!present) process.stderr.write(`\nSKIPPED: no measured data in NREL_DATA_DIR (${dataDir})\n\n`);
const describeMeasured = present ? describe : describe.skip;

interface SeriesAnswer {
  asset: {
    timezone: string;
    point: {
      series: {
        unit: { symbol: string } | null;
        values: { time: string; timestamp: string; value: number }[];
        statistics: { count: number; rawCount: number | null };
      };
    };
  };
}

const SERIES = `query ($asset: ID!, $point: ID!, $from: DateTime!, $to: DateTime!, $interval: Duration, $aggregate: Aggregate) {
  asset(assetId: $asset) { timezone point(pointId: $point) {
    series(from: $from, to: $to, interval: $interval, aggregate: $aggregate) {
      unit { symbol } values { time timestamp value } statistics { count rawCount }
    } } }
}`;

describeMeasured('the measured world', () => {
  let simulator: Running;
  let server: Running;

  beforeAll(async () => {
    simulator = await startSimulatorProcess({
      ENOS_WORLD: 'test/worlds/nrel-campus',
      NREL_DATA_DIR: dataDir,
    });
    server = await startServer(simulator.url);
  });

  afterAll(async () => {
    await server?.stop();
    await simulator?.stop();
  });

  const series = async (variables: Record<string, unknown>) => {
    const { data, errors } = await ask<SeriesAnswer>(server.url, SERIES, variables);
    expect(errors).toBeUndefined();
    if (data === null) throw new Error('no data');
    return data.asset.point.series;
  };
  const january = {
    asset: 'rSf2Inv2',
    point: 'ac_power_kw',
    from: '2022-01-03T00:00:00-07:00',
    to: '2022-01-04T00:00:00-07:00',
  };

  test('the daily mean of RSF II is the mean of its 96 records', async () => {
    const daily = await series({ ...january, interval: 'P1D', aggregate: 'AVG' });
    expect(daily.values).toHaveLength(1);
    expect(daily.values[0]?.value).toBeCloseTo(36.494442, 5);
    // The value carries the start of the local day, written in UTC.
    expect(new Date(daily.values[0]?.time ?? '').toISOString()).toBe('2022-01-03T07:00:00.000Z');
    expect(daily.values[0]?.timestamp).toBe(String(Date.parse('2022-01-03T07:00:00Z')));
    expect(daily.unit?.symbol).toBe('kW');

    const raw = await series(january);
    expect(raw.values).toHaveLength(96);
    expect(raw.statistics.count).toBe(96);
    const mean = raw.values.reduce((sum, { value }) => sum + value, 0) / raw.values.length;
    expect(mean).toBeCloseTo(36.494442, 5);
  });

  test('hourly means lie on the local hours and agree with the raw records', async () => {
    const hourly = await series({ ...january, interval: 'PT1H', aggregate: 'AVG' });
    const raw = await series(january);
    expect(hourly.values).toHaveLength(24);
    hourly.values.forEach(({ timestamp, value }) => {
      const start = Number(timestamp);
      const inside = raw.values.filter(
        (one) => Number(one.timestamp) >= start && Number(one.timestamp) < start + 3_600_000,
      );
      expect(inside).toHaveLength(4);
      expect(value).toBeCloseTo(inside.reduce((sum, one) => sum + one.value, 0) / 4, 6);
    });
  });

  test('gaps in the weather station are gaps, not zeros', async () => {
    // The file goes on after the last measurement with empty cells.
    const late = {
      asset: 'rM1sWthr',
      point: 'ambient_temperature',
      from: '2022-01-04T00:00:00-07:00',
      to: '2022-01-06T00:00:00-07:00',
    };
    const raw = await series(late);
    const hourly = await series({ ...late, interval: 'PT1H', aggregate: 'AVG' });
    expect(raw.values.length).toBeGreaterThan(0);
    expect(raw.values.every(({ value }) => typeof value === 'number')).toBe(true);
    const last = Math.max(...raw.values.map(({ timestamp }) => Number(timestamp)));
    expect(last).toBeLessThan(Date.parse('2022-01-05T00:00:00-07:00'));
    expect(hourly.values.length).toBeLessThan(48);
    expect(Math.max(...hourly.values.map(({ timestamp }) => Number(timestamp)))).toBeLessThanOrEqual(last);
  });

  test('local and UTC ways of writing a time mean the same instant', async () => {
    const local = await series(january);
    const utc = await series({ ...january, from: '2022-01-03T07:00:00Z', to: '2022-01-04T07:00:00Z' });
    expect(utc.values).toEqual(local.values);
    expect(local.values[0]?.time.startsWith('2022-01-03T07:00:00')).toBe(true);
  });
});
