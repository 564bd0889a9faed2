import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { EnosClient } from '../../../src/enos/client.js';
import { createEnosClient } from '../../../src/enos/create-client.js';
import { createSeriesLoaders } from '../../../src/loading/series/create.js';
import type { AggregateFunction } from '../../../src/loading/series/types.js';
import { startSimulator, type RunningSimulator } from '../../../src/simulator/server.js';
import { loadWorld } from '../../../src/simulator/world/load.js';
import { recordedLoading, type RecordedLoading } from '../../support/recorded-loading.js';

const root = new URL('../../../', import.meta.url);
const data = process.env['NREL_DATA_DIR'] ?? fileURLToPath(new URL('../shared/data/nrel-campus', root));
const measured = existsSync(data);
if (!measured)
  process.stderr.write(`SKIPPED: no measured data in ${data}; set NREL_DATA_DIR to where it is\n`);

const NOW = Date.UTC(2024, 5, 15, 12);
const HOUR = 3_600_000;
const KEYS = { accessKey: 'access', secretKey: 'secret' };
/** Local midnight of 2022-01-03 at -07:00. */
const DAY = Date.UTC(2022, 0, 3, 7);

(measured ? describe : describe.skip)('series of the measured world', () => {
  let simulator: RunningSimulator;
  let client: EnosClient;
  let loading: RecordedLoading;
  let orgId: string;

  beforeAll(async () => {
    const now = (): number => NOW;
    const world = await loadWorld(fileURLToPath(new URL('test/worlds/nrel-campus', root)), { now });
    orgId = world.orgId;
    simulator = await startSimulator({ world, credentials: KEYS, now, log: () => undefined });
    client = createEnosClient({ url: simulator.url, ...KEYS, now });
    loading = recordedLoading(client, { orgId, now });
  });
  afterAll(async () => {
    await client.close();
    await simulator.close();
  });

  it('gives the daily mean of RSF II, by EnOS and summed up here, from 96 records', async () => {
    const loaders = createSeriesLoaders(loading.request());
    const read = (kinds: string[], aggregate: AggregateFunction) =>
      loaders.aggregate({
        orgId,
        assetId: 'rSf2Inv2',
        pointId: 'ac_power_kw',
        from: DAY,
        to: DAY + 24 * HOUR,
        interval: { days: 1 },
        aggregate,
        storage: { modelId: 'RSF_Array', signalType: 'AI', dataType: 'DOUBLE', hasQuality: false, kinds },
        timezone: '-07:00',
      });
    const [byEnos, byRecords, count] = await Promise.all([
      read(['AI_RAW', 'AI_NORMALIZED'], 'avg'),
      read(['AI_RAW'], 'avg'),
      read(['AI_RAW', 'AI_NORMALIZED'], 'count'),
    ]);
    for (const { samples } of [byEnos, byRecords]) {
      expect(samples.map(({ time }) => time)).toEqual([DAY]);
      expect(Math.abs(Number(samples[0]?.value) - 36.494442)).toBeLessThan(1e-5);
    }
    expect(byRecords.rawCount).toBe(96);
    expect(count.samples[0]?.value).toBe(96);
    expect(loading.taken().sort()).toEqual([
      'getAssetAiDataWithAggregationLogic',
      'getAssetRawDataByTimeRange',
    ]);
  });
});
