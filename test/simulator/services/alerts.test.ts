/** event-service and alert-service. */
import { startTinySimulator } from '../../support/tiny-simulator.js';
import type { TinySimulator } from '../../support/tiny-simulator.js';
import { TINY_ALERTS, TINY_NOW } from '../../support/tiny-world.js';

type Row = Record<string, unknown>;

let simulator: TinySimulator;
beforeAll(async () => {
  simulator = await startTinySimulator();
});
afterAll(async () => {
  await simulator.close();
  expect(simulator.faults).toEqual([]);
});

const call = async (path: string, action: string, body: unknown) =>
  (await simulator.client.call({ path, query: { action }, body })).body;
const event = (resource: string, action: string, body: object) =>
  call(`/event-service/v2.1/${resource}`, action, body);
const alertService = (action: string, body: object) => call('/alert-service/v2.1/alerts', action, body);

const nameOf = new Map(Object.entries(TINY_ALERTS).map(([name, { alertId }]) => [alertId, name]));
const namesOf = (data: unknown) =>
  (data as Row[]).map((row) => nameOf.get((row.eventId ?? row.alertId) as string));
const iso = (time: number) => new Date(time).toISOString().replace('.000', '');
const DAY = 86_400_000;

describe('searchActiveAlerts', () => {
  const search = (body: object) => event('active-alerts', 'search', body);

  it('returns open alerts of readable assets, newest first, whatever their age', async () => {
    const reply = await search({});
    expect(namesOf(reply.data)).toEqual(['masked', 'root', 'offline']);
    expect(reply.pagination).toEqual({
      pageNo: 1,
      pageSize: 10,
      totalSize: 3,
      sortedBy: [
        { field: 'occurTime', order: 'DESC' },
        { field: 'eventId', order: 'DESC' },
      ],
    });
  });

  it('copies texts, leaving out the default that a language repeats', async () => {
    const { data } = await search({ expression: `eventId = '${TINY_ALERTS.root.alertId}'` });
    expect(data).toEqual([
      {
        eventId: TINY_ALERTS.root.alertId,
        orgId: 'o15724268424841',
        assetId: 'turbine1',
        modelId: 'DF_Turbine',
        modelIdPath: '/Wind_Turbine/DF_Turbine',
        measurepointId: 'activePower',
        deviceStatus: null,
        hitRuleId: 'r_power',
        value: '84.30000305',
        occurTime: TINY_NOW - 7_200_000,
        localOccurTime: '2024-06-15 18:00:00',
        createTime: TINY_NOW - 7_200_000,
        updateTime: TINY_NOW - 7_200_000,
        severityId: 'major',
        severityDesc: { i18nValue: { en_US: 'Major' } },
        typeId: 'mechanical',
        typeDesc: { defaultValue: 'Mechanical', i18nValue: {} },
        subTypeId: 'gearbox',
        subTypeDesc: { defaultValue: 'Gearbox', i18nValue: {} },
        contentId: 'c_power',
        contentDesc: { i18nValue: { en_US: 'Power too high' } },
        eventType: 1,
        tag: { owner: 'om' },
        ruleDesc: { defaultValue: 'Power above limit', i18nValue: {} },
        assetPaths: ['treeRegn:/region/siteA/turbine1'],
        maskedBy: null,
      },
    ]);
  });

  it.each<[object, string[]]>([
    [{ assetId: 'turbine1' }, ['root']],
    [{ measurepointId: 'activePower', modelId: 'DF_Turbine' }, ['masked', 'root']],
    [{ expression: "assetId in ('turbine1', 'turbine3')" }, ['root', 'offline']],
    [{ expression: "severityId != 'major'" }, ['offline']],
    [{ expression: "measurepointId != 'x'" }, ['masked', 'root']],
    [{ expression: "deviceStatus = 'offline' or tag.owner = 'om'" }, ['root', 'offline']],
    [{ expression: 'not exists(tag.owner) and eventType in (1)' }, ['masked']],
    [{ expression: "assetPath like 'siteA/turbine2'" }, ['masked']],
    [{ expression: "assetPath = 'treeRegn:/region/siteA/turbine1'" }, ['root']],
    [{ expression: "treeId = 'treeTech'" }, ['root']],
    [{ scope: { treeId: 'treeRegn' } }, ['root', 'offline']],
    [{ scope: { treeId: 'treeRegn', fromAssetId: 'siteA', includeDerivative: true } }, ['masked', 'root']],
    [{ scope: { treeId: 'treeRegn', fromAssetId: 'turbine1' } }, ['root']],
    [{ scope: { treeId: 'treeTech' } }, ['root']],
    [{ scope: { treeId: 'zzz' } }, []],
    [{ rootAlert: { rootAlertId: TINY_ALERTS.root.alertId } }, ['masked']],
    [{ rootAlert: { treeId: 'treeTech', rootAlertId: TINY_ALERTS.root.alertId } }, []],
    [{ startOccurTime: iso(TINY_NOW - 2 * 3_600_000), endOccurTime: iso(TINY_NOW) }, ['masked', 'root']],
    [{ startOccurTime: '2024-06-15 18:30:00', endOccurTime: '2024-06-15 20:00:00' }, ['masked']],
    [{ endOccurTime: '2024-06-15T18:30:00+08:00' }, ['root', 'offline']],
    [{ pagination: { pageNo: 2, pageSize: 2 } }, ['offline']],
  ])('finds with %j', async (body, expected) => {
    expect(namesOf((await search(body)).data)).toEqual(expected);
  });

  it.each([
    [{ scope: { treeId: 'treeRegn' }, rootAlert: { rootAlertId: 'x' } }],
    [{ startOccurTime: 'yesterday' }],
    [{ startOccurTime: '2024-13-01 00:00:00' }],
    [{ expression: "deviceStatus != 'x'" }],
    [{ expression: "tags.owner = 'om'" }],
  ])('refuses %j', async (body) => {
    expect(await search(body)).toMatchObject({ code: 99400, data: null });
  });
});

