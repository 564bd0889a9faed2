import { bundledWorldFolder, loadWorld } from '../../../src/simulator/world/load.js';
import type { World, WorldAsset } from '../../../src/simulator/world/world.js';

const NOW = Date.UTC(2024, 5, 15, 12, 0, 30);
const DAY = 86_400_000;
let world: World;

beforeAll(async () => {
  world = await loadWorld(bundledWorldFolder, { now: () => NOW });
});

const alerts = (): World['alerts'] extends Map<string, infer A> ? A[] : never => [...world.alerts.values()];

test('holds what the documentation promises', () => {
  expect(world.models.size).toBeGreaterThanOrEqual(5);
  expect(world.assets.size).toBeGreaterThanOrEqual(300);
  expect([...world.trees.keys()]).toEqual(['Wf7kQ2Zx', 'Lm3xE8Vd']);
  const site = world.trees.get('Wf7kQ2Zx')?.nodes.get('Rk3vTq8M');
  expect(
    site?.children.slice(0, 50).every((node) => world.assets.get(node.assetId)?.modelId === 'DF_Turbine'),
  ).toBe(true);
  expect(new Set([...world.assets.values()].map((asset) => asset.timezone)).size).toBeGreaterThanOrEqual(5);
});

test('holds the corner cases', () => {
  expect(world.assets.get('tB4nX9wL')?.attributes['serialNumber']).toBe(9007199254740993n);
  expect(world.assets.get('Xr9nD3nY')?.readable).toBe(false);
  expect(world.trees.get('Wf7kQ2Zx')?.nodes.has('Xr9nD3nY')).toBe(true);
  const placed = new Set([...world.trees.values()].flatMap((tree) => [...tree.nodes.keys()]));
  // Gateways are in no tree either.
  const unplaced = [...world.assets.values()].filter(({ assetId }) => !placed.has(assetId));
  expect(unplaced.filter(({ modelId }) => modelId !== 'Edge_Gateway').map(({ assetId }) => assetId)).toEqual([
    'Sp4reR0k',
  ]);
  expect(world.models.get('DF_Turbine')?.storage['generatorSpeed']).toEqual(['AI_RAW']);
  expect(world.models.get('DF_Turbine')?.storage['vibrationRaw']).toBeUndefined();
  expect(world.models.get('Weather_Station')?.orgId).not.toBe(world.orgId);
  const types = new Set(
    [...world.models.values()].flatMap((m) => Object.values(m.measurepoints).map((p) => p.dataType)),
  );
  for (const type of ['ENUM', 'BOOL', 'STRUCT', 'STRING', 'ARRAY', 'DOUBLE'] as const)
    expect(types).toContain(type);
});

test('holds active and past alerts, an open one of long ago, masked ones, and one of ids that exist nowhere', () => {
  const active = alerts().filter((alert) => alert.recoverTime === null);
  expect(active.length).toBeGreaterThan(20);
  expect(alerts().length - active.length).toBeGreaterThan(300);
  expect(active.some((alert) => NOW - alert.occurTime > 130 * DAY)).toBe(true);
  expect(active.some((alert) => alert.deviceStatus === 'offline')).toBe(true);
  const masked = active.filter((alert) => alert.maskedBy);
  expect(masked).toHaveLength(2);
  for (const { maskedBy } of masked) expect(world.alerts.has(maskedBy?.[0]?.split(':')[1] ?? '')).toBe(true);
  const ghost = active.find((alert) => alert.assetId === 'Gh0sT4sS');
  expect(world.alertRules.has(ghost?.ruleId ?? '')).toBe(false);
});

test('every point of every device has a series, and no other points have', () => {
  const without = (asset: WorldAsset): string[] =>
    Object.keys(world.models.get(asset.modelId)?.measurepoints ?? {}).filter(
      (pointId) => !world.series.latest(asset.assetId, pointId, NOW),
    );
  expect([...world.assets.values()].flatMap(without)).toEqual([]);
  expect([...world.series.read('tB4nX9wL', 'nothing', 0, NOW)]).toEqual([]);
});

test('no measurement is newer than now, but for the forecast', () => {
  for (const { assetId, modelId } of world.assets.values()) {
    for (const pointId of Object.keys(world.models.get(modelId)?.measurepoints ?? {})) {
      const future = world.series.latest(assetId, pointId, Infinity, NOW);
      expect(future === null || pointId === 'irradianceForecast').toBe(true);
    }
  }
  const forecast = world.series.latest('wM3sA7vD', 'irradianceForecast', Infinity, NOW);
  expect(forecast?.time).toBeGreaterThan(NOW + DAY - 3_600_001);
});
