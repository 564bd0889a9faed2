import { InputError } from '../../../src/loading/common.js';
import { createLoaders } from '../../../src/loading/create-loaders.js';
import { asset } from '../../../src/loading/entities/asset.js';
import type { AssetFilter } from '../../../src/loading/trees/types.js';
import { relatedFilter } from '../../../src/loading/trees/related.js';
import { startLoadedSimulator, type LoadedSimulator } from '../../support/loaded-simulator.js';
import { scriptedLoading } from '../../support/recorded-loading.js';
import { TINY_ORG as orgId, tinyWorld } from '../../support/tiny-world.js';

const NO_PARTS = new Set<never>();
const WHOLE = new Set(['attributes', 'tags'] as const);
const ALL = { offset: 0, limit: 50 };
const treeId = 'treeRegn';
const node = (assetId: string) => ({ orgId, treeId, assetId });

describe.each(['2.1', '2.3'] as const)('over the simulator, edition %s', (edition) => {
  let simulator: LoadedSimulator;
  beforeEach(async () => {
    simulator = await startLoadedSimulator(tinyWorld(), { edition });
  });
  afterEach(() => simulator.close());

  it('trees by id: one alone, many at once where the edition can', async () => {
    const { trees } = simulator.loaders();
    const settled = await Promise.allSettled(
      ['treeTech', 'nowhere', treeId].map((id) => trees.byId({ orgId, treeId: id })),
    );
    expect(settled[0]).toMatchObject({ value: { treeId: 'treeTech', root: { assetId: 'siteA', orgId } } });
    expect(settled[1]).toMatchObject({ reason: { code: 17404, operation: 'getAssetTree' } });
    expect(settled[2]).toMatchObject({
      value: { name: { defaultValue: 'By region' }, tags: { purpose: 'operations' } },
    });
    expect(simulator.taken()).toEqual(
      edition === '2.1'
        ? ['getAssetTree', 'getAssetTree', 'getAssetTree']
        : ['searchAssetTree', 'getAssetTree'],
    );
    await simulator.loaders().trees.byId({ orgId, treeId });
    expect(simulator.taken()).toEqual([]);
  });

  it('lists trees by name, id and tag', async () => {
    const ids = async (filter: Parameters<ReturnType<LoadedSimulator['loaders']>['trees']['search']>[1]) =>
      (await simulator.loaders().trees.search(orgId, filter, ALL)).items.map((tree) => tree.treeId);
    expect(await ids({})).toEqual(['treeRegn', 'treeTech']);
    expect(await ids({ name: { contains: 'TECH' } })).toEqual(['treeTech']);
    expect(await ids({ treeIds: ['treeTech', 'x'] })).toEqual(['treeTech']);
    expect(await ids({ treeIds: [] })).toEqual([]);
    expect(await ids({ tags: [{ key: 'purpose', in: ['operations', 'x'] }] })).toEqual(['treeRegn']);
    const last = await simulator
      .loaders()
      .trees.search(orgId, { name: { contains: 'by' } }, { offset: 1, limit: 1 });
    expect(last).toMatchObject({ items: [{ treeId: 'treeTech' }], offset: 1, totalCount: 2 });
  });

  it('the trees of many assets are one call, none for an asset outside', async () => {
    const { trees } = simulator.loaders();
    const found = await Promise.all(
      ['siteA', 'outside', 'turbine2'].map((assetId) => trees.ofAsset({ orgId, assetId })),
    );
    expect(found.map((list) => list.map((tree) => tree.treeId).sort())).toEqual([
      ['treeRegn', 'treeTech'],
      [],
      ['treeRegn'],
    ]);
    expect(simulator.taken()).toEqual(['getAssetTrees']);
  });

  it('children come in the order of binding, and whole ones feed the look-up', async () => {
    const loaders = simulator.loaders();
    const list = await loaders.trees.children(node('siteA'), {}, ALL, WHOLE);
    expect(list.items.map(({ assetId }) => assetId)).toEqual(['turbine2', 'turbine1']);
    await loaders.of(asset).load({ orgId, id: 'turbine1' });
    expect(simulator.taken()).toEqual(['searchRelatedAssetNode']);
    expect((await loaders.trees.children(node('turbine1'), {}, ALL, NO_PARTS)).totalCount).toBe(0);
  });

  it('descendants are filtered by what EnOS can be asked', async () => {
    const ids = async (filter: AssetFilter) =>
      (await simulator.loaders().trees.descendants(node('region'), filter, ALL, NO_PARTS)).items.map(
        (a) => a.assetId,
      );
    expect(await ids({ rootModelIds: ['Wind_Turbine'] })).toEqual(
      expect.arrayContaining(['turbine1', 'turbine2']),
    );
    expect(await ids({ name: { contains: 'ridge', locale: 'en_US' } })).toEqual(['siteA']);
    expect(await ids({ tags: [{ key: 'old', equals: 'yes' }] })).toEqual(['turbine2']);
    expect(await ids({ attributes: [{ attributeId: 'ratedPower', equals: 2500 }] })).toEqual(['turbine1']);
    simulator.taken();
    expect(await ids({ modelIds: [] })).toEqual([]);
    expect(simulator.taken()).toEqual([]);
  });

  it('paths of many nodes are one call; the root is its own path; what is no node is missing', async () => {
    const { trees } = simulator.loaders();
    const paths = async (...ids: string[]) =>
      (await Promise.allSettled(ids.map((id) => trees.path(node(id))))).map((s) =>
        s.status === 'fulfilled' ? s.value.map(({ assetId }) => assetId) : (s.reason as unknown),
      );
    expect(await paths('turbine1', 'siteB')).toEqual([
      ['region', 'siteA', 'turbine1'],
      ['region', 'siteB'],
    ]);
    expect(simulator.taken()).toEqual(['searchAssetPath']);
    const [root, outside] = await paths('region', 'outside');
    expect(root).toEqual(['region']);
    expect(outside).toMatchObject({
      kind: 'refused',
      code: 17404,
      service: 'asset-tree',
      requestId: expect.any(String) as string,
    });
    expect(simulator.taken()).toEqual(['searchAssetPath', 'getAssetTree']);
  });
});

