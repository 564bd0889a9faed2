/** What writes change, as reads show it. */
import { startConnection } from '../../support/connection-simulator.js';
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
const GATEWAY = { assetId: 'gW5pR2nK' };
const LAG = 2_000;
const keys = (productKey: string, deviceKey: string) => ({ productKey, deviceKey });
const search = (expression: string, more: Row = {}): Promise<Row[]> =>
  enos.data('searchDevice', { body: { expression, ...more } });
const get = (query: Sent['query'] = TURBINE): Promise<Row> => enos.data('getDevice', { query });
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
    productSecret: expect.any(String) as unknown,
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
  expect(created).toEqual({
    assetId,
    productKey: 'kT8wNd3R',
    deviceKey,
    deviceSecret: expect.any(String) as unknown,
  });
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
  expect(await get()).toMatchObject({ deviceSecret: expect.stringMatching(/^\w{12}$/) as unknown });
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