describe('aggregateActiveAlerts', () => {
  it.each([
    ['assetId', undefined, { turbine1: 1, turbine2: 1, turbine3: 1 }],
    ['severityId', undefined, { major: 2, critical: 1 }],
    ['subTypeId', undefined, { gearbox: 2 }],
    ['modelId', "hitRuleId = 'r_power'", { DF_Turbine: 2 }],
    ['typeId', "assetId = 'zzz'", {}],
  ])('counts by %s where %s', async (groupByField, expression, expected) => {
    expect((await event('active-alerts', 'aggregate', { groupByField, expression })).data).toEqual(expected);
  });

  it('refuses another or no field', async () => {
    expect((await event('active-alerts', 'aggregate', { groupByField: 'eventId' })).code).toBe(99400);
    expect((await event('active-alerts', 'aggregate', {})).code).toBe(99400);
  });
});

const YEAR = { startOccurTime: iso(TINY_NOW - 300 * DAY), endOccurTime: iso(TINY_NOW) };

describe('searchHistoryAlerts', () => {
  const search = (body: object) => event('history-alerts', 'search', body);
  const recovered = { recoverStartTime: iso(TINY_NOW - 300 * DAY), recoverEndTime: iso(TINY_NOW) };

  it('finds what recovered in the last 7 days and occurred in the last 3 months', async () => {
    expect(namesOf((await search(YEAR)).data)).toEqual(['recent']);
    expect(namesOf((await search({ ...YEAR, ...recovered })).data)).toEqual(['recent', 'older']);
    const open = { ...YEAR, recoverStartTime: recovered.recoverStartTime };
    expect(namesOf((await search(open)).data)).toEqual(['recent', 'older']);
  });

  it('spells two fields as its sample does', async () => {
    const { data } = await search(YEAR);
    const [row] = data as Row[];
    expect(row).toMatchObject({
      recoverTime: TINY_NOW - 40 * 3_600_000,
      recoverLocalTime: '2024-06-14 04:00:00',
      recoverReason: 'rule-recover',
      assetPath: ['treeRegn:/region/siteA/turbine1'],
      eventType: 0,
    });
    expect(row).not.toHaveProperty('localRecoverTime');
    expect(row).not.toHaveProperty('assetPaths');
  });

  it('takes both spellings of the point, and needs the window', async () => {
    expect(namesOf((await search({ ...YEAR, measurepointsId: 'activePower' })).data)).toEqual(['recent']);
    expect(namesOf((await search({ ...YEAR, measurepointId: 'other' })).data)).toEqual([]);
    const { code, msg } = await search({ startOccurTime: YEAR.startOccurTime });
    expect({ code, msg }).toEqual({ code: 99400, msg: 'Invalid Argument endOccurTime: is required' });
  });

  it('scrolls with a token that carries the query', async () => {
    const scroll = (body: object) => event('history-alerts', 'scroll', body);
    const first = (await scroll({ ...YEAR, ...recovered, scroll: { pageSize: 1 } })).data as Row;
    expect(namesOf(first.items)).toEqual(['recent']);
    expect((first.items as Row[])[0]).toHaveProperty('localRecoverTime');
    const next = (await scroll({ scroll: { pageToken: first.pageToken } })).data as Row;
    expect(namesOf(next.items)).toEqual(['older']);
    expect(next).not.toHaveProperty('pageToken');
    expect((await scroll({ scroll: { pageSize: 1 } })).code).toBe(99400);
    expect((await scroll({ ...YEAR, scroll: { pageSize: 0 } })).code).toBe(99400);
    expect((await scroll({ scroll: { pageToken: 'VGhlTmV4dFBhZ2UtMDAwMQ' } })).code).toBe(99400);
  });
});