describe('the structured filter', () => {
  it('takes a tag that equals one value only', () => {
    expect(
      relatedFilter(
        {
          tags: [
            { key: 'a', equals: 'x' },
            { key: 'b', in: ['y'] },
          ],
        },
        'T',
      ),
    ).toEqual({ tags: { a: 'x', b: 'y' } });
    for (const condition of [
      { contains: 'x' },
      { exists: true },
      { exists: false },
      { in: ['x', 'y'] },
      {},
    ]) {
      expect(() => relatedFilter({ tags: [{ key: 'a', ...condition }] }, 'T')).toThrow(InputError);
    }
  });

  it('knows what nothing can match', () => {
    const twice = [
      { key: 'a', equals: 'x' },
      { key: 'a', equals: 'y' },
    ];
    expect(relatedFilter({ tags: twice }, 'T')).toBeNull();
    expect(relatedFilter({ tags: [{ key: 'a', in: [] }] }, 'T')).toBeNull();
    expect(relatedFilter({ assetIds: [] }, 'T')).toBeNull();
  });

  it('does not leave its tree', () => {
    expect(() => relatedFilter({ treeId: 'other' }, 'T')).toThrow(InputError);
    expect(relatedFilter({ treeId: 'T' }, 'T')).toEqual({});
  });
});

it('asks for the trees of a hundred assets a call', async () => {
  const loading = scriptedLoading(() => ({ data: {} }), { orgId, now: Date.now });
  const { trees } = createLoaders(loading.request());
  await Promise.all(Array.from({ length: 201 }, (_, n) => trees.ofAsset({ orgId, assetId: `a${n}` })));
  expect(loading.calls.map((call) => (call.body['assetIds'] as string[]).length)).toEqual([100, 100, 1]);
});
