import type { EnosClient } from '../../../src/enos/client.js';
import { createEnosClient } from '../../../src/enos/create-client.js';
import { createAlertLoaders } from '../../../src/loading/alerts/create.js';
import { createLoaders } from '../../../src/loading/create-loaders.js';
import {
  alertContent,
  alertRule,
  alertSeverity,
  alertType,
} from '../../../src/loading/entities/alert-definitions.js';
import type { Loaders } from '../../../src/loading/loaders.js';
import type { AlertLoaders, AlertRecord } from '../../../src/loading/alerts/types.js';
import { startSimulator, type RunningSimulator } from '../../../src/simulator/server.js';
import type { World } from '../../../src/simulator/world/world.js';
import { recordedLoading, type RecordedLoading } from '../../support/recorded-loading.js';
import { alertId, TINY_ALERTS, TINY_NOW, TINY_ORG as orgId, tinyWorld } from '../../support/tiny-world.js';

const KEYS = { accessKey: 'access', secretKey: 'secret' };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const now = (): number => TINY_NOW;

/** The tiny world with 50 more turbines, five open alerts and one past alert each. */
function world(): World {
  const made = tinyWorld();
  const turbine = made.assets.get('turbine1');
  if (!turbine) throw new Error('no turbine1');
  for (let index = 0; index < 50; index += 1) {
    const assetId = `t${index}`;
    made.assets.set(assetId, { ...turbine, assetId });
    for (let number = 0; number < 6; number += 1) {
      const occurTime = TINY_NOW - 10 * DAY - number * HOUR;
      const id = alertId(occurTime, 1000 + index * 10 + number);
      const past =
        number === 5 ? { recoverTime: occurTime + HOUR, recoverReason: 'rule-recover', eventType: 0 } : {};
      made.alerts.set(id, { ...TINY_ALERTS.root, alertId: id, assetId, occurTime, ...past });
    }
  }
  return made;
}

let simulator: RunningSimulator;
let client: EnosClient;
let loading: RecordedLoading;
let older: RecordedLoading;

beforeAll(async () => {
  simulator = await startSimulator({ world: world(), credentials: KEYS, now, log: () => undefined });
  client = createEnosClient({ url: simulator.url, ...KEYS, now });
});
beforeEach(() => {
  loading = recordedLoading(client, { orgId, now });
  older = recordedLoading(client, { orgId, now, settings: { edition: '2.1' } });
});
afterAll(async () => {
  await client.close();
  await simulator.close();
});

const loadersOf = (recorded: RecordedLoading): AlertLoaders => createAlertLoaders(recorded.request());
const entitiesOf = (recorded: RecordedLoading): Loaders['of'] => {
  const loaders = createLoaders(recorded.request());
  return (entity) => loaders.of(entity);
};
const ids = (records: readonly AlertRecord[]): string[] => records.map(({ alertId: id }) => id);
const { root, masked, offline, recent, older: past, ancient, secret } = TINY_ALERTS;
const tiny = { assetIds: ['turbine1', 'turbine2', 'turbine3', 'turbine4'] };
const all = { offset: 0, limit: 100 };

