/** What writes change, as reads show it; and what runs its course as the clock goes. */
import { firmwareForm, startConnection } from '../../support/connection-simulator.js';
import type { ConnectionSimulator, Sent } from '../../support/connection-simulator.js';

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
const GATEWAY = { assetId: 'gW5pR2nK' };
const JOB = { jobId: '6631f5d1c85d7e00193ab4e7' };
const LAG = 2_000;
const keys = (productKey: string, deviceKey: string) => ({ productKey, deviceKey });
const search = (expression: string, more: Row = {}): Promise<Row[]> =>
  enos.data('searchDevice', { body: { expression, ...more } });
const get = (query: Sent['query'] = TURBINE): Promise<Row> => enos.data('getDevice', { query } as Sent);
const asset = async (assetId: string): Promise<unknown> =>
  (await enos.call('getAsset', { query: { assetId } })).body.code;
const nodes = (expression: string): Promise<Row[]> => enos.data('searchAssetNode', { body: { expression } });

test('a product is created, changed field by field, found and deleted', async () => {
  const body = {
    productName: { defaultValue: 'Meter' },
    productType: 'Device',
    dataFormat: 'Json',
    modelId: 'PV_Inverter',
    biDirectionalAuth: false,
    productTags: { a: 'b' },
  };
  const productKey = await enos.data<string>('createProduct', { body });
  expect(await enos.data('getProduct', { query: { productKey } })).toMatchObject({
    productKey,
    productSecret: expect.any(String),
  });
  const found = () =>
    enos.data<Row[]>('searchProduct', { body: { expression: `productKey = '${productKey}'` } });
  expect(await found()).toEqual([]);
  enos.clock.now += LAG;
  expect(await found()).toHaveLength(1);
  await enos.data('updateProduct', {
    query: { productKey },
    body: { biDirectionalAuth: true, maxValidDay: '1460' },
  });
  expect(await enos.data('getProduct', { query: { productKey } })).toMatchObject({
    productName: { defaultValue: 'Meter' },
    productTags: { a: 'b' },
    biDirectionalAuth: true,
    maxValidDay: 1460,
    updateTime: enos.clock.now,
  });
  await enos.data('deleteProduct', { query: { productKey }, method: 'GET' });
  expect(await enos.code('getProduct', { query: { productKey } })).toBe(11404);
});

test('a device that is created is an asset at once, which searches find when the lag is over', async () => {
  const body = {
    productKey: 'kT8wNd3R',
    timezone: '+02:00',
    deviceName: { defaultValue: 'New' },
    deviceAttributes: { ratedPower: 9 },
  };
  const created = await enos.data<Row>('createDevice', { body });
  const { assetId, deviceKey } = created as { assetId: string; deviceKey: string };
  expect(created).toEqual({ assetId, productKey: 'kT8wNd3R', deviceKey, deviceSecret: expect.any(String) });
  expect(await get({ assetId })).toMatchObject({
    status: 'inactive',
    activeTime: 0,
    deviceAttributes: { ratedPower: 9 },
  });
  expect(await get(keys('kT8wNd3R', deviceKey))).toMatchObject({ assetId });
  expect(await asset(assetId)).toBe(0);
  expect(await search(`assetId = '${assetId}'`)).toEqual([]);
  enos.clock.now += LAG;
  // Newest first.
  expect((await enos.data<Row[]>('searchDevice', { body: {} }))[0]).toMatchObject({ assetId });
  await enos.data('deleteDevice', { query: { assetId } });
  expect(await asset(assetId)).toBe(99404);
  expect(await search(`assetId = '${assetId}'`)).toHaveLength(1);
  enos.clock.now += LAG;
  expect(await search(`assetId = '${assetId}'`)).toEqual([]);
});

