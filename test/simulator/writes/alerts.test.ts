/** Both alert services: records inserted, closed, deleted and tagged, as both services' reads see them. */
import { operationCaller } from '../../support/operation-calls.js';
import type { TinySimulator } from '../../support/tiny-simulator.js';
import { startTinySimulator } from '../../support/tiny-simulator.js';
import { alertId, TINY_ALERTS, TINY_NOW } from '../../support/tiny-world.js';

let simulator: TinySimulator;
beforeEach(async () => {
  simulator = await startTinySimulator();
});
afterEach(async () => {
  await simulator.close();
  expect(simulator.faults).toEqual([]);
});

const call = operationCaller(() => simulator);
type Row = Record<string, unknown>;
const WIDE = { startOccurTime: '2024-04-01 00:00:00', endOccurTime: '2024-06-30 00:00:00' };
const settle = () => void (simulator.clock.now += 2_000);

async function rows(operationId: string, body: object): Promise<Row[]> {
  settle();
  const reply = await call(operationId, { body });
  expect(reply.code).toBe(0);
  return reply.data as Row[];
}
const active = async (id: string) =>
  (await rows('searchActiveAlerts', { expression: `eventId = '${id}'` }))[0];
const past = async (id: string) =>
  (await rows('searchHistoryAlerts', { ...WIDE, expression: `eventId = '${id}'` }))[0];
const alert = async (id: string) =>
  (await rows('searchAlerts', { ...WIDE, expression: `alertId = '${id}'` }))[0];

const OCCURRED = TINY_NOW - 3_600_000;
const event = {
  assetId: 'turbine1',
  modelId: 'DF_Turbine',
  measurepointId: 'activePower',
  value: 84.3,
  occurTime: OCCURRED,
};
const { root, recent } = TINY_ALERTS;

