import { clearSky, sunAt } from '../../../src/simulator/series/sun.js';
import { powerAt } from '../../../src/simulator/series/physics/wind-turbine.js';
import { ONE_WAY_EFFICIENCY } from '../../../src/simulator/series/physics/battery.js';
import { bundledWorldFolder, loadWorld } from '../../../src/simulator/world/load.js';
import type { World, WorldSample } from '../../../src/simulator/world/world.js';

const NOW = Date.UTC(2024, 5, 20, 12);
const MINUTE = 60_000;
const DAY = 86_400_000;
const TURBINE = 'tB4nX9wL';
const INVERTER = 'iN3vR8sT';
const RACK = 'bT9yW2cD';
const WEATHER = 'wM3sA7vD';

let world: World;
beforeAll(async () => {
  world = await loadWorld(bundledWorldFolder, { now: () => NOW });
});

const read = (assetId: string, pointId: string, from: number, to: number): WorldSample[] => [
  ...world.series.read(assetId, pointId, from, to),
];
const numbers = (assetId: string, pointId: string, from: number, to: number): number[] =>
  read(assetId, pointId, from, to).map(({ value }) => Number(value));
const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);

describe('the sun', () => {
  test('stands where almanacs say', () => {
    const elevation = (latitude: number, longitude: number, t: number): number =>
      (Math.asin(sunAt(latitude, longitude, t).sinElevation) * 180) / Math.PI;
    // Noon at the solstice in Greenwich: 90 - 51.48 + 23.44 degrees.
    expect(elevation(51.48, 0, Date.UTC(2024, 5, 20, 12, 2))).toBeCloseTo(61.96, 1);
    // Over the equator at an equinox, at the local noon of 90 degrees east.
    expect(elevation(0, 90, Date.UTC(2024, 2, 20, 6, 7))).toBeGreaterThan(89);
    expect(elevation(51.48, 0, Date.UTC(2024, 5, 20, 0))).toBeLessThan(0);
  });

  test('rises in the east and sets in the west', () => {
    expect(sunAt(40, 0, Date.UTC(2024, 5, 20, 6)).east).toBeGreaterThan(0);
    expect(sunAt(40, 0, Date.UTC(2024, 5, 20, 18)).east).toBeLessThan(0);
  });

  test('gives a clear sky of about 1000 W/m2 when it is high, nothing when it is down', () => {
    expect(clearSky({ sinElevation: 1, north: 0, east: 0 })).toBeCloseTo(1035, 0);
    expect(clearSky({ sinElevation: -0.1, north: 0, east: 0 })).toBe(0);
  });
});

test('a power curve stays within its bounds', () => {
  const curve = { cutIn: 3, rated: 12, cutOut: 25, power: 2500 };
  expect([0, 2.9, 25, 40].map((speed) => powerAt(curve, speed))).toEqual([0, 0, 0, 0]);
  expect([12, 18, 24.9].map((speed) => powerAt(curve, speed))).toEqual([2500, 2500, 2500]);
  expect(powerAt(curve, 6)).toBeGreaterThan(0);
  expect(powerAt(curve, 6)).toBeLessThan(powerAt(curve, 9));
});

describe('a turbine over a month', () => {
  const from = NOW - 30 * DAY;

  test('power lies between nothing and rated, and is nothing unless it runs', () => {
    const states = read(TURBINE, 'runState', from - DAY, NOW);
    let at = 0;
    for (const { time, value } of read(TURBINE, 'activePower', from, NOW)) {
      while ((states[at + 1]?.time ?? Infinity) <= time) at += 1;
      const bound = states[at]?.value === 1 ? 2500 : 0;
      if (Number(value) < 0 || Number(value) > bound) {
        throw new Error(`power ${value} at ${time} in state ${states[at]?.value}`);
      }
    }
  });

  test('wind is shared within a site, but not the same at each turbine', () => {
    const a = numbers(TURBINE, 'windSpeed', NOW - DAY, NOW);
    const b = numbers('k7Pq2VzR', 'windSpeed', NOW - DAY, NOW);
    const mean = (values: number[]): number => sum(values) / values.length;
    expect(mean(a) / mean(b)).toBeGreaterThan(0.85);
    expect(mean(a) / mean(b)).toBeLessThan(1.18);
    expect(a).not.toEqual(b);
  });

  test('states change a few times a day, and latest agrees with read', () => {
    const states = read(TURBINE, 'runState', from, NOW);
    expect(states.length).toBeGreaterThan(30);
    expect(states.length).toBeLessThan(30 * 20);
    for (const [i, state] of states.entries()) {
      expect(world.series.latest(TURBINE, 'runState', (states[i + 1]?.time ?? NOW) - 1)).toEqual(state);
    }
  });

  test('energy is the integral of power', () => {
    const start = Math.ceil((NOW - DAY) / DAY) * DAY - DAY;
    const energy = sum(numbers(TURBINE, 'energyProduced', start, start + DAY));
    const power = sum(numbers(TURBINE, 'activePower', start, start + DAY)) / 60;
    expect(power).toBeGreaterThan(0);
    expect(Math.abs(energy - power)).toBeLessThan(0.1);
  });
});

