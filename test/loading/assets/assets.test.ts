import { EnosError } from '../../../src/enos/errors.js';
import { InputError } from '../../../src/loading/common.js';
import { asset as described } from '../../../src/loading/entities/asset.js';
import type { FilterOf } from '../../../src/loading/entity/filter.js';
import { createEntityLoader } from '../../../src/loading/entity/loader.js';
import type { LoadContext } from '../../../src/loading/load-context.js';
import type { World } from '../../../src/simulator/world/world.js';
import { startLoadedSimulator, type LoadedSimulator } from '../../support/loaded-simulator.js';
import { scriptedLoading, type RecordedCall } from '../../support/recorded-loading.js';
import { TINY_ORG as orgId, tinyWorld } from '../../support/tiny-world.js';

const NO_PARTS = new Set<never>();
const WHOLE = new Set(['attributes', 'tags'] as const);

/** The tiny world with as many turbines more, named t1, t2 ..., below siteA in treeTech: a search finds no others. */
function largeWorld(count: number): World {
  const world = tinyWorld();
  const like = world.assets.get('turbine1');
  const tree = world.trees.get('treeTech');
  if (like === undefined || tree === undefined) throw new Error('the tiny world has no turbine1 or treeTech');
  for (let n = 1; n <= count; n += 1) {
    world.assets.set(`t${n}`, { ...like, assetId: `t${n}`, deviceKey: `dev-t${n}` });
    const node = { assetId: `t${n}`, parent: tree.root, children: [] };
    tree.root.children.push(node);
    tree.nodes.set(node.assetId, node);
  }
  return world;
}

