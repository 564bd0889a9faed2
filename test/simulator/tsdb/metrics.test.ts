/** Metric Management: metrics made of points, per hour, day or month. */
import { metrics } from '../../../src/simulator/parts/metrics.js';
import { operationCaller } from '../../support/operation-calls.js';
import type { TinySimulator } from '../../support/tiny-simulator.js';
import { startTinySimulator } from '../../support/tiny-simulator.js';
import { tinyWorld } from '../../support/tiny-world.js';

let simulator: TinySimulator;
beforeAll(async () => {
  const world = tinyWorld();
  const from = [{ model: 'Wind_Turbine', point: 'activePower' }];
  const common = { from, logic: 'sum' as const, scale: 1, digits: 0 };
  const byId = world.parts.of(metrics);
  byId.set('hourly', { ...common, id: 'hourly', per: 'hour', scale: 0.5, digits: 1 });
  byId.set('monthly', { ...common, id: 'monthly', logic: 'count', per: 'month' });
  simulator = await startTinySimulator({ world });
});
afterAll(async () => {
  await simulator.close();
  expect(simulator.faults).toEqual([]);
});

const call = operationCaller(() => simulator);
const query = async (parameters: Record<string, string>) =>
  (await call('queryMetricData', { query: parameters })).data;

// One record an hour, whose value is the hour in UTC; turbine1 stands at +08:00.
const TURBINE = { mdmIds: 'turbine1' };
const DAY = Array.from({ length: 24 }, (_, hour) => hour).reduce((sum, hour) => sum + hour, 0);

it('gives a value for each day of the asset’s own zone', async () => {
  const days = { startTime: '2024-06-10 00:00:00', endTime: '2024-06-11 23:59:59' };
  expect(await query({ metrics: 'daily_energy', ...TURBINE, ...days })).toEqual(
    ['2024-06-10 00:00:00', '2024-06-11 00:00:00'].map((time) => ({
      metricIdentifier: 'daily_energy',
      mdmId: 'turbine1',
      time,
      daily_energy: DAY / 1000,
    })),
  );
});

it('answers alike over POST', async () => {
  const parameters = { metrics: 'hourly', ...TURBINE, startTime: '2024-06-15 08', endTime: '2024-06-15 10' };
  const posted = await call('queryMetricDataByPost', {
    body: { orgId: simulator.client.orgId, ...parameters },
  });
  expect(posted.data).toEqual(await query(parameters));
  expect(posted.data).toMatchObject([{ hourly: 0 }, { hourly: 0.5 }, { hourly: 1 }]);
});

it('gives today where no times are named, up to now', async () => {
  const today = (await query({ metrics: 'hourly', ...TURBINE })) as { time: string }[];
  expect(today[0]?.time).toBe('2024-06-15 00:00:00');
  expect(today.at(-1)?.time).toBe('2024-06-15 20:00:00');
});

it('gives the current month whatever times are named', async () => {
  const past = { startTime: '2020', endTime: '2021' };
  expect(await query({ metrics: 'monthly', ...TURBINE, ...past })).toMatchObject([
    { time: '2024-06-01 00:00:00', monthly: 14 * 24 + 21 },
  ]);
});

it('gives every device that has the metric where none is named', async () => {
  const rows = (await query({ metrics: 'daily_energy' })) as { mdmId: string }[];
  expect(rows.map(({ mdmId }) => mdmId).sort()).toEqual(['turbine1', 'turbine2', 'turbine3']);
});

it('groups by metric or by device, and adds attributes that are asked for', async () => {
  const parameters = { metrics: 'daily_energy,monthly', ...TURBINE, extraFields: 'ratedPower' };
  expect(await query({ ...parameters, format: '1' })).toMatchObject({
    daily_energy: [{ ratedPower: 2500 }],
    monthly: [{ ratedPower: 2500 }],
  });
  const byDevice = (await query({ ...parameters, format: '2' })) as Record<string, unknown[]>;
  expect(Object.keys(byDevice)).toEqual(['turbine1']);
  expect(byDevice.turbine1).toHaveLength(2);
});

it('refuses unknown metrics, times that are none, and assets that may not be read', async () => {
  const code = async (parameters: Record<string, string>) =>
    (await call('queryMetricData', { query: parameters })).code;
  expect(await code({ metrics: 'none' })).toBe(80400);
  expect(await code({ metrics: 'daily_energy', startTime: 'soon' })).toBe(80400);
  expect(await code({ metrics: 'daily_energy', mdmIds: 'turbine4' })).toBe(80401);
  expect(await code({ metrics: 'daily_energy', format: '3' })).toBe(80400);
});
