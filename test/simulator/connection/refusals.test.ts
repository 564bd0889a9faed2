/** Every code of the Connection Service that a caller can provoke, once; and a refused write changes nothing. */
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

const TURBINE = { assetId: 'tB4nX9wL' };
const OTHER = { assetId: 'wK6hB3sV' };
const OFFLINE = { assetId: 'wQ9dT5mN' };
const SILENT = { assetId: 'wR2xK7pL' };
const REFUSING = { assetId: 'wS3yM8qZ' };
const UNREACHABLE = { assetId: 'wT4zN9rB' };
const INVERTER = { assetId: 'iN7wKe3D' };
const INACTIVE = { assetId: 'iN9yMg5F' };
const GATEWAY = { assetId: 'gW5pR2nK' };
const JOB = { jobId: '6631f5d1c85d7e00193ab4e7' };
const NO_JOB = { jobId: '000000000000000000000000' };
const FIRMWARE = { firmwareId: '6631f2a4c85d7e00193ab4d1' };
const UNVERIFIED = { firmwareId: '6631f2a4c85d7e00193ab4d2' };
const CSR = '-----BEGIN CERTIFICATE REQUEST-----\nMIIC\n-----END CERTIFICATE REQUEST-----\n';

const device = (more: Record<string, unknown> = {}) => ({
  productKey: 'kT8wNd3R',
  timezone: '+02:00',
  deviceName: { defaultValue: 'New' },
  ...more,
});
const product = (more: Record<string, unknown> = {}) => ({
  productName: { defaultValue: 'New' },
  productType: 'Device',
  dataFormat: 'Json',
  modelId: 'DF_Turbine',
  biDirectionalAuth: false,
  ...more,
});
const limit = { query: { ...TURBINE, measurepointId: 'powerLimit' }, body: { value: 1 } };
const set = (query: Record<string, string>, value: unknown = 1, point = 'powerLimit'): Sent => ({
  query: { measurepointId: point, timeout: '1', ...query },
  body: { value },
});
const message = (method: string, param: Record<string, unknown>): Sent => ({
  form: [
    [
      'enos-message',
      JSON.stringify({ method: `integration.${method}.post`, version: '1.1', id: 1, params: [param] }),
    ],
  ],
});
const metadata = (more: Record<string, unknown>): Sent => ({
  query: { productKey: 'kT8wNd3R' },
  form: firmwareForm({ name: { defaultValue: 'New' }, version: '9.9', ...more }),
});

