import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tsdbDataHandlers } from '../../../src/simulator/services/tsdb/index.js';
import { loadWorld } from '../../../src/simulator/world/load.js';
import type { World } from '../../../src/simulator/world/world.js';
import { caller } from '../../support/series-world.js';

const root = new URL('../../../', import.meta.url);
const data = process.env['NREL_DATA_DIR'] ?? fileURLToPath(new URL('../shared/data/nrel-campus', root));
const measured = existsSync(data);
if (!measured)
  process.stderr.write(`SKIPPED: no measured data in ${data}; set NREL_DATA_DIR to where it is\n`);

(measured ? describe : describe.skip)('the measured world', () => {
  const NOW = Date.UTC(2024, 5, 15, 12);
  let world: World;
  let post: (operationId: string, body: Record<string, unknown>) => { items: Record<string, unknown>[] };

  beforeAll(async () => {
    world = await loadWorld(fileURLToPath(new URL('test/worlds/nrel-campus', root)), { now: () => NOW });
    const call = caller(tsdbDataHandlers, world, NOW);
    post = (operationId, body) => call(operationId, { body }) as ReturnType<typeof post>;
  });

  const day = { startTime: '2022-01-03 00:00:00', endTime: '2022-01-04 00:00:00' };

  test('the daily mean of RSF II is that of its 96 records', () => {
    const raw = post('getAssetAiRawData', { assetIds: 'rSf2Inv2', pointIds: 'ac_power_kw', ...day });
    expect(raw.items).toHaveLength(96);
    expect(raw.items[0]).toMatchObject({
      localtime: '2022-01-03 00:00:00',
      timestamp: Date.UTC(2022, 0, 3, 7),
    });
    const mean = post('getAssetAiDataWithAggregationLogic', {
      assetIds: 'rSf2Inv2',
      pointIdsWithLogic: 'avg(ac_power_kw),count(ac_power_kw)',
      interval: 1440,
      itemFormat: 1,
      ...day,
    });
    expect(mean.items).toHaveLength(1);
    expect(Math.abs(Number(mean.items[0]?.['avg(ac_power_kw)']) - 36.494442)).toBeLessThan(1e-5);
    expect(mean.items[0]?.['count(ac_power_kw)']).toBe(96);
  });

  test('empty cells of the weather station are no records', () => {
    const end = { startTime: '2022-01-04 23:50:00', endTime: '2022-01-05 00:10:00' };
    const raw = post('getAssetAiRawData', {
      assetIds: 'rM1sWthr',
      pointIds: 'ambient_temperature,uv_b',
      ...end,
    });
    expect(raw.items.map((item) => item['localtime'])).toEqual([
      '2022-01-04 23:50:00',
      '2022-01-04 23:50:00',
    ]);
  });

  test('every column is a point with records, the logger’s channel left off', () => {
    for (const [assetId, count] of [
      ['rSf2Inv2', 12],
      ['sErfWst1', 15],
      ['rM1sWthr', 12],
    ] as const) {
      const points = Object.keys(
        world.models.get(world.assets.get(assetId)?.modelId ?? '')?.measurepoints ?? {},
      );
      expect(points).toHaveLength(count);
      for (const point of points) {
        expect(point).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/);
        expect(world.series.latest(assetId, point, NOW)).not.toBeNull();
      }
    }
  });

  test('negative night values stay as measured', () => {
    const raw = post('getAssetAiRawData', { assetIds: 'rM1sWthr', pointIds: 'global_horizontal', ...day });
    expect(Math.min(...raw.items.map((item) => Number(item['global_horizontal'])))).toBeLessThan(0);
  });

  test('assets keep the fixed offset of the loggers, and hang in one tree', () => {
    expect([...world.assets.values()].map((asset) => asset.timezone)).toEqual(new Array(4).fill('-07:00'));
    expect([...world.trees.values()].map((tree) => tree.nodes.size)).toEqual([4]);
  });
});