describe('event-service', () => {
  it('stores an active alert as it was sent, with the texts that came with it', async () => {
    const activeAlert = {
      ...event,
      assetId: 'elsewhere',
      modelId: 'Foreign',
      modelIdPath: '/A/Foreign',
      localOccurTime: '2024-06-15 19:00:00',
      severityId: 'unheard',
      severityDesc: { defaultValue: 'Unheard of' },
      typeId: 'mechanical',
      typeDesc: { defaultValue: 'As sent', i18nValue: { en_US: 'As sent' } },
      contentId: 'c_power',
      assetPaths: ['treeX:/a/elsewhere'],
      tags: { source: 'ems' },
    };
    const { data, eventId } = await call('createActiveAlert', { body: { activeAlert } });
    expect(data).toMatch(/^20240615[0-9a-f]{32}$/);
    expect(eventId).toBe(data);
    const id = String(data);
    expect(await active(id)).toMatchObject({
      eventId: id,
      assetId: 'elsewhere',
      modelId: 'Foreign',
      modelIdPath: '/A/Foreign',
      measurepointId: 'activePower',
      hitRuleId: null,
      value: '84.3',
      occurTime: OCCURRED,
      localOccurTime: '2024-06-15 19:00:00',
      createTime: TINY_NOW,
      severityId: 'unheard',
      severityDesc: { defaultValue: 'Unheard of' },
      typeDesc: { defaultValue: 'As sent' },
      contentDesc: { i18nValue: { en_US: 'Power too high' } },
      assetPaths: ['treeX:/a/elsewhere'],
      eventType: 3,
      tag: { source: 'ems' },
    });
    expect(await alert(id)).toMatchObject({ alertId: id, eventType: 3, tags: { source: 'ems' } });
  });

  it('shows a new alert to searches after two seconds only', async () => {
    const { data } = await call('createActiveAlert', { body: { activeAlert: event } });
    const find = { body: { expression: `eventId = '${String(data)}'` } };
    expect((await call('searchActiveAlerts', find)).data).toEqual([]);
    settle();
    expect((await call('searchActiveAlerts', find)).data).toHaveLength(1);
  });

  it('closes an active alert: it is history, of the same id, with its recovery', async () => {
    const id = root.alertId;
    const body = { eventId: id, recoverTime: TINY_NOW - 1_000, recoverReason: 'Cooler restarted' };
    expect(await call('closeActiveAlert', { body })).toMatchObject({ code: 0, data: null });
    expect(await active(id)).toBeUndefined();
    expect(await past(id)).toMatchObject({
      eventId: id,
      recoverTime: TINY_NOW - 1_000,
      recoverLocalTime: '2024-06-15 19:59:59',
      recoverReason: 'Cooler restarted',
      eventType: 2,
      tag: root.tags,
    });
    expect(await alert(id)).toMatchObject({
      recoverTime: TINY_NOW - 1_000,
      recoverReason: 'Cooler restarted',
    });
    expect((await call('closeActiveAlert', { body })).code).toBe(99404);
  });

  it('keeps the local recovery time that is sent', async () => {
    const body = { eventId: root.alertId, recoverTime: TINY_NOW, localRecoverTime: '2024-06-15 20:00:01' };
    await call('closeActiveAlert', { body });
    expect(await past(root.alertId)).toMatchObject({ recoverLocalTime: '2024-06-15 20:00:01' });
  });

  it('deletes an active alert without a trace in the history', async () => {
    const query = { eventId: root.alertId };
    expect(await call('deleteActiveAlert', { query })).toMatchObject({ code: 0, data: null });
    expect(await active(root.alertId)).toBeUndefined();
    expect(await alert(root.alertId)).toBeUndefined();
    expect((await call('deleteActiveAlert', { query })).code).toBe(99404);
    expect((await call('deleteActiveAlert', { query: { eventId: recent.alertId } })).code).toBe(99404);
  });

  it('merges tags into an alert or replaces them', async () => {
    const tag = (tags: object, isPatchUpdate: boolean) =>
      call('updateActiveAlertTags', { body: { eventId: root.alertId, tags, isPatchUpdate } });
    expect(await tag({ order: 'WO-1' }, true)).toMatchObject({ code: 0, data: 1 });
    expect(await active(root.alertId)).toMatchObject({ tag: { owner: 'om', order: 'WO-1' } });
    await tag({ only: 'this' }, false);
    expect((await active(root.alertId))?.tag).toEqual({ only: 'this' });
    expect((await tag({ 'no good': 'x' }, true)).code).toBe(99400);
    expect((await call('updateActiveAlertTags', { body: { eventId: root.alertId, tags: {} } })).code).toBe(
      99400,
    );
    const history = { eventId: recent.alertId, tags: { seen: 'yes' }, isPatchUpdate: true };
    expect((await call('updateActiveAlertTags', { body: history })).code).toBe(99404);
    expect(await call('updateHistoryAlertTags', { body: history })).toMatchObject({
      msg: 'success',
      data: 1,
    });
    expect(await past(recent.alertId)).toMatchObject({ tag: { seen: 'yes' } });
    const wrong = { ...history, eventId: root.alertId };
    expect((await call('updateHistoryAlertTags', { body: wrong })).code).toBe(99404);
  });

  it('tags many, and says of each whether it worked', async () => {
    const body = { eventIds: [root.alertId, 'none', TINY_ALERTS.masked.alertId], tags: { order: 'WO-2' } };
    const reply = await call('batchUpdateActiveAlertTags', { query: { isPatchUpdate: 'true' }, body });
    expect(reply).toMatchObject({
      code: 99206,
      msg: 'Partial Content Success',
      successSize: 2,
      totalSize: 3,
    });
    expect((reply.data as Row[]).map(({ code }) => code)).toEqual([0, -1, 0]);
    expect(await active(root.alertId)).toMatchObject({ tag: { owner: 'om', order: 'WO-2' } });
    await call('batchUpdateActiveAlertTags', {
      query: { isPatchUpdate: 'false' },
      body: { ...body, eventIds: [root.alertId] },
    });
    expect((await active(root.alertId))?.tag).toEqual({ order: 'WO-2' });
    expect((await call('batchUpdateActiveAlertTags', { body })).code).toBe(99400);
  });

  it('inserts a history alert, and updates that of the same asset, point and time', async () => {
    const historyAlert = { ...event, recoverTime: OCCURRED + 60_000, recoverReason: 'import' };
    const first = await call('createHistoryAlert', { body: { historyAlert } });
    const id = String(first.data);
    expect(await past(id)).toMatchObject({ recoverReason: 'import', eventType: 2, value: '84.3' });
    const again = { ...historyAlert, value: '85', tag: { source: 'second' } };
    expect((await call('createHistoryAlert', { body: { historyAlert: again } })).data).toBe(id);
    expect(await past(id)).toMatchObject({ value: '85', tag: { source: 'second' } });
    const other = { ...historyAlert, occurTime: OCCURRED + 1 };
    expect((await call('createHistoryAlert', { body: { historyAlert: other } })).data).not.toBe(id);
  });

  it('inserts what it can of a batch, and tells what is wrong with the rest', async () => {
    const good = { ...event, recoverTime: TINY_NOW };
    const wrong = [
      { ...good, recoverTime: undefined },
      { ...good, tags: { 'a b': 'x' } },
      { ...good, occurTime: 1e300 },
    ];
    const reply = await call('createHistoryAlertsInBatch', { body: { historyAlertList: [good, ...wrong] } });
    expect(reply).toMatchObject({ code: 99206, successSize: 1, totalSize: 4 });
    expect(reply.data).toMatchObject([
      { code: 0, msg: 'format right' },
      { code: -1, msg: 'format wrong', data: 'recoverTime  :parameter empty' },
      { code: -1, msg: 'format wrong' },
      { code: -1, msg: 'format wrong' },
    ]);
    const activeAlertList = [event, { assetId: 'turbine1' }];
    expect(await call('createActiveAlertsInBatch', { body: { activeAlertList } })).toMatchObject({
      code: 99206,
      data: [{ code: 0 }, { code: -1 }],
    });
    expect((await call('createActiveAlertsInBatch', { body: { activeAlertList: 'x' } })).code).toBe(99400);
  });

  it('refuses an alert without what it needs', async () => {
    for (const name of ['assetId', 'modelId', 'measurepointId', 'value', 'occurTime']) {
      const activeAlert = { ...event, [name]: undefined };
      expect((await call('createActiveAlert', { body: { activeAlert } })).code).toBe(99400);
    }
    const status = { ...event, measurepointId: undefined, deviceStatus: 'offline' };
    const { data } = await call('createActiveAlert', { body: { activeAlert: status } });
    expect(await active(String(data))).toMatchObject({ measurepointId: null, deviceStatus: 'offline' });
    expect((await call('createHistoryAlert', { body: { historyAlert: event } })).code).toBe(99400);
  });
});

