/** What runs its course as the clock goes: commands and upgrades of firmware. */
import { firmwareForm, startConnection } from '../../support/connection-simulator.js';
import type { ConnectionSimulator } from '../../support/connection-simulator.js';

let enos: ConnectionSimulator;
beforeEach(async () => {
  enos = await startConnection();
});
afterEach(async () => {
  await enos.close();
  expect(enos.faults).toEqual([]);
});

type Row = Record<string, unknown>;
const TURBINE = { assetId: 'tB4nX9wL' };
const OFFLINE = { assetId: 'wQ9dT5mN' };
const JOB = { jobId: '6631f5d1c85d7e00193ab4e7' };
const LAG = 2_000;
const get = (): Promise<Row> => enos.data('getDevice', { query: TURBINE });

describe('commands', () => {
  const stateOf = async (query: Record<string, string>, commandId: string): Promise<unknown> =>
    (await enos.call('getCommand', { query: { ...query, commandId } })).body.data ?? null;
  const cache = async (query: Record<string, string>): Promise<string> => {
    const sent = {
      query: { ...query, measurepointId: 'powerLimit', pendingTtl: '600', timeout: '10' },
      body: { value: 1500 },
    };
    return (await enos.data<{ commandId: string }>('setMeasurementPoint', sent)).commandId;
  };

  test.each([
    [
      'one that obeys',
      TURBINE.assetId,
      [
        [2_000, 4],
        [1_000, 5],
      ],
    ],
    [
      'one that refuses',
      'wS3yM8qZ',
      [
        [2_000, 4],
        [1_000, 6],
      ],
    ],
    [
      'one that is silent',
      'wR2xK7pL',
      [
        [2_000, 4],
        [8_000, 4],
        [1_000, 7],
      ],
    ],
    [
      'one that is offline',
      OFFLINE.assetId,
      [
        [599_000, 1],
        [1_000, 3],
      ],
    ],
  ])('a cached command to %s', async (_what, assetId, course) => {
    const commandId = await cache({ assetId });
    expect(commandId).toMatch(/^\d{19}$/);
    // As EnOS's own samples have it, a command is found only some seconds after it was given.
    expect(await stateOf({ assetId }, commandId)).toBeNull();
    // Searches lag behind what happens, too.
    enos.clock.now += LAG;
    for (const [after, state] of course as [number, number][]) {
      enos.clock.now += after;
      const seen = await stateOf({ assetId }, commandId);
      if (after > LAG || state !== 4) continue;
      expect(seen).toMatchObject({ commandId });
    }
    enos.clock.now += LAG;
    const last = (course as [number, number][]).at(-1)?.[1];
    expect(await stateOf({ assetId }, commandId)).toMatchObject({
      state: last,
      createTime: expect.stringMatching(/^\d+$/) as unknown,
    });
  });

  test('a point that was set has its value, for reads of the device and of the series', async () => {
    await enos.data('setMeasurementPoint', {
      query: { ...TURBINE, measurepointId: 'powerLimit' },
      body: { value: 1234.5 },
    });
    const points = await enos.data<Row[]>('getLatestMeasurementPoints', {
      query: TURBINE,
      body: { measurepointIds: ['powerLimit'] },
    });
    expect(points).toEqual([{ id: 'powerLimit', time: String(enos.clock.now), value: 1234.5 }]);
    const { body } = await enos.call('getAssetLatestData', {
      body: { assetIds: TURBINE.assetId, pointIds: 'powerLimit' },
    });
    expect(body.data).toMatchObject({ items: [{ powerLimit: 1234.5 }] });
  });

  test('a service that is invoked at once answers', async () => {
    const sent = { query: { ...TURBINE, serviceId: 'startTurbine' }, body: { inputData: { mode: 1 } } };
    expect(await enos.data('invokeService', sent)).toEqual({
      commandId: expect.any(String) as unknown,
      outputData: { accepted: true, state: 0 },
    });
  });

  test('cached commands are cancelled, one or all, and found by state and name', async () => {
    const first = await cache(OFFLINE);
    await cache(OFFLINE);
    const cancelled = await enos.data<Row[]>('cancelCommand', {
      query: { ...OFFLINE, commandId: first },
      method: 'GET',
    });
    expect(cancelled).toMatchObject([{ commandId: first, state: 1 }]);
    enos.clock.now += LAG;
    const found = (expression: string) =>
      enos.data<Row[]>('searchCommand', { query: OFFLINE, body: { expression } });
    expect(await found("state = 2 and commandName.en_US like 'Power'")).toMatchObject([
      { commandId: first, createTime: expect.any(Number) as unknown },
    ]);
    expect(await enos.data('cancelCommand', { query: OFFLINE })).toHaveLength(2);
    enos.clock.now += LAG;
    expect(await found('state = 1')).toEqual([]);
  });
});

