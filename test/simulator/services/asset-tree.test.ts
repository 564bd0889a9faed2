/** Asset Tree Service. */
import { startTinySimulator } from '../../support/tiny-simulator.js';
import type { TinySimulator } from '../../support/tiny-simulator.js';

type Row = { assetId: string; childAssetNodeCount?: number };

let simulator: TinySimulator;
beforeAll(async () => {
  simulator = await startTinySimulator();
});
afterAll(async () => {
  await simulator.close();
  expect(simulator.faults).toEqual([]);
});

const call = async (resource: string, action: string, body: unknown, treeId?: string, method = 'POST') =>
  (
    await simulator.client.call({
      method,
      path: `/asset-tree-service/v2.1/${resource}`,
      query: { action, treeId },
      body,
    })
  ).body;
const idsOf = ({ data }: Record<string, unknown>) => (data as Row[]).map(({ assetId }) => assetId);

describe('searchAssetNode', () => {
  const search = (body: object) => call('asset-nodes', 'searchAsset', body);
  const readable = ['region', 'siteA', 'siteB', 'turbine1', 'turbine2', 'turbine3'];

  it('returns each asset once, without those in no tree or not readable', async () => {
    const reply = await search({});
    expect(idsOf(reply)).toEqual(readable);
    expect(reply.pagination).toEqual({ pageNo: 1, pageSize: 100, totalSize: 6, sortedBy: null });
  });

  it('returns every field of the tree service’s asset', async () => {
    const reply = await search({ expression: "assetId = 'turbine1'" });
    expect(reply.data).toEqual([
      {
        assetId: 'turbine1',
        modelId: 'DF_Turbine',
        modelIdPath: '/Wind_Turbine/DF_Turbine',
        name: { defaultValue: 'turbine1', i18nValue: {} },
        timezone: '+08:00',
        description: null,
        label: '0',
        inValid: false,
        attributes: { ratedPower: 2500 },
        tags: { row: '2' },
        createTime: 1_700_000_000_000,
      },
    ]);
  });

  it.each([
    ['', readable],
    ["assetIds in ('turbine2', 'zzz', 'turbine4', 'turbine1')", ['turbine1', 'turbine2']],
    ["rootModelIds in ('Wind_Turbine')", ['turbine1', 'turbine2', 'turbine3']],
    ["modelIds = 'Wind_Site'", ['siteA', 'siteB']],
    ["treeId = 'treeTech'", ['siteA', 'turbine1']],
    ["deviceKey like 'turbine' and productKey = 'prodKey1'", ['turbine1', 'turbine2', 'turbine3']],
    ['attributes.ratedPower = 2500', ['turbine1']],
    ["attributes.ratedPower = '2500'", ['turbine1']],
    ["tags.row = '2' and exists(tags.old)", ['turbine2']],
    ["tags.level like 'IT'", ['siteA']],
    ["name like '北'", ['siteA']],
    ["name.en_US like 'north'", ['siteA']],
    ["name.zh_CN like 'north'", []],
    ["name.zh_CN like 'region'", ['region']],
    ["name.default like 'ridge'", ['siteA']],
    ["name.defaultValue like 'ridge'", ['siteA']],
    ['name like "O\'Hara"', ['siteB']],
    ['createTime > 5', null],
    ['createTime >= 1700000000000 and createTime <= 1700000000000', readable],
    ['not exists(tags.old)', null],
    ["orgId = 'x'", null],
  ])('finds by %s', async (expression, expected) => {
    const reply = await search({ expression });
    if (expected === null) expect(reply).toMatchObject({ code: 99400, data: null });
    else expect(idsOf(reply)).toEqual(expected);
  });

  it('takes a null expression for none', async () => {
    expect((await search({ expression: null })).code).toBe(0);
  });

  it('pages, crops and refuses pages beyond 1000', async () => {
    const reply = await search({
      pagination: { pageNo: 2, pageSize: 4 },
      projection: ['assetId', 'name.defaultValue'],
    });
    expect(reply.data).toEqual([
      { assetId: 'turbine2', name: { defaultValue: 'turbine2' } },
      { assetId: 'turbine3', name: { defaultValue: 'turbine3' } },
    ]);
    expect(reply.pagination).toMatchObject({ pageNo: 2, pageSize: 4, totalSize: 6 });
    expect(idsOf(await search({ pagination: { pageNo: 9, pageSize: 4 } }))).toEqual([]);
    expect((await search({ pagination: { pageNo: 1, pageSize: 1000 } })).code).toBe(0);
    expect((await search({ pagination: { pageNo: 1, pageSize: 1001 } })).code).toBe(99400);
  });

  it('takes the filter of EnOS Edge, but not beside an expression', async () => {
    const filter = { tags: { row: '2' }, nameLike: { value: '2' } };
    expect(idsOf(await search({ filter }))).toEqual(['turbine2']);
    expect((await search({ filter, expression: "assetId = 'x'" })).code).toBe(99400);
  });
});

