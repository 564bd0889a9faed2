/** Asset Tree Service: trees and nodes that writes change, as every other operation sees them, and all refusals. */
import { operationCaller } from '../../support/operation-calls.js';
import type { TinySimulator } from '../../support/tiny-simulator.js';
import { startTinySimulator } from '../../support/tiny-simulator.js';
import { exampleWorld } from '../../support/example-world.js';

let simulator: TinySimulator;
beforeEach(async () => {
  const world = exampleWorld();
  simulator = await startTinySimulator({ world: { ...world, limits: { assets: 100, trees: 6 } } });
});
afterEach(async () => {
  await simulator.close();
  expect(simulator.faults).toEqual([]);
});

const call = operationCaller(() => simulator);
const settle = () => void (simulator.clock.now += 2_000);
const data = async (...sent: Parameters<typeof call>): Promise<unknown> => {
  const reply = await call(...sent);
  expect(reply.code).toBe(0);
  return reply.data;
};
const codeOf = async (operationId: string, query: Record<string, string>, body?: object) =>
  (await call(operationId, { query, ...(body === undefined ? {} : { body }) })).code;

async function childrenOf(assetId: string, treeId = 'treeRegn'): Promise<string[]> {
  settle();
  const body = { filter: { isChildOfAssetId: assetId } };
  const found = await data('searchRelatedAssetNode', { query: { treeId }, body });
  return (found as { assetId: string }[]).map((asset) => asset.assetId);
}

const site = { modelId: 'Wind_Site', name: { defaultValue: 'West' }, timezone: '+01:00' };

describe('trees', () => {
  it('are created with a new root, which is an asset', async () => {
    const body = { asset: site, tree: { name: { defaultValue: 'By owner' }, tags: { purpose: 'owners' } } };
    const treeId = String(await data('createAssetTree', { body }));
    expect(treeId).toMatch(/^[A-Za-z0-9]{8}$/);
    const tree = (await data('getAssetTree', { query: { treeId } })) as { asset: { assetId: string } };
    expect(tree).toMatchObject({
      treeId,
      name: { defaultValue: 'By owner', i18nValue: {} },
      tags: { purpose: 'owners' },
      asset: { name: { defaultValue: 'West' }, label: '1', inValid: false },
    });
    const { assetId } = tree.asset;
    expect(await data('getAsset', { query: { assetId } })).toMatchObject({ assetId, modelId: 'Wind_Site' });
    const search = { body: { expression: "tags.purpose = 'owners'" } };
    expect(await data('searchAssetTree', search)).toEqual([]);
    settle();
    expect(await data('searchAssetTree', search)).toMatchObject([{ treeId }]);
  });

  it('are created over an asset that is there, by its id or by its keys', async () => {
    const keys = { productKey: 'pK5uW2aE', deviceKey: 'wt-08' };
    const first = await data('createAssetTreeAndAssociateAsset', { query: { assetId: 'siteB' } });
    expect(await data('getAssetTree', { query: { treeId: String(first) } })).toMatchObject({
      name: { defaultValue: "O'Hara" },
      asset: { assetId: 'siteB' },
    });
    const second = await data('createAssetTreeAndAssociateAsset', { query: keys });
    expect(await data('getAssetTree', { query: { treeId: String(second) } })).toMatchObject({
      asset: { assetId: 'mC7pZ2dJ' },
    });
  });

  it('are refused with 17772 beyond the quota, and leave no root behind', async () => {
    // Four trees are there, and six are allowed.
    for (let tree = 4; tree < 6; tree++)
      await data('createAssetTreeAndAssociateAsset', { query: { assetId: 'siteB' } });
    expect(await codeOf('createAssetTree', {}, { asset: site })).toBe(17772);
    expect(await codeOf('createAssetTreeAndAssociateAsset', { assetId: 'siteB' })).toBe(17772);
  });

  it('are refused with a root that does not fit its model or is not there', async () => {
    const asset = { ...site, attributes: { none: 1 } };
    expect(await codeOf('createAssetTree', {}, { asset })).toBe(99400);
    expect(await codeOf('createAssetTree', {}, { asset: { ...site, modelId: 'None' } })).toBe(99404);
    expect(await codeOf('createAssetTreeAndAssociateAsset', {})).toBe(99400);
    expect(await codeOf('createAssetTreeAndAssociateAsset', { assetId: 'none' })).toBe(99404);
    expect(await codeOf('createAssetTreeAndAssociateAsset', { productKey: 'a', deviceKey: 'b' })).toBe(99404);
    expect(await codeOf('createAssetTreeAndAssociateAsset', { assetId: 'turbine4' })).toBe(99403);
    const tree = { name: { defaultValue: 'T' }, tags: { 'a b': 'x' } };
    expect(await codeOf('createAssetTree', {}, { asset: site, tree })).toBe(99400);
    const before = await data('searchAssetTree', { body: {} });
    settle();
    expect(await data('searchAssetTree', { body: {} })).toEqual(before);
  });

  it('change their name or their tags, each as a whole', async () => {
    const update = (fields: object) =>
      call('updateAssetTree', { body: { treeUpdateInfo: { treeId: 'treeRegn', ...fields } } });
    await update({ tags: { a: 'b' } });
    await update({ name: { defaultValue: 'Regions', i18nValue: null } });
    expect(await data('getAssetTree', { query: { treeId: 'treeRegn' } })).toMatchObject({
      name: { defaultValue: 'Regions', i18nValue: {} },
      tags: { a: 'b' },
    });
    expect((await update({})).code).toBe(99400);
    expect((await update({ name: { i18nValue: {} } })).code).toBe(99400);
    expect(await codeOf('updateAssetTree', {}, { treeUpdateInfo: { treeId: 'none', tags: {} } })).toBe(400);
  });

  it('are deleted when nothing but their root is left, whose asset stays', async () => {
    expect(await codeOf('deleteAssetTree', { treeId: 'treeTech' })).toBe(17800);
    await data('deleteAssetNode', { query: { treeId: 'treeTech', assetId: 'turbine1' } });
    expect(await codeOf('deleteAssetTree', { treeId: 'treeTech' })).toBe(0);
    expect(await codeOf('getAssetTree', { treeId: 'treeTech' })).toBe(17404);
    expect(await codeOf('deleteAssetTree', { treeId: 'treeTech' })).toBe(17404);
    expect(await codeOf('getAsset', { assetId: 'siteA' })).toBe(0);
  });
});