describe('alert-service', () => {
  const alertVo = {
    eventType: 3,
    instanceId: 'turbine1',
    metricId: 'activePower',
    occurTime: OCCURRED,
    value: '47.5',
    metricTags: { modelId: 'DF_Turbine', extra: 'kept' },
    severityId: 'major',
    severityDesc: { i18nValue: { en_US: 'Grave' } },
    typeId: 'gearbox',
    typeDesc: { i18nValue: { en_US: 'Box' } },
    parentTypeId: 'mechanical',
    parentTypeDesc: { i18nValue: { en_US: 'Mech' } },
    content: { i18nValue: { en_US: 'Too hot' } },
    ruleId: 'ems',
    ruleDesc: { i18nValue: { en_US: 'EMS rule' } },
    ruleTags: { owner: 'ems' },
    tags: { shift: 'night' },
    inhibited: true,
  };
  const create = async (more: object = {}) =>
    String((await call('createAlert', { body: { alertVo: { ...alertVo, ...more } } })).data);

  it('inserts an active alert, which event-service knows by its own names', async () => {
    const id = await create();
    const { metricTags, ...rest } = alertVo;
    expect(await alert(id)).toMatchObject({ alertId: id, ...rest });
    expect((await alert(id))?.metricTags).toMatchObject(metricTags);
    expect(await active(id)).toMatchObject({
      eventId: id,
      typeId: 'mechanical',
      typeDesc: alertVo.parentTypeDesc,
      subTypeId: 'gearbox',
      subTypeDesc: alertVo.typeDesc,
      hitRuleId: 'ems',
      ruleDesc: alertVo.ruleDesc,
      contentDesc: alertVo.content,
      severityDesc: alertVo.severityDesc,
      tag: alertVo.tags,
    });
  });

  it('inserts history alerts, discrete ones for itself alone', async () => {
    const recoverTime = OCCURRED + 60_000;
    const closed = await create({ eventType: 2, recoverTime });
    const discrete = await create({ eventType: 4, recoverTime });
    expect(await alert(closed)).toMatchObject({ eventType: 2, recoverTime });
    expect(await alert(discrete)).toMatchObject({ eventType: 4, recoverTime });
    expect(await past(closed)).toMatchObject({ eventType: 2, recoverTime });
    expect(await past(discrete)).toBeUndefined();
  });

  it('takes an alert on the status of a device, and one of a top-level type', async () => {
    const id = await create({ metricId: 'offline', parentTypeId: undefined, parentTypeDesc: undefined });
    expect(await active(id)).toMatchObject({ deviceStatus: 'offline', measurepointId: null });
    expect(await active(id)).toMatchObject({ typeId: 'gearbox', subTypeId: null });
    expect(await alert(id)).toMatchObject({ typeId: 'gearbox', parentTypeId: null, metricId: 'offline' });
    expect(await alert(id)).toMatchObject({ typeDesc: alertVo.typeDesc });
  });

  it('refuses other event types, and a history alert without its recovery', async () => {
    for (const more of [{ eventType: 1 }, { eventType: 2 }, { eventType: 4 }, { instanceId: undefined }]) {
      expect((await call('createAlert', { body: { alertVo: { ...alertVo, ...more } } })).code).toBe(99400);
    }
  });

  it('inserts up to a thousand at once, each for itself', async () => {
    const alertVoList = [alertVo, { ...alertVo, eventType: 1 }, { ...alertVo, eventType: 2 }];
    expect(await call('batchCreateAlerts', { body: { alertVoList } })).toMatchObject({
      code: 99206,
      successSize: 1,
      totalSize: 3,
      data: [{ code: 0, msg: 'OK' }, { code: -1 }, { code: -1, data: 'recoverTime  :parameter empty' }],
    });
    const many = Array.from({ length: 1001 }, () => alertVo);
    expect((await call('batchCreateAlerts', { body: { alertVoList: many } })).code).toBe(99400);
  });

  it('closes an active alert with a reply that has no data at all', async () => {
    const body = { alertId: root.alertId, recoverTime: TINY_NOW };
    expect(await call('closeAlert', { body })).toEqual({
      code: 0,
      msg: 'OK',
      requestId: expect.any(String) as string,
    });
    expect(await active(root.alertId)).toBeUndefined();
    expect(await past(root.alertId)).toMatchObject({ recoverTime: TINY_NOW, recoverReason: null });
    const unknown = { alertId: alertId(TINY_NOW, 99), recoverTime: TINY_NOW };
    expect(await call('closeAlert', { body: unknown })).toMatchObject({
      code: 99400,
      msg: `invalid id:${unknown.alertId} :ID does not exist`,
    });
    expect((await call('closeAlert', { body })).code).toBe(99400);
  });

  it('tags active and history alerts, one and many', async () => {
    const one = { alertId: recent.alertId, tags: { a: 'b' }, isPatchUpdate: true };
    expect(await call('updateAlertTags', { body: one })).toMatchObject({ code: 0, data: 1 });
    expect((await call('updateAlertTags', { body: { ...one, alertId: 'none' } })).code).toBe(99404);
    const many = { alertIds: [root.alertId, recent.alertId], tags: { c: 'd' }, isPatchUpdate: false };
    expect(await call('batchUpdateAlertTags', { body: many })).toMatchObject({ code: 0, successSize: 2 });
    expect((await alert(root.alertId))?.tags).toEqual({ c: 'd' });
    expect((await past(recent.alertId))?.tag).toEqual({ c: 'd' });
    const partly = { ...many, alertIds: ['none'] };
    expect(await call('batchUpdateAlertTags', { body: partly })).toMatchObject({
      code: 99206,
      successSize: 0,
    });
  });

  it('goes on scrolling past alerts that are closed in between', async () => {
    const first = await call('scrollAlerts', { body: { ...WIDE, active: true, scroll: { pageSize: 1 } } });
    const { items, pageToken } = first.data as { items: Row[]; pageToken: string };
    const other = [root, TINY_ALERTS.masked].find((one) => one.alertId !== items[0]?.alertId);
    await call('updateAlertTags', {
      body: { alertId: other?.alertId, tags: { seen: 'yes' }, isPatchUpdate: true },
    });
    settle();
    const second = await call('scrollAlerts', { body: { ...WIDE, scroll: { pageToken } } });
    expect((second.data as { items: Row[] }).items).toMatchObject([
      { alertId: other?.alertId, tags: { seen: 'yes' } },
    ]);
  });
});