test('a device that is deleted leaves its trees with all below it', async () => {
  expect(await nodes("treeId = 'Wf7kQ2Zx'")).toHaveLength(5);
  await enos.data('deleteDevice', { query: TURBINE });
  enos.clock.now += LAG;
  const left = (await nodes("treeId = 'Wf7kQ2Zx'")).map(({ assetId }) => assetId);
  expect(left).toEqual(['Rk3vTq8M', 'wQ9dT5mN', 'iN7wKe3D']);
  expect(await asset('wK6hB3sV')).toBe(0);
});

test('one device key occurs under two products, and each pair is a device of its own', async () => {
  expect(await get(keys('kT8wNd3R', 'WT-07'))).toMatchObject(TURBINE);
  expect(await get(keys('iV6cLp2H', 'WT-07'))).toMatchObject({ assetId: 'iN9yMg5F' });
  expect(await search("deviceKey = 'WT-07'")).toHaveLength(2);
  // Where everything is given, assetId counts.
  expect(await get({ ...TURBINE, ...keys('iV6cLp2H', 'WT-07') })).toMatchObject(TURBINE);
});

test('an update keeps what it leaves out; with IsPatchUpdate false it does not', async () => {
  await enos.data('updateDevice', {
    query: TURBINE,
    body: { deviceAttributes: { controlMode: 0 }, deviceTags: { row: '3' } },
  });
  expect(await get()).toMatchObject({
    deviceDesc: 'North ridge, row 2',
    deviceAttributes: { ratedPower: 2500, controlMode: 0 },
    deviceTags: { row: '3' },
    attributeLastUpdate: enos.clock.now,
  });
  const query = { ...TURBINE, IsPatchUpdate: 'false' };
  await enos.data('updateDevice', { query, body: { deviceAttributes: { ratedPower: 1 } } });
  const { deviceDesc, deviceAttributes, deviceTags, deviceName } = await get();
  expect({ deviceDesc, deviceAttributes, deviceTags }).toEqual({
    deviceDesc: null,
    deviceAttributes: { ratedPower: 1 },
    deviceTags: {},
  });
  expect(deviceName).toMatchObject({ defaultValue: 'WT-07' });
});

test('disabled, a device is offline to commands; enabled, it connects again', async () => {
  const counts = () => enos.data<Row>('getDeviceStatistics', { query: { productKey: 'kT8wNd3R' } });
  const before = await counts();
  await enos.data('disableDevice', { query: TURBINE, method: 'GET' });
  expect(await get()).toMatchObject({ status: 'disable' });
  expect(await counts()).toEqual({
    ...before,
    onlineCount: Number(before.onlineCount) - 1,
    disabledCount: 1,
  });
  await enos.data('enableDevice', { query: TURBINE });
  expect(await get()).toMatchObject({ status: 'offline' });
  enos.clock.now += 1_000;
  expect(await get()).toMatchObject({ status: 'online', lastOnlineTime: enos.clock.now });
});

test('a replaced device keeps asset and place, and has another key and secret', async () => {
  const { deviceSecret } = await get();
  const replaced = await enos.data<Row>('replaceDevice', {
    query: TURBINE,
    body: { newDeviceKey: 'WT-07b' },
  });
  expect(replaced.deviceSecret).not.toBe(deviceSecret);
  expect(await get(keys('kT8wNd3R', 'WT-07b'))).toMatchObject({
    ...TURBINE,
    status: 'inactive',
    deviceSecret: replaced.deviceSecret,
  });
  expect(await enos.code('getDevice', { query: keys('kT8wNd3R', 'WT-07') })).toBe(99404);
});

test('secrets come in clear up to 2.3, and later only where asked for, as a text without one', async () => {
  expect(await get()).toMatchObject({ deviceSecret: expect.stringMatching(/^\w{12}$/) });
  expect(await enos.data('getDeviceV24', { query: TURBINE })).not.toHaveProperty('deviceSecret');
  const asked = await enos.data<Row>('getDeviceV24', { query: { ...TURBINE, requireSecret: 'true' } });
  expect(asked).toMatchObject({ deviceSecret: 'No public key of the application', sessionKey: '' });
});