describe('searchRelatedAssetNode', () => {
  const search = (filter: object | undefined, more: object = {}, treeId = 'treeRegn') =>
    call('asset-nodes', 'searchRelatedAsset', { filter, ...more }, treeId);

  it.each([
    ['children in the order of binding', { isChildOfAssetId: 'siteA' }, ['turbine2', 'turbine1']],
    ['the parent', { isParentOfAssetId: 'turbine1' }, ['siteA']],
    ['no parent of the root', { isParentOfAssetId: 'region' }, []],
    ['ancestors', { isAncestorOfAssetId: 'turbine1' }, ['region', 'siteA']],
    [
      'descendants',
      { isDescendantOfAssetId: 'region' },
      ['siteB', 'turbine3', 'siteA', 'turbine2', 'turbine1'],
    ],
    ['relatives of nobody', { isChildOfAssetId: 'outside' }, []],
    ['by model', { isDescendantOfAssetId: 'region', modelIds: ['DF_Turbine'] }, ['turbine2', 'turbine1']],
    ['by root model', { rootModelIds: ['Wind_Turbine'] }, ['turbine3', 'turbine2', 'turbine1']],
    ['by id', { assetIds: ['turbine1', 'outside'] }, ['turbine1']],
    ['by attribute', { attributes: { ratedPower: 2700 } }, ['turbine2']],
    ['by tag', { tags: { row: '2' } }, ['turbine2', 'turbine1']],
    ['by name in a language', { nameLike: { locale: 'en_US', value: 'north' } }, ['siteA']],
    ['by any name', { nameLike: { value: '北' } }, ['siteA']],
  ])('finds %s', async (_what, filter, expected) => {
    expect(idsOf(await search(filter))).toEqual(expected);
  });

  it('returns the whole tree without a filter, and counts valid children that may be read', async () => {
    const { data } = await search(undefined);
    expect((data as Row[]).map(({ assetId, childAssetNodeCount }) => [assetId, childAssetNodeCount])).toEqual(
      [
        ['region', 2],
        ['siteB', 0],
        ['turbine3', 0],
        ['siteA', 2],
        ['turbine2', 0],
        ['turbine1', 0],
      ],
    );
  });

  it('answers 17404 for an unknown tree and 99400 for two relations', async () => {
    expect(await search({}, {}, 'zzz')).toMatchObject({
      code: 17404,
      msg: 'TreeId is not exist',
      data: null,
    });
    expect((await search({ isChildOfAssetId: 'siteA', isParentOfAssetId: 'siteA' })).code).toBe(99400);
    expect((await search({}, { pagination: { pageNo: 1, pageSize: 1001 } })).code).toBe(99400);
  });
});

