/** Every example request of the Connection Service is answered as the contract says, each over a fresh world. */
import { createHash } from 'node:crypto';
import { allOperations, contractSource } from '../../support/enos-contract.js';
import { startConnection } from '../../support/connection-simulator.js';
import type { ConnectionSimulator, Part, Sent } from '../../support/connection-simulator.js';

const OPERATIONS = allOperations('connection.yaml');
const JOB = '6631f5d1c85d7e00193ab4e7';
const TURBINE = { assetId: 'tB4nX9wL' };
const MANUAL = Buffer.from('manual of the turbine');

let enos: ConnectionSimulator;
beforeEach(async () => {
  enos = await startConnection();
});
afterEach(async () => {
  await enos.close();
  expect(enos.faults).toEqual([]);
});

const start = (): Promise<unknown> => enos.data('startOTAJob', { query: { jobId: JOB } });

/** Query parameters beside orgId and action, where it is not the turbine that is named; found out where need be. */
const QUERY: Record<string, Sent['query'] | ((example: string) => Promise<Sent['query']>)> = {
  deleteProduct: { productKey: 'bX3yTn7F' },
  getProduct: { productKey: 'kT8wNd3R' },
  getProductV24: { productKey: 'kT8wNd3R' },
  updateProduct: { productKey: 'kT8wNd3R' },
  enableDevice: { assetId: 'iN8xLf4E' },
  replaceDeviceV24: { productKey: 'kT8wNd3R', deviceKey: 'WT-08' },
  getCommand: async () => ({ ...TURBINE, commandId: await firstId('searchCommand', 'commandId', TURBINE) }),
  invokeService: { ...TURBINE, serviceId: 'startTurbine' },
  setMeasurementPoint: async (example) =>
    await Promise.resolve({ ...TURBINE, measurepointId: example === 'array' ? 'bladeAngles' : 'powerLimit' }),
  getEvent: async () => ({ eventId: await firstId('searchEvent', 'eventId') }),
  searchDeviceLog: { startTime: '1714500000000', endTime: '1814500000000' },
  deleteFile: async () => ({ ...TURBINE, fileUri: await manual() }),
  getFile: async () => ({ ...TURBINE, category: 'feature', fileUri: await manual() }),
  downloadFile: async () => ({ ...TURBINE, category: 'feature', fileUri: await manual() }),
  createFirmwareFile: { productKey: 'iV6cLp2H' },
  deleteFirmware: { firmwareId: '6631f2a4c85d7e00193ab4d2' },
  getFirmwareFile: { firmwareId: '6631f2a4c85d7e00193ab4d1' },
  createOTAJob: { firmwareId: '6631f2a4c85d7e00193ab4d1' },
  listDeviceCurrentFirmware: { productKey: 'kT8wNd3R' },
};

/** What has to have happened before. */
const BEFORE: Record<string, () => Promise<unknown>> = {
  stopOTAJob: start,
  cancelOTATask: start,
  retryOTATask: async () => {
    await start();
    await enos.data('cancelOTATask', { query: { jobId: JOB }, body: { deviceKeys: ['WT-07', 'WT-08'] } });
  },
};

/** Keys that the world has already, as the examples are about devices that it shows too. */
const REWRITTEN: Record<string, [string, string]> = {
  createDevice: ['"WT-07"', '"WT-70"'],
  createDeviceV24: ['"WT-08"', '"WT-80"'],
  batchCreateDevices: ['INV-0312', 'INV-0912'],
  batchCreateDevicesV24: ['INV-0313', 'INV-0913'],
};

async function firstId(search: string, id: string, query?: Sent['query']): Promise<string> {
  const [row] = await enos.data<Record<string, string>[]>(search, { query, body: {} });
  return row?.[id] ?? '';
}

async function manual(): Promise<string> {
  const { deviceAttributes } = await enos.data<{ deviceAttributes: { manual: string } }>('getDevice', {
    query: TURBINE,
  });
  return deviceAttributes.manual;
}

/** The example of a form: its JSON, and files with the digests that it tells. */
function formOf(operationId: string): Part[] | undefined {
  const body = contractSource(operationId).requestBody as
    { content: Record<string, { example?: Record<string, unknown> }> } | undefined;
  const example = body?.content['multipart/form-data']?.example;
  if (example === undefined) return undefined;
  const md5 = createHash('md5').update(MANUAL).digest('hex');
  const text = (name: string): string =>
    JSON.stringify(example[name]).replace(/"(md5|sign)":"[0-9a-f]{32}"/g, `"$1":"${md5}"`);
  return example['metadata'] === undefined
    ? [
        ['enos-message', text('enos-message')],
        ['enos-file', MANUAL, 'manual.txt'],
      ]
    : [
        ['metadata', text('metadata')],
        ['file', MANUAL, 'firmware.bin'],
      ];
}

const EXAMPLES = OPERATIONS.flatMap((operation) =>
  operation.examples.map(([name, body]) => [operation.operationId, name, body] as const),
);

it('knows all operations', () => {
  expect(OPERATIONS).toHaveLength(62);
});

it.each(EXAMPLES)('%s accepts the example %s', async (operationId, name, body) => {
  await BEFORE[operationId]?.();
  const known = QUERY[operationId];
  const isOfJob =
    /^(start|stop|delete|get)OTAJob$|OTATask$/.test(operationId) && operationId !== 'searchOTATask';
  const identify = contractSource(operationId)['x-enos-identify'] as { in: string } | undefined;
  const usual = isOfJob ? { jobId: JOB } : identify?.in === 'query' ? TURBINE : {};
  const query = typeof known === 'function' ? await known(name) : (known ?? usual);
  const [from, to] = REWRITTEN[operationId] ?? ['', ''];
  const form = formOf(operationId);
  const sent: Sent = {
    ...(query === undefined ? {} : { query }),
    ...(body === undefined
      ? {}
      : { body: JSON.parse(JSON.stringify(body).replaceAll(from || '\0', to)) as unknown }),
    ...(form === undefined ? {} : { form }),
  };
  if (operationId === 'downloadFile') {
    const response = await enos.fetch(operationId, sent);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('Read this first.\n');
    return;
  }
  const reply = await enos.call(operationId, sent);
  expect(reply).toMatchObject({ status: 200, body: { code: 0 } });
  // A batch must not hide that its entries failed.
  if (operationId.startsWith('batch')) expect(reply.body.successSize).toBe(reply.body.totalSize);
});