describe('open alerts', () => {
  it('finds them however old, newest first, in one search without a time window', async () => {
    const slice = await loadersOf(loading).search(orgId, 'ACTIVE', tiny, all);
    expect(ids(slice.items)).toEqual([masked, root, offline].map(({ alertId: id }) => id));
    expect(slice.totalCount).toBe(3);
    expect(loading.calls[0]?.body).not.toHaveProperty('startOccurTime');
    expect(loading.taken()).toEqual(['searchActiveAlerts']);
  });

  it('has one shape: the lower type, its parent, texts without blanks, paths and masks', async () => {
    const { items } = await loadersOf(loading).search(orgId, 'ACTIVE', tiny, all);
    const [derived, , device] = items;
    expect(derived).toMatchObject({
      state: 'ACTIVE',
      assetId: 'turbine2',
      modelId: 'DF_Turbine',
      pointId: 'activePower',
      deviceStatus: null,
      ruleId: 'r_power',
      typeId: 'gearbox',
      parentTypeId: 'mechanical',
      typeDesc: { defaultValue: 'Gearbox' },
      parentTypeDesc: { defaultValue: 'Mechanical' },
      recoverTime: null,
      assetPaths: ['treeRegn:/region/siteA/turbine2'],
      maskedBy: [`treeRegn:${root.alertId}`],
    });
    expect(device).toMatchObject({
      pointId: null,
      deviceStatus: 'offline',
      typeId: 'mechanical',
      parentTypeId: null,
      parentTypeDesc: null,
      contentId: null,
      ruleId: null,
      assetPaths: [],
      maskedBy: [],
    });
  });

  it('keeps to the filter, whose types match at either level', async () => {
    const loaders = loadersOf(loading);
    const search = async (filter: object): Promise<string[]> =>
      ids((await loaders.search(orgId, 'ACTIVE', { ...tiny, ...filter }, all)).items);
    expect(await search({ typeIds: ['gearbox'] })).toEqual([masked.alertId, root.alertId]);
    expect(await search({ typeIds: ['mechanical'] })).toHaveLength(3);
    expect(await search({ severityIds: ['critical'] })).toEqual([offline.alertId]);
    expect(await search({ tags: [{ key: 'owner', equals: 'om' }] })).toEqual([root.alertId]);
    expect(await search({ tags: [{ key: 'owner', exists: false }] })).toHaveLength(2);
    expect(await search({ occurredFrom: TINY_NOW - 90 * 60_000 })).toEqual([masked.alertId]);
    expect(await search({ scope: { treeId: 'treeRegn', fromAssetId: 'siteA' } })).toEqual([root.alertId]);
    expect(await search({ scope: { treeId: 'treeRegn', includeMasked: true } })).toHaveLength(3);
    loading.taken();
    expect(await search({ severityIds: [] })).toEqual([]);
    expect(loading.taken()).toEqual([]);
  });

  it('refuses what EnOS cannot be asked', async () => {
    const loaders = loadersOf(loading);
    const refuse = (filter: object) => expect(loaders.search(orgId, 'ACTIVE', filter, all)).rejects;
    await refuse({ recoveredFrom: 0 }).toThrow(/state HISTORY/);
    await refuse({ tags: [{ key: 'owner', contains: 'o' }] }).toThrow(/part of a tag/);
    await refuse({ tags: [{ key: 'owner' }] }).toThrow(/needs equals/);
    await refuse({ tags: [{ key: "x' or exists(y", exists: true }] }).toMatchObject({ name: 'InputError' });
    await refuse({ assetIds: [`'"`] }).toMatchObject({ argument: 'filter.assetIds' });
    expect(loading.taken()).toEqual([]);
  });

  it('counts by a field, most first', async () => {
    const loaders = loadersOf(loading);
    expect(await loaders.countActive(orgId, 'severityId', tiny)).toEqual([
      { value: 'major', count: 2 },
      { value: 'critical', count: 1 },
    ]);
    expect(loading.taken()).toEqual(['aggregateActiveAlerts']);
    await expect(loaders.countActive(orgId, 'assetId', { scope: { treeId: 'x' } })).rejects.toThrow(
      /whole organization/,
    );
  });
});

describe('alerts of assets', () => {
  const turbines = Array.from({ length: 50 }, (_, index) => ({ orgId, assetId: `t${index}` }));

  it('reads the first three of 50 assets in one call, with exact totals', async () => {
    const read = () => {
      const loaders = loadersOf(loading);
      return Promise.all(turbines.map((key) => loaders.ofAsset(key, 'ACTIVE', {}, { offset: 0, limit: 3 })));
    };
    const slices = await read();
    expect(loading.taken()).toEqual(['searchActiveAlerts']);
    slices.forEach((slice, index) => {
      expect(slice.totalCount).toBe(5);
      expect(slice.items.map(({ assetId, occurTime }) => [assetId, TINY_NOW - occurTime])).toEqual(
        [0, 1, 2].map((number) => [`t${index}`, 10 * DAY + number * HOUR]),
      );
    });
    await read();
    expect(loading.taken()).toEqual([]);
  });

  it('shares one call between open alerts, one between past ones, and slices each window', async () => {
    const loaders = loadersOf(loading);
    const [open, closed] = await Promise.all([
      Promise.all(turbines.map((key) => loaders.ofAsset(key, 'ACTIVE', {}, { offset: 4, limit: 3 }))),
      Promise.all(turbines.map((key) => loaders.ofAsset(key, 'HISTORY', {}, { offset: 0, limit: 3 }))),
    ]);
    expect(open.every(({ items, totalCount }) => items.length === 1 && totalCount === 5)).toBe(true);
    expect(closed.every(({ items, totalCount }) => items.length === 1 && totalCount === 1)).toBe(true);
    expect(loading.taken().sort()).toEqual(['searchActiveAlerts', 'searchAlerts']);
  });

  it('counts all assets in one call where only totals are wanted', async () => {
    const loaders = loadersOf(loading);
    const slices = await Promise.all(
      turbines.map((key) => loaders.ofAsset(key, 'ACTIVE', {}, { offset: 0, limit: 0 })),
    );
    expect(slices.map(({ totalCount }) => totalCount)).toEqual(turbines.map(() => 5));
    expect(loading.taken()).toEqual(['aggregateActiveAlerts']);
  });

  it('reads one asset alone by its own page, and leaves out what the filter excludes', async () => {
    const loaders = loadersOf(loading);
    const slice = await loaders.ofAsset({ orgId, assetId: 't7' }, 'ACTIVE', {}, { offset: 1, limit: 3 });
    expect([slice.items.length, slice.totalCount]).toEqual([3, 5]);
    expect(loading.calls.map(({ body }) => body['pagination'])).toEqual([{ pageNo: 1, pageSize: 4 }]);
    loading.taken();
    const none = await loaders.ofAsset({ orgId, assetId: 't7' }, 'ACTIVE', { assetIds: ['t8'] }, all);
    expect(none.totalCount).toBe(0);
    expect(loading.taken()).toEqual([]);
  });
});

