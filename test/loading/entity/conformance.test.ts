/** What holds for the reads of every entity with a description: what changes drop, and what is never kept. */
import { MemoryCache } from '../../../src/cache/memory-cache.js';
import { newestIn, type Edition } from '../../../src/enos/editions.js';
import { stringifyJson } from '../../../src/enos/reply/json.js';
import { invalidate } from '../../../src/loading/tags.js';
import type { AlertRecord } from '../../../src/loading/alerts/types.js';
import type { Loaders } from '../../../src/loading/loaders.js';
import { alert } from '../../../src/loading/entities/alert.js';
import { ENTITIES } from '../../../src/loading/entities/index.js';
import type { EntityRecord } from '../../../src/loading/entity/description.js';
import type { EntityLoader } from '../../../src/loading/entity/loader.js';
import type { World } from '../../../src/simulator/world/world.js';
import { bundledWorldFolder, loadWorld } from '../../../src/simulator/world/load.js';
import { startLoadedSimulator, type LoadedSimulator } from '../../support/loaded-simulator.js';
import { TINY_NOW, TINY_ORG } from '../../support/tiny-world.js';

/** Beyond every edition that the contracts name. */
const NEWEST = '9' as Edition;
const ALL = { filter: {}, orders: [] };
const PAGE = { offset: 0, limit: 10 };

let world: World;
let enos: LoadedSimulator;
beforeAll(async () => {
  world = await loadWorld(bundledWorldFolder, { now: () => TINY_NOW });
}, 60_000);
// A cache of its own for each: what was invalidated is not kept again at once.
beforeEach(async () => {
  enos = await startLoadedSimulator(world);
});
afterEach(() => enos.close());

describe.each(ENTITIES.map((entity) => [entity.type, entity] as const))('%s', (type, entity) => {
  const ofRequest = (): EntityLoader<EntityRecord> => enos.loaders().of(entity);
  const change = (id?: string): Promise<void> =>
    invalidate(enos.request().cache, [
      { kind: 'entity', type, orgId: TINY_ORG, ...(id === undefined ? {} : { id }) },
    ]);
  const idOf = (record: EntityRecord): string =>
    String((record as unknown as Record<string, unknown>)[entity.key]);

  const { changesWith } = entity;

  test('a change of one drops that one, and others only where they change with it', async () => {
    const ids = (
      await enos
        .loaders({ cache: new MemoryCache({ maxBytes: 1_000_000 }) })
        .of(entity)
        .list(TINY_ORG, ALL, PAGE)
    ).items.map(idOf);
    enos.taken();
    const both = async (): Promise<number> => {
      const loader = ofRequest();
      await Promise.all(ids.slice(0, 2).map((id) => loader.load({ orgId: TINY_ORG, id })));
      return enos.taken().length;
    };
    expect(await both()).toBe(1);
    expect(await both()).toBe(0);
    await change(ids[0]);
    const loader = ofRequest();
    await loader.load({ orgId: TINY_ORG, id: ids[1]! });
    expect(enos.taken()).toHaveLength(changesWith.includes(type) ? 1 : 0);
    await loader.load({ orgId: TINY_ORG, id: ids[0]! });
    expect(enos.taken()).toHaveLength(1);
  });

  test('what it changes with drops it, and its lists', async () => {
    for (const other of changesWith) {
      const { items } = await ofRequest().list(TINY_ORG, ALL, PAGE);
      enos.taken();
      await invalidate(enos.request().cache, [{ kind: 'entity', type: other, orgId: TINY_ORG, id: 'any' }]);
      await ofRequest().load({ orgId: TINY_ORG, id: idOf(items[0]!) });
      expect([other, enos.taken().length]).toEqual([other, 1]);
      await ofRequest().list(TINY_ORG, ALL, PAGE);
      expect([other, enos.taken().length]).toEqual([other, 1]);
    }
  });

  test('a change of any drops the lists', async () => {
    const list = async (): Promise<number> => {
      await ofRequest().list(TINY_ORG, ALL, PAGE);
      return enos.taken().length;
    };
    expect(await list()).toBe(1);
    expect(await list()).toBe(0);
    await change();
    expect(await list()).toBe(1);
  });

  test('a change of any drops the lists of owners', async () => {
    for (const [member, { idOf: ownerOf }] of Object.entries(entity.filter)) {
      if (ownerOf === undefined) continue;
      // What was invalidated for one condition would not be kept for the next.
      const cache = new MemoryCache({ maxBytes: 1_000_000 });
      const loader = (): EntityLoader<EntityRecord> => enos.loaders({ cache }).of(entity);
      const { items: all } = await loader().list(TINY_ORG, ALL, { offset: 0, limit: 100 });
      const record = all.find((each) => ownerOf(each as never) !== null)!;
      const owner = { member, id: ownerOf(record as never)! };
      const list = async (): Promise<number> => {
        enos.taken();
        const { items } = await loader().listOf(TINY_ORG, ALL, owner, PAGE);
        expect(items.map(idOf)).toContain(idOf(record));
        return enos.taken().length;
      };
      expect(await list()).toBe(1);
      expect(await list()).toBe(0);
      await invalidate(cache, [{ kind: 'entity', type, orgId: TINY_ORG }]);
      expect(await list()).toBe(1);
    }
  });

  test('no secret that EnOS sends is in a record', async () => {
    const { search } = entity;
    for (const operation of new Set([search.operation, newestIn(NEWEST, search.operation)])) {
      const request = { orgId: TINY_ORG, expression: undefined, pagination: { pageNo: 1, pageSize: 10 } };
      const { items } = search.page(await enos.request().enos.call(operation, search.args(request)));
      for (const raw of items as Record<string, unknown>[]) {
        const record = stringifyJson(entity.record(raw as never, TINY_ORG));
        for (const [member, value] of Object.entries(raw))
          if (/secret|password|token/i.test(member) && typeof value === 'string')
            expect([operation, member, record.includes(value)]).toEqual([operation, member, false]);
      }
    }
  });
});

test('alerts, whose reads are code, are dropped by a change as well: lists, counts, by asset and by id', async () => {
  const { items } = await enos.loaders().alerts.search(TINY_ORG, 'ACTIVE', {}, PAGE);
  const [{ alertId, assetId }] = items as [AlertRecord, ...AlertRecord[]];
  const reads: ((loaders: Loaders) => unknown)[] = [
    ({ alerts }) => alerts.search(TINY_ORG, 'ACTIVE', {}, PAGE),
    ({ alerts }) => alerts.countActive(TINY_ORG, 'severityId', {}),
    ({ alerts }) => alerts.ofAsset({ orgId: TINY_ORG, assetId }, 'ACTIVE', {}, PAGE),
    ({ alerts }) => alerts.byId(TINY_ORG, alertId),
  ];
  for (const read of reads) {
    const cache = new MemoryCache({ maxBytes: 1_000_000 });
    const calls = async (): Promise<number> => {
      enos.taken();
      await read(enos.loaders({ cache }));
      return enos.taken().length;
    };
    expect([await calls(), await calls()]).toEqual([1, 0]);
    await invalidate(cache, [{ kind: 'entity', type: alert.type, orgId: TINY_ORG, id: alertId }]);
    expect(await calls()).toBe(1);
  }
});