describe('searchAlerts', () => {
  const search = (body: object) => alertService('search', body);
  const window = { startOccurTime: iso(TINY_NOW - 60 * DAY), endOccurTime: iso(TINY_NOW) };
  const recovered = { startRecoverTime: iso(TINY_NOW - 60 * DAY), endRecoverTime: iso(TINY_NOW) };

  it.each<[string, object, string[]]>([
    ['open alerts and what recovered last week', {}, ['masked', 'root', 'recent']],
    ['all with a recovery window', recovered, ['masked', 'root', 'recent', 'older']],
    [
      'open ones with an empty recovery window',
      { startRecoverTime: '', endRecoverTime: '' },
      ['masked', 'root'],
    ],
    ['active: true', { active: true }, ['masked', 'root']],
    ['active: "true"', { active: 'true' }, ['masked', 'root']],
    ['active: "false"', { active: 'false' }, ['recent']],
    ['active: "null"', { active: 'null' }, ['masked', 'root', 'recent']],
    ['active: null', { active: null }, ['masked', 'root', 'recent']],
    ['an instance', { instanceId: 'turbine2' }, ['masked']],
    ['inhibited', { expression: 'inhibited = true' }, ['masked']],
    ['not inhibited', { expression: 'inhibited != true and eventType = 1' }, ['root']],
    ['tags', { expression: "tags.owner = 'om'" }, ['root']],
    [
      'rule tags',
      { expression: "ruleTags.owner = 'om' and metricTags.modelId = 'DF_Turbine'" },
      ['masked', 'root', 'recent'],
    ],
    ['a tree', { expression: "metricTags.assetTreePath = 'treeTech'" }, ['root', 'recent']],
    [
      'types',
      { expression: "typeId = 'gearbox' and parentTypeId = 'mechanical'" },
      ['masked', 'root', 'recent'],
    ],
    ['its root alert', { expression: `maskedBy = 'treeRegn:${TINY_ALERTS.root.alertId}'` }, ['masked']],
  ])('finds %s', async (_what, body, expected) => {
    expect(namesOf((await search({ ...window, ...body })).data)).toEqual(expected);
  });

  it('maps the fields of both services', async () => {
    const { data } = await search({ ...window, expression: `alertId = '${TINY_ALERTS.recent.alertId}'` });
    expect(data).toEqual([
      expect.objectContaining({
        instanceId: 'turbine1',
        metricId: 'activePower',
        ruleId: 'r_power',
        typeId: 'gearbox',
        parentTypeId: 'mechanical',
        content: { defaultValue: 'Power too high', i18nValue: { en_US: 'Power too high' } },
        localRecoverTime: '2024-06-14 04:00:00',
        value: '84.30000305',
        metricTags: {
          __timezone__: '+08:00',
          modelId: 'DF_Turbine',
          modelIdPath: '/Wind_Turbine/DF_Turbine',
          assetTreePath_treeRegn: 'treeRegn:/region/siteA/turbine1',
        },
        ruleTags: { owner: 'om' },
      }),
    ]);
  });

  it('takes the device status for a metric, and the only type for typeId', async () => {
    const old = { startOccurTime: iso(TINY_NOW - 110 * DAY), endOccurTime: iso(TINY_NOW - 90 * DAY) };
    const { data } = await search({ ...old, metricId: 'offline' });
    expect(data).toEqual([
      expect.objectContaining({
        typeId: 'mechanical',
        parentTypeId: null,
        value: null,
        ruleId: null,
        ruleTags: {},
      }),
    ]);
  });

  it('refuses a window that is missing or wider than 3 months', async () => {
    expect(await search({})).toMatchObject({ code: 99400, data: null });
    expect(await search({ startOccurTime: '', endOccurTime: '' })).toMatchObject({ code: 99400 });
    const edge = { startOccurTime: '2024-01-31T00:00:00Z', endOccurTime: '2024-04-30T00:00:00Z' };
    expect((await search(edge)).code).toBe(0);
    expect((await search({ ...edge, endOccurTime: '2024-05-01T00:00:00Z' })).code).toBe(99400);
  });

  it('scrolls to the end without missing or repeating alerts', async () => {
    const seen: unknown[] = [];
    let scroll: object = { pageSize: 2 };
    for (let slice = 0; slice < 5; slice += 1) {
      // Later calls repeat the window but not the rest: the token carries it.
      const more = slice === 0 ? recovered : {};
      const data = (await alertService('scroll', { ...window, ...more, scroll })).data as Row;
      expect(data.pageSize).toBe(2);
      seen.push(...namesOf(data.items));
      if (data.pageToken === undefined) break;
      scroll = { pageToken: data.pageToken, pageSize: 0 };
    }
    expect(seen).toEqual(['masked', 'root', 'recent', 'older']);
  });

  it('does not take a token of another operation', async () => {
    const first = await alertService('scroll', { ...window, scroll: { pageSize: 1 } });
    const { pageToken } = first.data as Row;
    expect((await event('history-alerts', 'scroll', { scroll: { pageToken } })).code).toBe(99400);
  });
});
