/**
 * The bundled world through every search: whatever it holds, the contract must accept when it is served.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse as parseJson } from 'lossless-json';
import { parse as parseYaml } from 'yaml';
import { jsonOfYaml } from '../../src/simulator/parsed-yaml.js';
import { startSimulator } from '../../src/simulator/server.js';
import type { RunningSimulator } from '../../src/simulator/server.js';
import { bundledWorldFolder, loadWorld } from '../../src/simulator/world/load.js';
import type { World } from '../../src/simulator/world/world.js';
import { EnosClient } from '../support/enos-client.js';
import { contractErrors, contractOperation } from '../support/enos-contract.js';

const credentials = { accessKey: 'key', secretKey: 'secret' };
const faults: string[] = [];
let world: World;
let simulator: RunningSimulator;
let client: EnosClient;

beforeAll(async () => {
  world = await loadWorld(bundledWorldFolder, { now: Date.now });
  simulator = await startSimulator({ world, credentials, log: (line) => faults.push(line) });
  client = new EnosClient(simulator.url, credentials, world.orgId);
});
afterAll(async () => {
  await simulator.close();
  expect(faults).toEqual([]);
});

async function serve(
  operationId: string,
  body?: object,
  query: Record<string, string> = {},
): Promise<unknown> {
  const { method, path, action } = contractOperation(operationId);
  const reply = await client.call({ method, path, query: { action, ...query }, body });
  expect(contractErrors(operationId, reply.body)).toBeNull();
  expect(reply.body.code ?? reply.body.status).toBe(0);
  return reply.body.data;
}

const pagination = { pageNo: 1, pageSize: 1000 };
const iso = (time: number): string => new Date(time).toISOString();

it('serves every model, alone and together', async () => {
  expect(await serve('searchThingModelV22', { pagination })).toHaveLength(world.models.size);
  for (const modelId of world.models.keys()) await serve('getThingModel', undefined, { modelId });
});

it('serves every readable asset of its trees, and every tree', async () => {
  const inTrees = [...world.assets.values()].filter(
    ({ assetId, readable }) => readable && [...world.trees.values()].some(({ nodes }) => nodes.has(assetId)),
  );
  expect(inTrees.length).toBeGreaterThanOrEqual(300);
  expect(await serve('searchAssetNode', { pagination })).toHaveLength(inTrees.length);
  expect(await serve('searchAssetTree', {})).toHaveLength(world.trees.size);
  for (const treeId of world.trees.keys()) {
    await serve('searchRelatedAssetNode', { pagination }, { treeId });
    await serve('searchAssetPath', { pagination }, { treeId });
  }
});

it('serves every alert and definition', async () => {
  const recovery = { recoverStartTime: iso(0), recoverEndTime: iso(Date.now()) };
  const window = { startOccurTime: iso(0), endOccurTime: iso(Date.now()) };
  expect(await serve('searchActiveAlerts', { pagination })).not.toHaveLength(0);
  expect(await serve('searchHistoryAlerts', { ...window, ...recovery, pagination })).not.toHaveLength(0);
  const month = { startOccurTime: iso(Date.now() - 30 * 86_400_000), endOccurTime: iso(Date.now()) };
  expect(await serve('searchAlerts', { ...month, pagination })).not.toHaveLength(0);
  expect(await serve('searchAlertSeverity', { pagination })).toHaveLength(world.severities.size);
  expect(await serve('searchAlertType', { pagination })).toHaveLength(world.alertTypes.size);
  expect(await serve('searchAlertContent', { pagination })).toHaveLength(world.alertContents.size);
  expect(await serve('searchAlertRule', { pagination })).toHaveLength(world.alertRules.size);
});

it('serves the storage of its points', async () => {
  for (const modelId of world.models.keys()) {
    await serve('getMeasurementPointTsdbMetadata', undefined, { modelIds: modelId });
  }
});

const ofYaml = ['src/enos/contract', 'src/simulator/worlds/bundled'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => readFileSync(join(folder, file), 'utf8')),
);

test('the build has parsed every file of the contract and of the bundled world, integers beyond 2^53 exactly', () => {
  for (const text of ofYaml) {
    const json = jsonOfYaml(text);
    const ofBuild = parseJson(json ?? '', undefined, (digits) =>
      /^-?\d+$/.test(digits) ? BigInt(digits) : Number(digits),
    );
    expect(isDeepStrictEqual(ofBuild, parseYaml(text, { intAsBigInt: true }))).toBe(true);
  }
});

test('YAML that was changed after the build is not taken from it', () => {
  for (const text of ofYaml) expect(jsonOfYaml(`${text}# changed`)).toBeUndefined();
});
