/**
 * Records the fragments of the benchmark's upstream from the simulator, so that the stub answers as the simulator does:
 * `node bench/upstream/record.mjs` (after `npm run build`) writes bench/upstream/fixtures.json.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createEnosClient } from '../../dist/enos/create-client.js';

const ORG = 'o15724268424841';
const SITE = 'Rk3vTq8M';
const TREE = 'Wf7kQ2Zx';
const MODEL = 'DF_Turbine';
const CHILDREN = 25;
const SERIES_POINTS = ['activePower', 'windSpeed'];
const screen = new URL('../../schema/operations/screen.json', import.meta.url);
const POINTS = JSON.parse(await readFile(screen, 'utf8')).points;
const STRETCH = { startTime: '2026-06-01T00:00:00Z', endTime: '2026-06-02T00:00:00Z' };
const LIGHT = ['assetId', 'modelId', 'modelIdPath', 'name', 'timezone', 'description'];
const PROJECTIONS = { 0: [], 1: ['attributes'], 2: ['tags'], 3: ['attributes', 'tags'] };

const simulator = fork(new URL('../../dist/simulator/main.js', import.meta.url), [], {
  stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  env: { ...process.env, HOST: '127.0.0.1', SIMULATOR_PORT: '0' },
});
const url = /http:\/\/\S+/.exec(String((await once(simulator.stdout, 'data'))[0]))[0];
const timeouts = { connect: 1_000, headers: 30_000, idle: 30_000, total: 30_000 };
const enos = createEnosClient({ url, accessKey: 'demo-access-key', secretKey: 'demo-secret-key', timeouts });
const call = async (operation, args) => (await enos.call(operation, { query: { orgId: ORG }, ...args })).body;

/** JSON text with every digit of long integers, which the client reads as bigint. */
function textOf(value) {
  const marked = JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? `bigint:${part}` : part));
  return marked.replace(/"bigint:(-?\d+)"/g, '$1');
}

try {
  const related = (projection) =>
    call('asset-tree.searchRelatedAssetNode', {
      query: { orgId: ORG, treeId: TREE },
      body: {
        filter: { isChildOfAssetId: SITE, modelIds: [MODEL] },
        pagination: { pageNo: 1, pageSize: CHILDREN },
        ...(projection ? { projection } : {}),
      },
    });
  const nodes = (await related()).data.map((node) => ({ id: node.assetId, w: textOf(node) }));
  for (const [kind, parts] of Object.entries(PROJECTIONS)) {
    (await related([...LIGHT, ...parts])).data.forEach((node, index) => (nodes[index][kind] = textOf(node)));
  }
  const ids = nodes.map(({ id }) => id);
  const alerts = await call('alert.searchActiveAlerts', {
    body: {
      expression: `assetId in (${ids.map((id) => `'${id}'`).join(', ')})`,
      pagination: { pageNo: 1, pageSize: 1_000 },
    },
  });
  const latest = await call('tsdb-data.getAssetLatestData', {
    body: { assetIds: ids.join(','), pointIds: POINTS.join(','), itemFormat: 0 },
  });
  const raw = await call('tsdb-data.getAssetRawDataByTimeRange', {
    body: {
      assetIds: ids[0],
      pointIds: SERIES_POINTS.join(','),
      ...STRETCH,
      pageSize: 20_000,
      itemFormat: 0,
    },
  });
  for (const node of nodes) {
    const asset = await call('asset.getAsset', { query: { orgId: ORG, assetId: node.id } });
    node.a = textOf(asset.data);
    node.alerts = alerts.data.filter(({ assetId }) => assetId === node.id).map(textOf);
    node.latest = Object.fromEntries(
      POINTS.map((point) => [
        point,
        textOf(latest.data.items.find((item) => item.assetId === node.id && point in item)),
      ]),
    );
  }
  const site = await call('asset.getAsset', { query: { orgId: ORG, assetId: SITE } });
  const model = await call('model.getThingModel', { query: { orgId: ORG, modelId: MODEL } });
  const storage = await call('tsdb-policy.getMeasurementPointTsdbMetadata', {
    query: { orgId: ORG, modelIds: MODEL },
  });
  const fixtures = {
    about: 'Records of the simulator (bundled world), written by bench/upstream/record.mjs. Do not edit.',
    orgId: ORG,
    treeId: TREE,
    siteId: SITE,
    modelId: MODEL,
    stretch: STRETCH,
    site: textOf(site.data),
    model: textOf(model.data),
    storage: textOf(storage.data[0]),
    nodes,
    series: Object.fromEntries(
      SERIES_POINTS.map((point) => {
        const items = raw.data.items.filter((item) => point in item);
        const { timestamp, localtime } = items[0];
        return [point, { timestamp, localtime, values: items.map((item) => item[point]) }];
      }),
    ),
  };
  const steps = raw.data.items
    .slice(1, 1_440)
    .map((item, index) => item.timestamp - raw.data.items[index].timestamp);
  if (steps.some((step) => step !== 60_000)) throw new Error('the recorded series is not one value a minute');
  await writeFile(new URL('./fixtures.json', import.meta.url), `${JSON.stringify(fixtures, null, 1)}\n`);
  process.stdout.write(
    `${nodes.length} assets, ${nodes.flatMap((node) => node.alerts).length} alerts, ` +
      `${raw.data.items.length} values\n`,
  );
} finally {
  await enos.close();
  simulator.kill('SIGTERM');
}