describe('searchAssetPath', () => {
  type Paths = { assetPaths: string[][]; assets: Record<string, object> };
  const search = async (body: object) => {
    const reply = await call('asset-paths', 'search', body, 'treeRegn');
    return { pagination: reply.pagination, data: reply.data as Paths };
  };

  it('goes from the root to every readable leaf', async () => {
    const { data, pagination } = await search({});
    expect(data.assetPaths).toEqual([
      ['region', 'siteB', 'turbine3'],
      ['region', 'siteA', 'turbine2'],
      ['region', 'siteA', 'turbine1'],
    ]);
    expect(Object.keys(data.assets)).toEqual([
      'region',
      'siteB',
      'turbine3',
      'siteA',
      'turbine2',
      'turbine1',
    ]);
    expect(pagination).toEqual({ pageNo: 1, pageSize: 100, totalSize: 3, sortedBy: null });
  });

  it('goes between named ends, and no node is a path to itself', async () => {
    const { data } = await search({
      from: { modelIds: ['Wind_Site'] },
      to: { assetIds: ['turbine1', 'siteA'] },
    });
    expect(data.assetPaths).toEqual([['siteA', 'turbine1']]);
  });

  it('ands the conditions of one end', async () => {
    const { data } = await search({ to: { assetIds: ['turbine1', 'turbine3'], modelIds: ['DF_Turbine'] } });
    expect(data.assetPaths).toEqual([['region', 'siteA', 'turbine1']]);
  });

  it('keeps ends only with END_NODE_ONLY, and pages by paths', async () => {
    const { data, pagination } = await search({
      pathProjection: 'END_NODE_ONLY',
      pagination: { pageNo: 2, pageSize: 2 },
      projection: ['assetPaths', 'assets.*.label'],
    });
    expect(data).toEqual({
      assetPaths: [['region', 'turbine1']],
      assets: { region: { label: '1' }, turbine1: { label: '0' } },
    });
    expect(pagination).toMatchObject({ totalSize: 3 });
  });

  it('answers 17404 for an unknown tree', async () => {
    expect((await call('asset-paths', 'search', {}, 'zzz')).code).toBe(17404);
  });
});

describe('trees', () => {
  it('returns a tree with the asset of its root', async () => {
    const reply = await call('asset-trees', 'get', undefined, 'treeTech', 'GET');
    expect(reply.data).toMatchObject({
      treeId: 'treeTech',
      tags: {},
      asset: { assetId: 'siteA', label: '1' },
    });
    const missing = await call('asset-trees', 'get', undefined, 'zzz', 'GET');
    expect(missing).toMatchObject({ code: 17404, msg: 'TreeId is not exist', data: null });
  });

  it.each([
    [{}, ['treeRegn', 'treeTech']],
    [{ expression: "treeId in ('treeTech')" }, ['treeTech']],
    [{ expression: "tags.purpose = 'operations'" }, ['treeRegn']],
    [{ expression: "name.en_US like 'tech'" }, ['treeTech']],
    [{ filter: { tags: { purpose: 'operations' } } }, ['treeRegn']],
  ])('searches with %j', async (body, expected) => {
    const { data } = await call('asset-trees', 'search', body);
    expect((data as { treeId: string }[]).map(({ treeId }) => treeId)).toEqual(expected);
  });

  it('does not know "not exists" in tree searches', async () => {
    expect((await call('asset-trees', 'search', { expression: 'not exists(tags.a)' })).code).toBe(99400);
  });

  it('maps assets to the trees they sit in', async () => {
    const body = {
      assetIds: ['turbine1', 'turbine2', 'outside', 'zzz', 'turbine4'],
      projection: ['*.[*].treeId', '*.[*].asset.assetId'],
    };
    expect((await call('asset-nodes', 'getAssetTree', body)).data).toEqual({
      turbine1: [
        { treeId: 'treeRegn', asset: { assetId: 'region' } },
        { treeId: 'treeTech', asset: { assetId: 'siteA' } },
      ],
      turbine2: [{ treeId: 'treeRegn', asset: { assetId: 'region' } }],
    });
  });

  it('takes at most 100 assets, and not none at all', async () => {
    const assetIds = Array.from({ length: 101 }, (_, index) => `a${index}`);
    expect(await call('asset-nodes', 'getAssetTree', { assetIds })).toMatchObject({
      code: 99400,
      data: null,
    });
    expect((await call('asset-nodes', 'getAssetTree', { assetIds: assetIds.slice(1) })).code).toBe(0);
    expect((await call('asset-nodes', 'getAssetTree', {})).code).toBe(99400);
  });
});