describe('firmware', () => {
  const tasks = async (): Promise<Record<string, Row>> => {
    const rows = await enos.data<Row[]>('searchOTATask', { body: { expression: `jobId = '${JOB.jobId}'` } });
    return Object.fromEntries(rows.map((row) => [String(row.deviceKey), row]));
  };

  test('a job upgrades one device after the other, and their versions follow', async () => {
    await enos.data('startOTAJob', { query: JOB });
    enos.clock.now += LAG;
    expect(await tasks()).toMatchObject({ 'WT-07': { status: 'published' }, 'WT-08': { status: 'init' } });
    enos.clock.now += 30_000;
    expect(await tasks()).toMatchObject({
      'WT-07': { status: 'upgrading', progress: 40, desc: 'writing flash' },
      'WT-08': { status: 'init' },
    });
    const upgrading = () =>
      enos.data<Row[]>('searchDeviceUpgrade', { body: { expression: 'isUpgrading = true' } });
    expect(await upgrading()).toMatchObject([{ deviceKey: 'WT-07', firmwareVersion: '1.1' }]);
    enos.clock.now += 60_000;
    expect(await tasks()).toMatchObject({
      'WT-07': { status: 'succeeded', progress: 100 },
      'WT-08': { status: 'upgrading' },
    });
    enos.clock.now += 60_000;
    expect(await get()).toMatchObject({ firmwareVersion: '1.2' });
    expect(await upgrading()).toEqual([]);
    expect(await enos.data('listDeviceCurrentFirmware', { query: { productKey: 'kT8wNd3R' } })).toContain(
      '1.2',
    );
    await enos.data('stopOTAJob', { query: JOB });
    expect(await enos.data('getOTAJob', { query: JOB, method: 'POST' })).toMatchObject({
      status: 'stopped',
      firmwareVersion: '1.2',
    });
    await enos.data('deleteOTAJob', { query: JOB });
    expect(await enos.code('getOTAJob', { query: JOB })).toBe(24404);
  });

  test('a task is cancelled, and tried again', async () => {
    await enos.data('startOTAJob', { query: JOB });
    const named = { query: JOB, body: { deviceKeys: ['WT-08'] } };
    await enos.data('cancelOTATask', named);
    enos.clock.now += 120_000;
    expect(await tasks()).toMatchObject({
      'WT-08': { status: 'failed', progress: -1, desc: 'Cancelled by user' },
    });
    await enos.data('retryOTATask', named);
    enos.clock.now += 120_000;
    expect(await tasks()).toMatchObject({ 'WT-08': { status: 'succeeded' } });
  });

  test('a verify job makes a firmware one that upgrade jobs may use', async () => {
    const firmwareId = '6631f2a4c85d7e00193ab4d2';
    const { jobId } = await enos.data<{ jobId: string }>('createOTAJob', {
      query: { firmwareId },
      body: { type: 'verify', upgradeScope: { type: 'partial', tags: { ring: ['canary'] } } },
    });
    await enos.data('startOTAJob', { query: { jobId } });
    enos.clock.now += 120_000;
    expect(await enos.data('getFirmwareFile', { query: { firmwareId } })).toMatchObject({ isVerified: true });
    const upgrade = {
      type: 'upgrade',
      upgradePolicy: 'snapshot',
      enableUpgradeRequest: false,
      upgradeScope: { type: 'partial' },
    };
    await enos.data('createOTAJob', { query: { firmwareId }, body: upgrade });
  });

  test('devices that refuse fail, are tried again as the job says, and silent ones run out of time', async () => {
    const body = {
      type: 'upgrade',
      upgradePolicy: 'snapshot',
      enableUpgradeRequest: true,
      upgradeTimeout: 300,
      retryPolicy: { enableRetry: true, retryInterval: '60', retryCount: '1' },
      upgradeScope: { type: 'partial', deviceKeys: ['WT-10', 'WT-11', 'WT-09'] },
    };
    const { jobId } = await enos.data<{ jobId: string }>('createOTAJob', {
      query: { firmwareId: '6631f2a4c85d7e00193ab4d1' },
      body,
    });
    await enos.data('startOTAJob', { query: { jobId } });
    const statuses = async (): Promise<Record<string, string>> => {
      const rows = await enos.data<Row[]>('searchOTATask', { body: { expression: `jobId = '${jobId}'` } });
      return Object.fromEntries(
        rows.map(({ deviceKey, status, desc }) => [String(deviceKey), `${String(status)}: ${String(desc)}`]),
      );
    };
    enos.clock.now += 40_000;
    expect(await statuses()).toEqual({
      'WT-09': 'published: null',
      'WT-10': 'upgrading: downloading',
      'WT-11': 'failed: Device refused the firmware',
    });
    enos.clock.now += 72_000;
    expect(await statuses()).toMatchObject({ 'WT-11': 'upgrading: checking' });
    enos.clock.now += 1_000_000;
    expect(await statuses()).toEqual({
      'WT-09': 'published: null',
      'WT-10': 'failed: Upgrade timeout',
      'WT-11': 'failed: Device refused the firmware',
    });
    await enos.data('disableDevice', { query: OFFLINE });
    await enos.data('enableDevice', { query: OFFLINE });
    enos.clock.now += 60_000;
    expect(await statuses()).toMatchObject({ 'WT-09': 'succeeded: null' });
  });

  test('a firmware is uploaded, found, downloaded by a device of its product, and deleted', async () => {
    const form = firmwareForm({ name: { defaultValue: 'Rack 2.0' }, version: '2.0' }, 'bytes of it');
    const query = { productKey: 'kT8wNd3R' };
    const { firmwareId } = await enos.data<{ firmwareId: string }>('createFirmwareFile', { query, form });
    const { fileUrl } = await enos.data<{ fileUrl: string }>('getFirmwareFile', { query: { firmwareId } });
    const download = (assetId: string) =>
      enos.fetch('downloadFile', { query: { assetId, category: 'ota', fileUri: fileUrl } });
    expect(await (await download(TURBINE.assetId)).text()).toBe('bytes of it');
    expect(await (await download('iN7wKe3D')).json()).toMatchObject({ code: 99404 });
    enos.clock.now += LAG;
    const found = () => enos.data<Row[]>('searchFirmwareFile', { body: { expression: "name like 'rack'" } });
    expect(await found()).toMatchObject([{ firmwareId, fileSize: 11 }]);
    await enos.data('deleteFirmware', { query: { firmwareId } });
    enos.clock.now += LAG;
    expect(await found()).toEqual([]);
  });
});