const CASES: [code: number, what: string, operationId: string, sent: Sent][] = [
  [11699, 'a product of a model that is not there', 'createProduct', { body: product({ modelId: 'None' }) }],
  [
    99400,
    'a name with a forbidden sign',
    'createProduct',
    { body: product({ productName: { defaultValue: 'a<b' } }) },
  ],
  [99400, 'a tag that is none', 'createProduct', { body: product({ productTags: { 'a b': 'x' } }) }],
  [99404, 'a product to delete that is not there', 'deleteProduct', { query: { productKey: 'none' } }],
  [11619, 'a product with devices', 'deleteProduct', { query: { productKey: 'kT8wNd3R' } }],
  [11404, 'a product that is not there', 'getProduct', { query: { productKey: 'none' } }],
  [11404, 'a product that is not there', 'getProductV24', { query: { productKey: 'none' } }],
  [
    11651,
    'a product to update that is not there',
    'updateProduct',
    { query: { productKey: 'none' }, body: {} },
  ],
  [11702, 'a key that is taken', 'createDevice', { body: device({ deviceKey: 'WT-07' }) }],
  [11702, 'a key that is taken', 'createDeviceV24', { body: device({ deviceKey: 'WT-07' }) }],
  [99404, 'a product that is not there', 'createDevice', { body: device({ productKey: 'none' }) }],
  [99400, 'a key with a forbidden sign', 'createDevice', { body: device({ deviceKey: 'WT 99' }) }],
  [99400, 'a time zone that is none', 'createDevice', { body: device({ timezone: 'Mars/Olympus' }) }],
  [
    99400,
    'an attribute that the model lacks',
    'createDevice',
    { body: device({ deviceAttributes: { speed: 1 } }) },
  ],
  [
    99400,
    'an attribute of another type',
    'createDevice',
    { body: device({ deviceAttributes: { ratedPower: 'much' } }) },
  ],
  [
    99400,
    'a key of no enumeration',
    'createDevice',
    { body: device({ deviceAttributes: { controlMode: 7 } }) },
  ],
  [99400, 'a batch of none', 'batchCreateDevices', { body: { deviceList: [] } }],
  [
    99400,
    'a batch of 1001',
    'batchCreateDevices',
    { body: { deviceList: Array.from({ length: 1001 }, () => device()) } },
  ],
  [99400, 'no device named', 'getDevice', {}],
  [99400, 'a device key without product', 'deleteDevice', { query: { deviceKey: 'WT-07' } }],
  [99404, 'a device that is not there', 'getDevice', { query: { assetId: 'none' } }],
  [99404, 'a logical asset', 'getDeviceV24', { query: { assetId: 'Rk3vTq8M' } }],
  [99403, 'a device that may not be read', 'getDevice', { query: { assetId: 'wX0secrt' } }],
  [99403, 'another organization', 'getDevice', { query: { ...TURBINE, orgId: 'o1' } }],
  [99400, 'a device at the root of a tree', 'deleteDevice', { query: INACTIVE }],
  [11794, 'a device that is enabled', 'enableDevice', { query: TURBINE }],
  [11794, 'a device that is disabled', 'disableDevice', { query: { assetId: 'iN8xLf4E' } }],
  [11704, 'the same key', 'replaceDevice', { query: TURBINE, body: { newDeviceKey: 'WT-07' } }],
  [11702, 'a key that is taken', 'replaceDevice', { query: TURBINE, body: { newDeviceKey: 'WT-08' } }],
  [11702, 'a key that is taken', 'replaceDeviceV24', { query: TURBINE, body: { newDeviceKey: 'WT-08' } }],
  [99400, 'a page of 201', 'searchDevice', { body: { pagination: { pageNo: 1, pageSize: 201 } } }],
  [99400, 'a page of 1001', 'searchDeviceV24', { body: { pagination: { pageNo: 1, pageSize: 1001 } } }],
  [99400, 'a field that is none', 'searchDevice', { body: { expression: "colour = 'red'" } }],
  [
    99400,
    'productType below a gateway',
    'searchSubDevice',
    { body: { gateway: GATEWAY, expression: "productType = 'Device'" } },
  ],
  [11738, 'no gateway', 'addSubDevice', { body: { gateway: TURBINE, subDevices: [OTHER] } }],
  [11738, 'no gateway', 'removeSubDevice', { body: { gateway: TURBINE, subDevices: [OTHER] } }],
  [11738, 'no gateway', 'searchSubDevice', { body: { gateway: TURBINE } }],
  [11738, 'no gateway', 'searchSubDeviceV24', { body: { gateway: TURBINE } }],
  [
    11739,
    'more below a gateway than it takes',
    'addSubDevice',
    { body: { gateway: GATEWAY, subDevices: [TURBINE, OTHER] } },
  ],
  [
    99400,
    'a device below another gateway',
    'addSubDevice',
    { body: { gateway: { assetId: 'gW6qS3oL' }, subDevices: [INVERTER] } },
  ],
  [
    11795,
    'a device that is not below the gateway',
    'removeSubDevice',
    { body: { gateway: GATEWAY, subDevices: [TURBINE] } },
  ],
  [11795, 'no device', 'removeSubDevice', { body: { gateway: GATEWAY, subDevices: [] } }],
  [99400, 'no certificate request', 'applyCertificate', { query: TURBINE, body: {} }],
  [99400, 'a request that is not in PEM', 'applyCertificate', { query: TURBINE, body: { csr: 'x' } }],
  [
    99400,
    'more days than the product allows',
    'applyCertificate',
    { query: TURBINE, body: { csr: CSR, validDay: 731 } },
  ],
  [99400, 'a product without certificates', 'applyCertificate', { query: INVERTER, body: { csr: CSR } }],
  [99400, 'no device named', 'applyCertificate', { body: { csr: CSR } }],
  [
    11404,
    'a device that is not there',
    'applyCertificate',
    { query: { assetId: 'none' }, body: { csr: CSR } },
  ],
  [11404, 'a device that is not there', 'listCertificate', { query: { assetId: 'none' } }],
  [
    11404,
    'a device that is not there',
    'renewCertificate',
    { query: { assetId: 'none' }, body: { certSn: 1 } },
  ],
  [
    11404,
    'a device that is not there',
    'revokeCertificate',
    { query: { assetId: 'none' }, body: { certSn: 1 } },
  ],
  [99400, 'no certificate named', 'renewCertificate', { query: TURBINE, body: {} }],
  [99400, 'a negative number', 'renewCertificate', { query: TURBINE, body: { certSn: -1 } }],
  [99400, "another device's certificate", 'renewCertificate', { query: OTHER, body: { certSn: 61204 } }],
  [99400, 'an expired certificate', 'renewCertificate', { query: TURBINE, body: { certSn: 60001 } }],
  [99400, 'a revoked certificate', 'renewCertificate', { query: OTHER, body: { certSn: 60004 } }],
  [99400, "another device's certificate", 'revokeCertificate', { query: OTHER, body: { certSn: 61204 } }],
  [
    99400,
    'a reason that is none',
    'revokeCertificate',
    { query: TURBINE, body: { certSn: 61204, reason: 2 } },
  ],
  [11900, 'a device that is offline', 'setMeasurementPoint', set(OFFLINE)],
  [
    11900,
    'a device that is offline',
    'invokeService',
    { query: { ...OFFLINE, serviceId: 'startTurbine' }, body: { inputData: {} } },
  ],
  [11888, 'a device that was never active', 'setMeasurementPoint', set(INACTIVE, 1, 'setPoint')],
  [11904, 'a device that cannot be reached', 'setMeasurementPoint', set(UNREACHABLE)],
  [11915, 'a device that does not answer', 'setMeasurementPoint', set(SILENT)],
  [
    11915,
    'a device that does not answer',
    'invokeService',
    { query: { ...SILENT, serviceId: 'startTurbine', timeout: '1' }, body: { inputData: {} } },
  ],
  [99500, 'a device that says no', 'setMeasurementPoint', set(REFUSING)],
  [11810, 'a list in a custom format', 'setMeasurementPoint', set(INVERTER, [1, 2], 'curve')],
  [99400, 'a point that the model lacks', 'setMeasurementPoint', set(TURBINE, 1, 'nothing')],
  [99400, 'a value of another type', 'setMeasurementPoint', set(TURBINE, 'much')],
  [
    99400,
    'a timeout of 61 seconds',
    'setMeasurementPoint',
    { ...limit, query: { ...limit.query, timeout: '61' } },
  ],
  [
    99400,
    'a service that the model lacks',
    'invokeService',
    { query: { ...TURBINE, serviceId: 'dance' }, body: { inputData: {} } },
  ],
  [
    99400,
    'an input that the service lacks',
    'invokeService',
    { query: { ...TURBINE, serviceId: 'startTurbine' }, body: { inputData: { speed: 1 } } },
  ],
  [99404, 'a command that is not there', 'getCommand', { query: { ...TURBINE, commandId: '1' } }],
  [99404, 'an event that is not there', 'getEvent', { query: { eventId: 'none' } }],
  [99400, 'no times', 'searchDeviceLog', { body: {} }],
  [99400, 'a time that is none', 'searchEvent', { body: { ...TURBINE, startTime: 'yesterday' } }],
  [
    99404,
    'a file that is not there',
    'getFile',
    { query: { ...TURBINE, category: 'feature', fileUri: 'enos-connect://none' } },
  ],
  [
    99404,
    'a file that is not there',
    'downloadFile',
    { query: { ...TURBINE, category: 'ota', fileUri: 'enos-connect://none' } },
  ],
  [
    99404,
    'a file that is not there',
    'deleteFile',
    { query: { ...TURBINE, fileUri: 'enos-connect://none' } },
  ],
  [99400, 'no message', 'uploadAttributes', { form: [['enos-file', Buffer.from('x'), 'x.txt']] }],
  [
    99400,
    'an attribute that the model lacks',
    'uploadAttributes',
    message('attribute', { ...TURBINE, attributes: { speed: 1 } }),
  ],
  [
    99400,
    'a file that was not sent',
    'uploadAttributes',
    message('attribute', { ...TURBINE, attributes: { manual: 'local://x.txt' } }),
  ],
  [
    99404,
    'an asset that is not there',
    'uploadEvents',
    message('event', { assetId: 'none', time: 1, events: {} }),
  ],
  [
    99400,
    'an event that the model lacks',
    'uploadEvents',
    message('event', { ...TURBINE, time: 1, events: { flood: {} } }),
  ],
  [
    99400,
    'a text that is too long',
    'uploadMeasurementPoints',
    message('measurepoint', { ...TURBINE, time: 1, measurepoints: { note: 'too long for it' } }),
  ],
  [24601, 'a version that is taken', 'createFirmwareFile', metadata({ version: '1.2' })],
  [
    24602,
    'a name that is taken',
    'createFirmwareFile',
    metadata({ name: { defaultValue: 'Turbine controller 1.2' } }),
  ],
  [99400, 'a digest that is not that of the file', 'createFirmwareFile', metadata({ sign: 'x' })],
  [99400, 'a product that is none', 'createFirmwareFile', { form: [['metadata', '{']] }],
  [24404, 'a firmware that is not there', 'getFirmwareFile', { query: { firmwareId: 'none' } }],
  [24404, 'a firmware that is not there', 'deleteFirmware', { query: { firmwareId: 'none' } }],
  [24604, 'a firmware in use', 'deleteFirmware', { query: FIRMWARE }],
  [
    24404,
    'a firmware that is not there',
    'createOTAJob',
    { query: { firmwareId: 'none' }, body: { type: 'verify', upgradeScope: { type: 'partial' } } },
  ],
  [
    99400,
    'a verify job of another scope',
    'createOTAJob',
    { query: UNVERIFIED, body: { type: 'verify', upgradeScope: { type: 'all' } } },
  ],
  [
    99400,
    "the firmware's own version",
    'createOTAJob',
    {
      query: UNVERIFIED,
      body: { type: 'verify', upgradeScope: { type: 'partial', versionNumbers: ['1.3'] } },
    },
  ],
  [
    99400,
    'a firmware that is not verified',
    'createOTAJob',
    {
      query: UNVERIFIED,
      body: {
        type: 'upgrade',
        upgradePolicy: 'snapshot',
        enableUpgradeRequest: true,
        upgradeScope: { type: 'partial' },
      },
    },
  ],
  [
    99400,
    'a timeout of 299 seconds',
    'createOTAJob',
    { query: FIRMWARE, body: { type: 'verify', upgradeTimeout: '299', upgradeScope: { type: 'partial' } } },
  ],
  ...['getOTAJob', 'startOTAJob', 'stopOTAJob', 'deleteOTAJob'].map(
    (operationId): [number, string, string, Sent] => [
      24404,
      'a job that is not there',
      operationId,
      { query: NO_JOB },
    ],
  ),
  [24404, 'a job that is not there', 'cancelOTATask', { query: NO_JOB, body: { deviceKeys: ['x'] } }],
  [24404, 'a job that is not there', 'retryOTATask', { query: NO_JOB, body: { deviceKeys: ['x'] } }],
  [24616, 'a job that is stopped', 'stopOTAJob', { query: JOB }],
  [24617, 'a job that is stopped', 'cancelOTATask', { query: JOB, body: { deviceKeys: ['WT-07'] } }],
  [24617, 'a job that is stopped', 'retryOTATask', { query: JOB, body: { deviceKeys: ['WT-07'] } }],
];