describe('over the simulator', () => {
  let simulator: LoadedSimulator;
  const ids = Array.from({ length: 50 }, (_, index) => `t${index + 1}`);

  beforeEach(async () => {
    simulator = await startLoadedSimulator(largeWorld(50));
  });
  afterEach(() => simulator.close());

  const load = (assetIds: string[], loaders = simulator.loaders()) =>
    Promise.allSettled(assetIds.map((id) => loaders.of(described).load({ orgId, id })));

  it('one asset is one getAsset, and whole', async () => {
    const [asset] = await load(['siteA']);
    expect(asset).toEqual({
      status: 'fulfilled',
      value: {
        __typename: 'Asset',
        assetId: 'siteA',
        orgId,
        modelId: 'Wind_Site',
        modelIdPath: '/Wind_Site',
        name: { defaultValue: 'North Ridge', i18nValue: { en_US: 'North Ridge', zh_CN: '北岭' } },
        description: null,
        timezone: '+08:00',
        attributes: { capacity: 62.5 },
        tags: { level: 'site' },
      },
    });
    expect(simulator.taken()).toEqual(['getAsset']);
  });

  it('fifty assets of one tick are one search, and none once cached', async () => {
    const assets = await load(ids);
    expect(assets.map((a) => (a.status === 'fulfilled' ? a.value.assetId : null))).toEqual(ids);
    expect(simulator.taken()).toEqual(['searchAssetNode']);
    expect(await load(ids)).toEqual(assets);
    expect(simulator.taken()).toEqual([]);
  });

  it('an unknown one among fifty is confirmed, and remembered as missing', async () => {
    const wanted = [...ids.slice(0, 20), 'nowhere', ...ids.slice(20, 49)];
    const assets = await load(wanted);
    expect(assets.filter((a) => a.status === 'fulfilled')).toHaveLength(49);
    expect(assets[20]).toMatchObject({
      status: 'rejected',
      reason: {
        kind: 'refused',
        code: 99404,
        operation: 'getAsset',
        requestId: expect.stringMatching(/.+/) as string,
      },
    });
    expect(simulator.taken()).toEqual(['searchAssetNode', 'getAsset']);
    expect((await load(wanted))[20]).toMatchObject({ status: 'rejected', reason: { code: 99404 } });
    expect(simulator.taken()).toEqual([]);
  });

  it('one that may not be read leaves the others whole', async () => {
    const [first, denied, last] = await load(['turbine1', 'turbine4', 'turbine2']);
    expect([first?.status, last?.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(denied).toMatchObject({ status: 'rejected', reason: { code: 99403 } });
  });

  it('ids with one kind of quote are found, with both they are asked for alone', async () => {
    await load(["a'b", 'turbine1', `a'b"c`]);
    expect(simulator.taken().sort()).toEqual(['getAsset', 'getAsset', 'searchAssetNode']);
  });

  it('requests at the same time share the call', async () => {
    await Promise.all([load(ids), load(ids)]);
    expect(simulator.taken()).toEqual(['searchAssetNode']);
  });

  it('a list asks for what is selected and does not stand for whole assets', async () => {
    const loaders = simulator.loaders();
    const filter = { modelIds: ['Wind_Site'] };
    const list = await loaders
      .of(described)
      .list(orgId, { filter, orders: [], parts: NO_PARTS }, { offset: 0, limit: 10 });
    expect(list.totalCount).toBe(2);
    expect(list.items[0]).not.toHaveProperty('attributes');
    const [site] = await load(['siteA'], loaders);
    expect(site).toMatchObject({ status: 'fulfilled', value: { attributes: { capacity: 62.5 } } });
    expect(simulator.taken()).toEqual(['searchAssetNode', 'getAsset']);
  });

  it('a list of whole assets feeds the look-up, in this request and by the cache in others', async () => {
    const loaders = simulator.loaders();
    const filter = { modelIds: ['Wind_Site'] };
    await loaders.of(described).list(orgId, { filter, orders: [], parts: WHOLE }, { offset: 0, limit: 10 });
    await load(['siteA', 'siteB'], loaders);
    await load(['siteA', 'siteB']);
    expect(simulator.taken()).toEqual(['searchAssetNode']);
  });

  it('windows of a list are exact across pages', async () => {
    const all = (window: { offset: number; limit: number }) =>
      simulator
        .loaders()
        .of(described)
        .list(orgId, { filter: { modelIds: ['DF_Turbine'] }, orders: [], parts: NO_PARTS }, window);
    const whole = await all({ offset: 0, limit: 100 });
    const part = await all({ offset: 7, limit: 11 });
    expect(part.items).toEqual(whole.items.slice(7, 18));
    expect(part.totalCount).toBe(whole.totalCount);
    expect(await all({ offset: 0, limit: 0 })).toEqual({
      items: [],
      offset: 0,
      totalCount: whole.totalCount,
    });
  });

  it('an empty list of ids needs no call', async () => {
    const list = await simulator
      .loaders()
      .of(described)
      .list(orgId, { filter: { assetIds: [] }, orders: [], parts: NO_PARTS }, { offset: 3, limit: 5 });
    expect(list).toEqual({ items: [], offset: 3, totalCount: 0 });
    expect(simulator.taken()).toEqual([]);
  });

  it('filters by name, tag, attribute and tree', async () => {
    const found = async (filter: FilterOf) =>
      (
        await simulator
          .loaders()
          .of(described)
          .list(orgId, { filter, orders: [], parts: NO_PARTS }, { offset: 0, limit: 10 })
      ).items.map(({ assetId }) => assetId);
    expect(await found({ name: { contains: "o'h" } })).toEqual(['siteB']);
    expect(await found({ treeId: 'treeRegn', tags: [{ key: 'row', in: ['2', '3'] }] })).toEqual([
      'turbine1',
      'turbine2',
    ]);
    expect(await found({ attributes: [{ attributeId: 'ratedPower', equals: 2700 }] })).toEqual(['turbine2']);
    await expect(found({ tags: [{ key: 'row', exists: false }] })).rejects.toBeInstanceOf(InputError);
  });
});

describe('over scripted answers', () => {
  const idsIn = (call: RecordedCall): string[] =>
    [...String(call.body['expression']).matchAll(/'([^']*)'/g)].map((match) => match[1] ?? '');
  const raw = (assetId: string) => ({
    assetId,
    modelId: 'M',
    name: null,
    timezone: 'UTC',
    desc: `of ${assetId}`,
  });
  const options = { orgId, now: Date.now };
  const loadersOf = (context: LoadContext) => createEntityLoader(context, described);

  it('answers in any order and with parts missing are aligned by id', async () => {
    const loading = scriptedLoading((call) => ({ data: idsIn(call).reverse().map(raw) }), options);
    const assets = loadersOf(loading.request());
    const found = await Promise.all(['c', 'a', 'b'].map((id) => assets.load({ orgId, id })));
    expect(found.map((asset) => asset.assetId)).toEqual(['c', 'a', 'b']);
    expect(found[1]).toMatchObject({
      description: 'of a',
      name: {},
      attributes: {},
      tags: {},
      modelIdPath: null,
    });
  });

  it('searches hold at most as many ids as one page, and organizations are asked apart', async () => {
    const loading = scriptedLoading((call) => ({ data: idsIn(call).map(raw) }), options);
    const assets = loadersOf(loading.request());
    const keys = Array.from({ length: 2_001 }, (_, n) => ({
      orgId: n === 5 ? 'o2' : orgId,
      assetId: `a${n}`,
    }));
    keys.push({ orgId: 'o2', assetId: 'a7' });
    await Promise.all(keys.map(({ orgId: org, assetId: id }) => assets.load({ orgId: org, id })));
    const sizes = loading.calls.map((call) => [
      call.query['orgId'],
      idsIn(call).length,
      call.body['pagination'],
    ]);
    expect(sizes).toEqual([
      [orgId, 1_000, { pageNo: 1, pageSize: 1_000 }],
      [orgId, 1_000, { pageNo: 1, pageSize: 1_000 }],
      ['o2', 2, { pageNo: 1, pageSize: 2 }],
    ]);
  });

  it('a failing search fails its own ids, without confirmations', async () => {
    const loading = scriptedLoading((call) => {
      if (call.query['orgId'] === 'o2') {
        throw new EnosError({
          kind: 'refused',
          service: 'asset-tree',
          operation: 'searchAssetNode',
          code: 99403,
          message: 'Denied',
        });
      }
      return { data: idsIn(call).map(raw) };
    }, options);
    const assets = loadersOf(loading.request());
    const keys = ['o2', 'o2', orgId, orgId].map((org, n) => ({ orgId: org, assetId: `a${n}` }));
    const settled = await Promise.allSettled(
      keys.map(({ orgId: org, assetId: id }) => assets.load({ orgId: org, id })),
    );
    expect(settled.map((s) => s.status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
    expect(loading.taken()).toEqual(['searchAssetNode', 'searchAssetNode']);
  });

  it('a record that cannot be read fails alone', async () => {
    const loading = scriptedLoading(() => ({ data: [raw('a'), { assetId: 'b' }] }), options);
    const assets = loadersOf(loading.request());
    const settled = await Promise.allSettled(['a', 'b'].map((id) => assets.load({ orgId, id })));
    expect(settled[0]?.status).toBe('fulfilled');
    expect(settled[1]).toMatchObject({ status: 'rejected', reason: { kind: 'invalid-response' } });
  });
});
