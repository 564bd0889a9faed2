/** What the bundled world shows of the Connection Service, over HTTP. */
import { startTinySimulator } from '../../support/tiny-simulator.js';
import type { TinySimulator } from '../../support/tiny-simulator.js';
import { TINY_NOW } from '../../support/tiny-world.js';
import { bundledWorldFolder, loadWorld } from '../../../src/simulator/world/load.js';
import type { World } from '../../../src/simulator/world/world.js';

type Row = Record<string, unknown>;
let world: World;
let simulator: TinySimulator;
beforeAll(async () => {
  world = await loadWorld(bundledWorldFolder, { now: () => TINY_NOW });
  simulator = await startTinySimulator({ world });
});
afterAll(async () => {
  await simulator.close();
  expect(simulator.faults).toEqual([]);
});

async function data(
  path: string,
  action: string,
  body: unknown,
  query: Record<string, string> = {},
  method = 'POST',
) {
  const sent = method === 'GET' ? {} : { body };
  const reply = await simulator.client.call({
    method,
    path: `/connect-service/${path}`,
    query: { action, ...query },
    ...sent,
  });
  expect(reply.body).toMatchObject({ code: 0 });
  return reply.body as { data: Row[]; pagination: { totalSize: number } };
}

test('every asset but the logical ones and one without rights is a device, and its keys are those of the asset', async () => {
  const body = {
    pagination: { pageNo: 1, pageSize: 1000 },
    projection: ['assetId', 'productKey', 'deviceKey'],
  };
  const { data: devices } = await data('v2.4/devices', 'search', body);
  const expected = [...world.assets.values()].filter(({ label, readable }) => label === '0' && readable);
  expect(devices.map(({ assetId }) => assetId).sort()).toEqual(expected.map(({ assetId }) => assetId).sort());
  for (const { assetId, productKey, deviceKey } of devices)
    expect(world.assets.get(String(assetId))).toMatchObject({ productKey, deviceKey });
});

test('device keys occur under two products', async () => {
  const { data: devices } = await data('v2.1/devices', 'search', { expression: "deviceKey = 'WT-01'" });
  expect(new Set(devices.map(({ productKey }) => productKey)).size).toBe(2);
});

test('devices are online, offline, disabled and never active', async () => {
  const { data: counts } = await data('v2.1/devices', 'getStats', undefined, {}, 'GET');
  for (const [name, count] of Object.entries(counts)) expect([name, Number(count) > 0]).toEqual([name, true]);
});

test('a gateway has the turbines of its site below it', async () => {
  const body = { gateway: { assetId: 'gW5pR2nK' }, pagination: { pageNo: 1, pageSize: 1 } };
  expect((await data('v2.1/device-topos', 'searchSubDevice', body)).pagination.totalSize).toBe(52);
});

test('a rollout is under way: some devices are done, two are at it, most are to come', async () => {
  const count = async (status: string): Promise<number> => {
    const body = { expression: `status = '${status}'` };
    return (await data('v2.1/ota-jobs', 'searchTask', body)).pagination.totalSize;
  };
  expect(await count('succeeded')).toBeGreaterThan(5);
  expect(await count('upgrading')).toBe(2);
  expect(await count('init')).toBeGreaterThan(20);
  expect(await count('failed')).toBe(1);
});

test('commands have run their course, or wait for their device', async () => {
  const states = async (assetId: string): Promise<unknown[]> => {
    const { data: commands } = await data('v2.1/commands', 'search', {}, { assetId });
    return commands.map(({ state }) => state);
  };
  const idOf = async (deviceKey: string): Promise<string> => {
    const expression = `productKey = 'kT8wNd3R' and deviceKey = '${deviceKey}'`;
    return String((await data('v2.1/devices', 'search', { expression })).data[0]?.assetId);
  };
  const first = await states('tB4nX9wL');
  expect([first.length >= 10, new Set(first)]).toEqual([true, new Set([5])]);
  expect(await states(await idOf('WT-05'))).toEqual([7]);
  expect(await states(await idOf('WT-06'))).toEqual([6]);
  expect(await states(await idOf('WT-09'))).toEqual([1]);
  expect(await states(await idOf('WT-33'))).toEqual([3]);
});

test('a turbine and its gateway have certificates near their end, and the turbine one that was revoked', async () => {
  const { data: own } = await data('v2.0/certificates', 'list', undefined, { assetId: 'tB4nX9wL' }, 'GET');
  expect(own.map(({ certStatus }) => certStatus)).toEqual([0, 1]);
  const { data: gateways } = await data(
    'v2.0/certificates',
    'list',
    undefined,
    { assetId: 'gW5pR2nK' },
    'GET',
  );
  expect(Number(gateways[0]?.expireDate) - TINY_NOW).toBeLessThan(5 * 86_400_000);
});

test('events, logs, firmware and a file are there', async () => {
  const { pagination } = await data('v2.1/events', 'search', { assetId: 'tB4nX9wL' });
  expect(pagination.totalSize).toBeGreaterThan(10);
  const times = { startTime: String(TINY_NOW - 15 * 86_400_000), endTime: String(TINY_NOW) };
  expect((await data('v2.1/device-logs', 'search', {}, times)).pagination.totalSize).toBeGreaterThan(300);
  expect((await data('v2.1/ota-firmwares', 'search', {})).data).toHaveLength(4);
  const fileUri = String(world.assets.get('gW5pR2nK')?.attributes['configuration']);
  const query = { assetId: 'gW5pR2nK', category: 'feature', fileUri };
  expect((await data('v2.1/files', 'getFileInfo', undefined, query, 'GET')).data).toMatchObject({
    originalFilename: 'gateway-north-ridge.ini',
  });
});