describe('past alerts', () => {
  it('finds those of the last months, also recovered long ago, in one search', async () => {
    const slice = await loadersOf(loading).search(orgId, 'HISTORY', tiny, all);
    expect(ids(slice.items)).toEqual([recent.alertId, past.alertId]);
    expect(slice.items[0]).toMatchObject({
      state: 'HISTORY',
      modelId: 'DF_Turbine',
      pointId: 'activePower',
      typeId: 'gearbox',
      parentTypeId: 'mechanical',
      recoverTime: recent.recoverTime,
      assetPaths: ['treeRegn:/region/siteA/turbine1'],
    });
    expect(loading.taken()).toEqual(['searchAlerts']);
  });

  it('searches longer stretches window by window, pages and totals over all of them', async () => {
    const loaders = loadersOf(loading);
    const filter = { ...tiny, occurredFrom: TINY_NOW - 180 * DAY };
    const read = (offset: number, limit: number) =>
      loaders.search(orgId, 'HISTORY', filter, { offset, limit });
    const whole = await read(0, 10);
    expect(ids(whole.items)).toEqual([recent, past, ancient].map(({ alertId: id }) => id));
    expect(whole.totalCount).toBe(3);
    expect(loading.taken()).toEqual(['searchAlerts', 'searchAlerts', 'searchAlerts']);
    expect(ids((await read(1, 2)).items)).toEqual([past.alertId, ancient.alertId]);
    expect(await read(0, 0)).toEqual({ items: [], offset: 0, totalCount: 3 });
    expect(ids((await read(2, 5)).items)).toEqual([ancient.alertId]);
    await expect(
      loaders.search(orgId, 'HISTORY', { occurredFrom: TINY_NOW - 1000 * DAY }, all),
    ).rejects.toThrow(/at most 801 days/);
  });

  it('asks event-service in edition 2.1, and refuses to reach beyond three months there', async () => {
    const loaders = loadersOf(older);
    const slice = await loaders.search(orgId, 'HISTORY', tiny, all);
    expect(ids(slice.items)).toEqual([recent.alertId, past.alertId]);
    expect(slice.items[0]).toMatchObject({ state: 'HISTORY', ruleId: 'r_power', typeId: 'gearbox' });
    expect(older.taken()).toEqual(['searchHistoryAlerts']);
    const far = loaders.search(orgId, 'HISTORY', { occurredFrom: TINY_NOW - 100 * DAY }, all);
    await expect(far).rejects.toMatchObject({ argument: 'filter.occurredFrom' });
    await expect(far).rejects.toThrow(/last 3 months/);
  });

  it('asks event-service for a place in a tree, and for absent tags', async () => {
    const loaders = loadersOf(loading);
    const scope = { treeId: 'treeRegn', fromAssetId: 'turbine1' };
    const [inTree, untagged] = await Promise.all([
      loaders.search(orgId, 'HISTORY', { scope }, all),
      loaders.search(orgId, 'HISTORY', { ...tiny, tags: [{ key: 'owner', exists: false }] }, all),
    ]);
    expect([inTree.totalCount, untagged.totalCount]).toEqual([2, 2]);
    expect(loading.taken()).toEqual(['searchHistoryAlerts', 'searchHistoryAlerts']);
  });

  it('keeps to the recovery window that is asked for', async () => {
    const filter = { ...tiny, recoveredFrom: TINY_NOW - 3 * DAY, recoveredTo: TINY_NOW };
    const slice = await loadersOf(loading).search(orgId, 'HISTORY', filter, all);
    expect(ids(slice.items)).toEqual([recent.alertId]);
  });
});