test('sub-devices are hung below a gateway, found there, and taken off', async () => {
  const below = async (action?: string): Promise<unknown[]> => {
    const rows = await enos.data<Row[]>('searchSubDevice', {
      body: { gateway: GATEWAY },
      ...(action ? { action } : {}),
    });
    return rows.map(({ assetId }) => assetId).sort();
  };
  await enos.data('addSubDevice', { body: { gateway: GATEWAY, subDevices: [TURBINE] } });
  expect(await enos.data('getGateway', { body: { subDevice: TURBINE } })).toMatchObject(GATEWAY);
  expect(await below()).toEqual(['iN7wKe3D', 'iN8xLf4E']);
  enos.clock.now += LAG;
  expect(await below('searchSubDevices')).toEqual(['iN7wKe3D', 'iN8xLf4E', 'tB4nX9wL']);
  await enos.data('removeSubDevice', { body: { gateway: GATEWAY, subDevices: [TURBINE] }, action: 'remove' });
  expect(await enos.data('getGateway', { body: { subDevice: TURBINE } })).toBeNull();
});

test('certificates are applied for, renewed, revoked, and expire', async () => {
  const csr = '-----BEGIN CERTIFICATE REQUEST-----\nMIIC\n-----END CERTIFICATE REQUEST-----\n';
  const list = async () => {
    const rows = await enos.data<Row[]>('listCertificate', { query: TURBINE });
    return new Map(rows.map((row) => [row.certSN, row]));
  };
  const { certSN } = await enos.data<{ certSN: string }>('applyCertificate', {
    query: TURBINE,
    body: { csr, validDay: 10 },
  });
  const { certSN: next } = await enos.data<{ certSN: string }>('renewCertificate', {
    query: TURBINE,
    body: { certSn: Number(certSN), validDay: 20 },
  });
  expect((await list()).get(certSN)).toMatchObject({
    certStatus: 1,
    revokerReason: 'SUPERSEDED',
    revoker: 'IoT_Hub',
  });
  expect((await list()).get(next)).toMatchObject({
    certStatus: 0,
    expireDate: enos.clock.now + 20 * 86_400_000,
  });
  await enos.data('revokeCertificate', { query: TURBINE, body: { certSn: 61204, reason: 1 } });
  expect((await list()).get('61204')).toMatchObject({ certStatus: 1, revokerReason: 'KEY COMPROMISE' });
  enos.clock.now += 21 * 86_400_000;
  expect((await list()).get(next)).toMatchObject({ certStatus: 2 });
});

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
      createTime: expect.stringMatching(/^\d+$/),
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
      commandId: expect.any(String),
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
      { commandId: first, createTime: expect.any(Number) },
    ]);
    expect(await enos.data('cancelCommand', { query: OFFLINE })).toHaveLength(2);
    enos.clock.now += LAG;
    expect(await found('state = 1')).toEqual([]);
  });
});