it('takes the method and the action that EnOS’s own clients send', async () => {
  const trees = '/asset-tree-service/v2.1/asset-trees';
  const query = { action: 'delete', treeId: 'Lm3xE8Vd' };
  expect((await simulator.client.call({ method: 'GET', path: trees, query })).body.code).toBe(0);
  expect(await codeOf('getAssetTree', { treeId: 'Lm3xE8Vd' })).toBe(17404);
  const nodes = '/asset-tree-service/v2.1/asset-nodes';
  const body = { expression: 'assetIds in ("siteA")' };
  const search = { path: nodes, query: { action: 'searchAssetV2' }, body };
  expect((await simulator.client.call(search)).body.data).toMatchObject([{ assetId: 'siteA' }]);
});

describe('nodes', () => {
  const into = (assetId: string, parentAssetId = 'siteB', treeId = 'treeRegn') => ({
    query: { treeId, parentAssetId, assetId },
  });

  it('are put in behind the others, and every read of the tree knows them', async () => {
    expect(await data('associateAsset', into('outside'))).toBe('outside');
    expect(await data('getAssetTrees', { body: { assetIds: ['outside'] } })).toMatchObject({
      outside: [{ treeId: 'treeRegn' }],
    });
    const find = { body: { expression: 'assetIds in ("outside")' } };
    expect(await data('searchAssetNode', find)).toEqual([]);
    expect(await childrenOf('siteB')).toEqual(['turbine3', 'outside']);
    expect(await data('searchAssetNode', find)).toMatchObject([{ assetId: 'outside' }]);
    const path = { query: { treeId: 'treeRegn' }, body: { to: { assetIds: ['outside'] } } };
    expect(await data('searchAssetPath', path)).toMatchObject({
      assetPaths: [['region', 'siteB', 'outside']],
    });
  });

  it('are refused where they cannot be put in', async () => {
    expect((await call('associateAsset', into('outside', 'siteB', 'none'))).code).toBe(17404);
    expect((await call('associateAsset', into('outside', 'outside'))).code).toBe(17752);
    expect((await call('associateAsset', into('turbine1'))).code).toBe(17758);
    expect((await call('associateAsset', into('none'))).code).toBe(99404);
    expect(await codeOf('associateAsset', { treeId: 'treeRegn', parentAssetId: 'siteB' })).toBe(99400);
    expect(await childrenOf('siteB')).toEqual(['turbine3']);
  });

  it('go seven layers deep and no deeper', async () => {
    let parentAssetId = 'turbine3';
    const query = () => ({ treeId: 'treeRegn', parentAssetId });
    for (let layer = 4; layer <= 7; layer++)
      parentAssetId = String(
        await data('createAndAssociateAsset', { query: query(), body: { asset: site } }),
      );
    expect(await codeOf('createAndAssociateAsset', query(), { asset: site })).toBe(17770);
    expect((await call('associateAsset', into('outside', parentAssetId))).code).toBe(17770);
    const move = { treeId: 'treeRegn', parentAssetId: 'turbine1', assetId: 'turbine3' };
    expect(await codeOf('moveAssetNode', move)).toBe(17770);
    const body = { assetIdentifiers: [{ assetId: 'outside' }] };
    expect(await data('batchAssociateAsset', { query: query(), body })).toMatchObject([{ code: 17770 }]);
  });

  it('are put in many at once, each with a result of its own', async () => {
    const assetIdentifiers = [
      { assetId: 'outside' },
      { assetId: 'turbine1' },
      { productKey: 'pK5uW2aE', deviceKey: 'wt-08' },
      { assetId: 'none' },
      { assetId: 'outside' },
    ];
    const query = { treeId: 'treeRegn', parentAssetId: 'siteB' };
    expect(await call('batchAssociateAsset', { query, body: { assetIdentifiers } })).toMatchObject({
      code: 0,
      successSize: 2,
      totalSize: 5,
      data: [
        { code: 0, msg: 'OK', data: 'outside' },
        { code: 17758, msg: 'AssetId is existed in the tree', data: null },
        { code: 0, data: 'mC7pZ2dJ' },
        { code: 99404, data: null },
        { code: 17758, data: null },
      ],
    });
    expect(await childrenOf('siteB')).toEqual(['turbine3', 'outside', 'mC7pZ2dJ']);
    const refused = (parentAssetId: string, treeId: string) =>
      codeOf('batchAssociateAsset', { treeId, parentAssetId }, { assetIdentifiers });
    expect(await refused('none', 'treeRegn')).toBe(17752);
    expect(await refused('siteB', 'none')).toBe(17404);
    expect(await codeOf('batchAssociateAsset', query, { assetIdentifiers: [{ productKey: 'a' }] })).toBe(
      99400,
    );
  });

  it('are created in their place', async () => {
    const query = { treeId: 'treeRegn', parentAssetId: 'siteA' };
    const assetId = String(await data('createAndAssociateAsset', { query, body: { asset: site } }));
    expect(await data('getAsset', { query: { assetId } })).toMatchObject({ name: { defaultValue: 'West' } });
    expect(await childrenOf('siteA')).toEqual(['turbine2', 'turbine1', assetId]);
    expect(await codeOf('createAndAssociateAsset', { ...query, treeId: 'none' }, { asset: site })).toBe(
      17404,
    );
    expect(await codeOf('createAndAssociateAsset', { ...query, parentAssetId: 'x' }, { asset: site })).toBe(
      17752,
    );
    const wrong = { ...site, attributes: { none: 1 } };
    expect(await codeOf('createAndAssociateAsset', query, { asset: wrong })).toBe(99400);
  });

  const move = (assetId: string, parentAssetId: string, preAssetId?: string, treeId = 'treeRegn') =>
    call('moveAssetNode', { query: { treeId, parentAssetId, assetId, preAssetId } });

  it('move with everything below them: first, or right behind a sibling', async () => {
    expect((await move('siteA', 'siteB', 'turbine3')).code).toBe(0);
    expect(await childrenOf('siteB')).toEqual(['turbine3', 'siteA']);
    expect(await childrenOf('siteA')).toEqual(['turbine2', 'turbine1']);
    expect((await move('turbine1', 'siteB')).code).toBe(0);
    expect(await childrenOf('siteB')).toEqual(['turbine1', 'turbine3', 'siteA']);
    expect((await move('turbine1', 'siteB', 'siteA')).code).toBe(0);
    expect(await childrenOf('siteB')).toEqual(['turbine3', 'siteA', 'turbine1']);
    const below = { query: { treeId: 'treeRegn' }, body: { filter: { isAncestorOfAssetId: 'turbine2' } } };
    expect(await data('searchRelatedAssetNode', below)).toMatchObject([
      { assetId: 'region' },
      { assetId: 'siteB' },
      { assetId: 'siteA' },
    ]);
  });

  it('are refused a move that cannot be, and stay where they are', async () => {
    const refusals: [Record<string, unknown>, number][] = [
      [await move('none', 'siteB'), 17404],
      [await move('region', 'siteB'), 17764],
      [await move('siteA', 'siteB', undefined, 'none'), 17764],
      [await move('siteA', 'turbine1'), 17768],
      [await move('siteA', 'siteA'), 17768],
      [await move('siteA', 'turbine3'), 17777],
      [await move('siteA', 'none'), 99400],
      [await move('siteA', 'siteB', 'turbine1'), 99400],
    ];
    for (const [reply, code] of refusals) expect(reply).toMatchObject({ code, data: null });
    expect(await childrenOf('region')).toEqual(['siteB', 'siteA']);
  });

  it('are taken out, alone or with what is below them; their assets stay', async () => {
    const take = (assetId: string, force?: string, treeId = 'treeRegn') =>
      call('deleteAssetNode', { query: { treeId, assetId, force } });
    expect((await take('siteA')).code).toBe(17766);
    expect((await take('region')).code).toBe(17764);
    expect((await take('siteA', undefined, 'none')).code).toBe(99404);
    expect((await take('outside')).code).toBe(99400);
    expect((await take('siteA', 'true')).code).toBe(0);
    expect(await childrenOf('region')).toEqual(['siteB']);
    expect(await data('getAssetTrees', { body: { assetIds: ['turbine2', 'turbine1'] } })).toMatchObject({
      turbine1: [{ treeId: 'treeTech' }],
    });
    expect(await codeOf('getAsset', { assetId: 'turbine2' })).toBe(0);
    expect((await call('associateAsset', into('siteA'))).code).toBe(0);
  });
});