it.each(CASES)('%d: %s (%s)', async (code, _what, operationId, sent) => {
  const reply = await enos.call(operationId, sent);
  expect(reply).toMatchObject({ status: 200, body: { code } });
  expect(reply.body.data ?? null).toBeNull();
});

test('codes of a job that runs, and of tasks in the wrong state', async () => {
  await enos.data('startOTAJob', { query: JOB });
  expect(await enos.code('startOTAJob', { query: JOB })).toBe(24615);
  expect(await enos.code('deleteOTAJob', { query: JOB })).toBe(24618);
  const tasks = { query: JOB, body: { deviceKeys: ['WT-07'] } };
  expect(await enos.code('retryOTATask', tasks)).toBe(24621);
  expect(await enos.code('retryOTATask', { query: JOB, body: { deviceKeys: ['WT-99'] } })).toBe(99404);
  enos.clock.now += 6_000;
  expect(await enos.code('cancelOTATask', tasks)).toBe(24620);
});

test('11833 for a request that is bound to another device, 99400 for one that is bound already', async () => {
  await enos.data('applyCertificate', { query: TURBINE, body: { csr: CSR } });
  expect(await enos.code('applyCertificate', { query: TURBINE, body: { csr: CSR } })).toBe(99400);
  expect(await enos.code('applyCertificate', { query: OTHER, body: { csr: CSR } })).toBe(11833);
});