describe('single alerts', () => {
  it('finds open and past ones by id in one search per state, and says which does not exist', async () => {
    const loaders = loadersOf(loading);
    const wanted = [root, recent, past].map(({ alertId: id }) => id);
    const missing = alertId(TINY_NOW - 5 * DAY, 999_999);
    const settled = await Promise.allSettled([...wanted, missing].map((id) => loaders.byId(orgId, id)));
    expect(settled.map((result) => (result.status === 'fulfilled' ? result.value.alertId : null))).toEqual([
      ...wanted,
      null,
    ]);
    expect(settled[3]).toMatchObject({ reason: { kind: 'refused', service: 'alert', code: 99404 } });
    const reason = settled[3]?.status === 'rejected' ? (settled[3].reason as { requestId?: unknown }) : {};
    expect(reason.requestId).toEqual(expect.any(String));
    expect(loading.taken()).toEqual(['searchActiveAlerts', 'searchAlerts']);
  });

  it('searches around the date that an id carries, however long ago', async () => {
    const found = await loadersOf(loading).byId(orgId, ancient.alertId);
    expect(found.alertId).toBe(ancient.alertId);
    const missing = loadersOf(older).byId(orgId, ancient.alertId);
    await expect(missing).rejects.toMatchObject({ code: 99404, operation: 'searchActiveAlerts' });
    expect(older.taken()).toEqual(['searchActiveAlerts']);
    await expect(loadersOf(older).byId(orgId, recent.alertId)).resolves.toMatchObject({ state: 'HISTORY' });
  });

  it('looks among the last months for ids of another form, and hides what may not be read', async () => {
    const loaders = loadersOf(loading);
    await expect(loaders.byId(orgId, 'odd')).rejects.toMatchObject({ code: 99404 });
    await expect(loaders.byId(orgId, secret.alertId)).rejects.toMatchObject({ code: 99404 });
    await expect(loaders.byId(orgId, `'"`)).rejects.toMatchObject({ name: 'InputError' });
  });
});

describe('definitions', () => {
  it('reads each kind in one call for all ids, null where EnOS knows none', async () => {
    const of = entitiesOf(loading);
    const read = () =>
      Promise.all([
        Promise.all(['major', 'critical', 'gone'].map((id) => of(alertSeverity).find({ orgId, id: id }))),
        Promise.all(['gearbox', 'mechanical'].map((id) => of(alertType).find({ orgId, id: id }))),
        Promise.all(['c_power', 'gone'].map((id) => of(alertContent).find({ orgId, id: id }))),
        Promise.all(['r_power', 'r_offline'].map((id) => of(alertRule).find({ orgId, id: id }))),
      ]);
    const [severities, types, contents, rules] = await read();
    expect(severities.map((severity) => severity?.name?.defaultValue ?? null)).toEqual([
      'Major',
      'Critical',
      null,
    ]);
    expect(types.map((type) => type?.parentTypeId)).toEqual(['mechanical', null]);
    expect(contents[0]).toMatchObject({ contentId: 'c_power', typeId: 'mechanical', subTypeId: null });
    expect(contents[1]).toBeNull();
    expect(rules[0]).toMatchObject({ pointId: 'activePower', isRoot: true, triggeringDelay: 0 });
    expect(rules[1]).toMatchObject({ pointId: null, deviceStatus: 'offline', condition: null });
    expect(loading.taken().sort()).toEqual([
      'searchAlertContent',
      'searchAlertRule',
      'searchAlertSeverity',
      'searchAlertType',
    ]);
    const again = entitiesOf(loading);
    expect(await again(alertSeverity).find({ orgId, id: 'gone' })).toBeNull();
    expect(await again(alertContent).find({ orgId, id: 'c_power' })).toEqual(contents[0]);
    expect(loading.taken()).toEqual([]);
  });

  it('gets one content alone, null where it does not exist', async () => {
    const of = entitiesOf(loading);
    expect(await of(alertContent).find({ orgId, id: 'c_power' })).toMatchObject({ contentId: 'c_power' });
    expect(await entitiesOf(loading)(alertContent).find({ orgId, id: 'gone' })).toBeNull();
    expect(loading.taken()).toEqual(['getAlertContent', 'getAlertContent']);
  });
});
