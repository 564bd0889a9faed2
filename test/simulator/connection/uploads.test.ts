/** What the integration channel uploads, as reads show it. */
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
const LAG = 2_000;
const get = (): Promise<Row> => enos.data('getDevice', { query: TURBINE });

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