describe('a solar site', () => {
  test('has no irradiance and no power at night, and both by day', () => {
    // Mesa Verde: 06:00 UTC is an hour before local midnight, 19:00 UTC is noon.
    const night = Date.UTC(2024, 5, 18, 6);
    const noon = Date.UTC(2024, 5, 18, 19);
    for (const pointId of ['globalIrradiance', 'planeIrradiance']) {
      expect(numbers(WEATHER, pointId, night, night + 60 * MINUTE)).toEqual(new Array(12).fill(0));
      expect(Math.min(...numbers(WEATHER, pointId, noon, noon + 60 * MINUTE))).toBeGreaterThan(100);
    }
    expect(sum(numbers(INVERTER, 'activePower', night, night + 60 * MINUTE))).toBe(0);
    const week = numbers(INVERTER, 'activePower', NOW - 7 * DAY, NOW);
    expect(Math.max(...week)).toBeGreaterThan(90);
    expect(Math.max(...week)).toBeLessThanOrEqual(150);
  });

  test('never shows more on the ground than the sky gives', () => {
    const irradiance = numbers(WEATHER, 'globalIrradiance', NOW - 365 * DAY, NOW);
    expect(Math.max(...irradiance)).toBeLessThan(1098);
    expect(Math.min(...irradiance)).toBe(0);
    // About 1500 to 2300 kWh/m2 a year at that latitude.
    const yearly = sum(irradiance) / 12 / 1000;
    expect(yearly).toBeGreaterThan(1400);
    expect(yearly).toBeLessThan(2400);
  });
});

describe('a battery', () => {
  test('keeps its state of charge between 0 and 100, and uses a good part of it', () => {
    const soc = numbers(RACK, 'soc', NOW - 60 * DAY, NOW);
    expect(Math.min(...soc)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...soc)).toBeLessThanOrEqual(100);
    expect(Math.max(...soc) - Math.min(...soc)).toBeGreaterThan(40);
  });

  test.each([
    ['charging', 7, 15],
    ['discharging', 15, 20],
  ])('its power while %s integrates to its state of charge', (_name, fromHour, toHour) => {
    // Hours in UTC, at whose ends the battery rests.
    const from = Date.UTC(2024, 5, 18, fromHour);
    const to = Date.UTC(2024, 5, 18, toHour);
    const kWh = sum(
      numbers(RACK, 'activePower', from, to).map((power) =>
        power < 0 ? (-power * ONE_WAY_EFFICIENCY) / 60 : -power / ONE_WAY_EFFICIENCY / 60,
      ),
    );
    const [first = 0] = numbers(RACK, 'soc', from, from + MINUTE);
    const [last = 0] = numbers(RACK, 'soc', to, to + MINUTE);
    expect(Math.abs(last - first)).toBeGreaterThan(40);
    expect((kWh / 372) * 100).toBeCloseTo(last - first, 2);
  });
});

test('the same question has the same answer in another start of the world', async () => {
  const again = await loadWorld(bundledWorldFolder, { now: () => NOW + 5 * DAY });
  for (const [assetId, pointId] of [
    [TURBINE, 'activePower'],
    [TURBINE, 'runState'],
    [INVERTER, 'energyProduced'],
    [RACK, 'cellVoltages'],
    [WEATHER, 'humidity'],
  ] as const) {
    const from = NOW - 2 * DAY;
    expect([...again.series.read(assetId, pointId, from, NOW - DAY)]).toEqual(
      read(assetId, pointId, from, NOW - DAY),
    );
  }
});

test('reading is lazy: the first record of a century costs no more than one', () => {
  for (const sample of world.series.read(TURBINE, 'activePower', 0, NOW)) {
    expect(sample.time).toBe(0);
    break;
  }
});