test('11902 for one command more than a device caches, 11739 for one device more than a product takes', async () => {
  const cached = set({ ...OFFLINE, pendingTtl: '600' });
  // One is there from the start.
  for (let i = 0; i < 2; i += 1) await enos.data('setMeasurementPoint', cached);
  expect(await enos.code('setMeasurementPoint', cached)).toBe(11902);
  const list = Array.from({ length: 6 }, () => device());
  const { body } = await enos.call('batchCreateDevices', { body: { deviceList: list } });
  expect(body).toMatchObject({ code: 0, successSize: 5, totalSize: 6 });
  expect((body.data as unknown[]).at(-1)).toEqual({ code: -1, msg: 'Exceed max device size', data: null });
  expect(await enos.code('createDevice', { body: device() })).toBe(11739);
});

test('24603 for a firmware that is created while another one is', async () => {
  const replies = await Promise.all(
    ['7.1', '7.2'].map((version) =>
      enos.code('createFirmwareFile', metadata({ version, name: { defaultValue: version } })),
    ),
  );
  expect(replies.sort()).toEqual([0, 24603]);
});

test('a refused write changes nothing, though part of it was done', async () => {
  const params = [
    { ...TURBINE, attributes: { ratedPower: 1 } },
    { ...OTHER, attributes: { ratedPower: 'much' } },
  ];
  const form: Sent['form'] = [
    ['enos-message', JSON.stringify({ method: 'integration.attribute.post', version: '1.1', id: 1, params })],
  ];
  expect(await enos.code('uploadAttributes', { form })).toBe(99400);
  const { deviceAttributes } = await enos.data<{ deviceAttributes: object }>('getDevice', { query: TURBINE });
  expect(deviceAttributes).toMatchObject({ ratedPower: 2500 });
  const moved = { gateway: GATEWAY, subDevices: [TURBINE, OTHER] };
  expect(await enos.code('addSubDevice', { body: moved })).toBe(11739);
  expect(await enos.data('getGateway', { body: { subDevice: TURBINE } })).toBeNull();
});