describe('uploads', () => {
  const send = (method: string, message: Row): Sent => ({
    form: [
      [
        'enos-message',
        JSON.stringify({ method: `integration.${method}.post`, id: 1, version: '1.1', ...message }),
      ],
    ],
    // The token alone authorizes on this channel.
    headers: { 'apim-signature': '' },
  });

  test('points become latest values and series, but not by the offline path', async () => {
    const at = enos.clock.now;
    const upload = (time: number, more: Row, message: Row = {}) =>
      enos.data(
        'uploadMeasurementPoints',
        send('measurepoint', { params: [{ ...TURBINE, time, measurepoints: more }], ...message }),
      );
    await upload(at - 1_000, { ActivePower: { value: 100, quality: 1 }, bladeAngles: [1, 2] });
    await upload(at, { ActivePower: 200 }, { isRealtimeIntegration: false });
    const latest = await enos.data<Row[]>('getLatestMeasurementPoints', { query: TURBINE, body: {} });
    expect(latest).toContainEqual({ id: 'ActivePower', time: String(at - 1_000), value: 100 });
    expect(latest).toContainEqual({ id: 'bladeAngles', time: String(at - 1_000), value: [1, 2] });
    const body = {
      assetIds: TURBINE.assetId,
      pointIds: 'ActivePower',
      startTime: '2024-06-15T11:00:00Z',
      endTime: '2024-06-15T13:00:00Z',
    };
    const { data } = (await enos.call('getAssetRawDataByTimeRange', { body })).body;
    expect((data as { items: Row[] }).items.map(({ ActivePower }) => ActivePower)).toEqual([100, 200]);
  });

  test('attributes of a logical asset, and a file of a device', async () => {
    await enos.data(
      'uploadAttributes',
      send('attribute', { params: [{ assetId: 'Rk3vTq8M', attributes: { capacity: 1.5 } }] }),
    );
    expect((await enos.call('getAsset', { query: { assetId: 'Rk3vTq8M' } })).body.data).toMatchObject({
      attributes: { capacity: 1.5 },
    });
    const sent: Sent = {
      form: [
        [
          'enos-message',
          "{'method': 'integration.attribute.post', 'version': '1.1', 'id': 7, 'params': [{'assetId': 'tB4nX9wL', 'attributes': {'manual': 'local://m.txt'}}], 'files': {'m.txt': {'featureId': 'manual', 'assetId': 'tB4nX9wL', 'originalFilename': \"M's.txt\"}}}",
        ],
        ['enos-file', Buffer.from('0123456789'), 'm.txt'],
      ],
    };
    await enos.data('uploadAttributes', sent);
    const { deviceAttributes } = (await get()) as { deviceAttributes: { manual: string } };
    const query = { ...TURBINE, category: 'feature', fileUri: deviceAttributes.manual };
    expect(await enos.data('getFile', { query })).toMatchObject({
      originalFilename: "M's.txt",
      fileSize: 10,
      md5: '781e5e245d69b566979b86e28d23f2c7',
    });
    const part = await enos.fetch('downloadFile', { query, headers: { range: 'bytes=2-4' } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 2-4/10',
      '234',
    ]);
    expect((await enos.fetch('downloadFile', { query, headers: { range: 'bytes=10-' } })).status).toBe(416);
    const whole = await enos.fetch('downloadFile', { query });
    expect([whole.headers.get('content-type'), await whole.text()]).toEqual([
      'application/octet-stream',
      '0123456789',
    ]);
    await enos.data('deleteFile', { query: { ...TURBINE, fileUri: deviceAttributes.manual } });
    expect(await enos.code('downloadFile', { query })).toBe(99404);
  });

  test('an event is found by its id at once, by searches later, and dates the device', async () => {
    const time = enos.clock.now - 5_000;
    await enos.data(
      'uploadEvents',
      send('event', { params: [{ ...TURBINE, time, events: { pitchFault: { blade: 3, angle: 1 } } }] }),
    );
    const found = () => enos.data<Row[]>('searchEvent', { body: { ...TURBINE, resolveName: true } });
    expect(await found()).toHaveLength(1);
    enos.clock.now += LAG;
    const [event] = await found();
    expect(event).toMatchObject({
      timestamp: time,
      tslEventType: 'ERROR',
      outputData: { blade: 3 },
      eventName: { defaultValue: 'Pitch fault' },
    });
    expect(await enos.data('getEvent', { query: { eventId: String(event?.eventId) } })).toMatchObject({
      timestamp: time,
      eventName: null,
    });
    expect(await get()).toMatchObject({ eventLastUpdate: time });
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
    const statuses = async () => {
      const rows = await enos.data<Row[]>('searchOTATask', { body: { expression: `jobId = '${jobId}'` } });
      return Object.fromEntries(
        rows.map(({ deviceKey, status, desc }) => [deviceKey, `${String(status)}: ${String(desc)}`]),
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
