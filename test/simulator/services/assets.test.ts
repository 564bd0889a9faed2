/** Asset Service and Model Service. */
import { startTinySimulator } from '../../support/tiny-simulator.js';
import type { TinySimulator } from '../../support/tiny-simulator.js';

let simulator: TinySimulator;
beforeAll(async () => {
  simulator = await startTinySimulator();
});
afterAll(async () => {
  await simulator.close();
  expect(simulator.faults).toEqual([]);
});

const UUID = /^[0-9a-f-]{36}$/;

describe('getAsset', () => {
  const get = async (assetId: string) =>
    (
      await simulator.client.call({
        method: 'GET',
        path: '/asset-service/v2.1/assets',
        query: { action: 'get', assetId },
      })
    ).body;

  it('has orgId and none of the tree service’s fields', async () => {
    const { data } = await get('turbine1');
    expect(data).toEqual({
      assetId: 'turbine1',
      orgId: 'o15724268424841',
      modelId: 'DF_Turbine',
      modelIdPath: '/Wind_Turbine/DF_Turbine',
      name: { defaultValue: 'turbine1', i18nValue: {} },
      description: null,
      timezone: '+08:00',
      attributes: { ratedPower: 2500 },
      tags: { row: '2' },
    });
  });

  it('finds an asset that sits in no tree', async () => {
    expect((await get('outside')).code).toBe(0);
  });

  it('answers 99404 with its requestId for an unknown asset and 99403 for one that may not be read', async () => {
    const requestId = expect.stringMatching(UUID) as string;
    expect(await get('zzz')).toEqual({ code: 99404, msg: 'Not Found assetId: zzz', requestId, data: null });
    expect(await get('turbine4')).toMatchObject({ code: 99403, requestId, data: null });
  });
});

describe('getThingModel', () => {
  const get = async (modelId: string, scope?: string) =>
    (
      await simulator.client.call({
        method: 'GET',
        path: '/model-service/v2.1/thing-models',
        query: { action: 'get', modelId, scope },
      })
    ).body;

  it('returns public models unless scope is 0, with the organization that made them', async () => {
    expect(await get('Shared_Meter')).toMatchObject({ code: 0, data: { orgId: 'o16000000000000' } });
    expect(await get('Shared_Meter', '0')).toMatchObject({
      code: 99404,
      msg: 'Not Found modelId: Shared_Meter',
    });
    expect(await get('DF_Turbine', '2')).toMatchObject({ code: 99400 });
  });
});

describe('searchThingModel', () => {
  type Model = { modelId: string };
  const search = async (
    body: object,
    version = 'v2.1',
    options: { scope?: string; plain?: boolean } = {},
  ) => {
    const headers: Record<string, string> = options.plain
      ? { 'response-format-type': 'response-format-type' }
      : {};
    const call = {
      path: `/model-service/${version}/thing-models`,
      query: { action: 'search', scope: options.scope },
    };
    return (await simulator.client.call({ ...call, body, headers })).body;
  };
  const idsOf = (data: unknown) => (data as Model[]).map(({ modelId }) => modelId);

  it('wraps the page in items unless the header asks for a plain array', async () => {
    const body = { expression: "modelId in ('DF_Turbine')", projection: ['modelId'] };
    const pagination = { pageNo: 1, pageSize: 10, totalSize: 1, sortedBy: null };
    expect(await search(body)).toMatchObject({ data: { items: [{ modelId: 'DF_Turbine' }] }, pagination });
    const plain = await search(body, 'v2.1', { plain: true });
    expect(plain).toMatchObject({ data: [{ modelId: 'DF_Turbine' }], pagination });
    expect((await search(body, 'v2.2')).data).toEqual([{ modelId: 'DF_Turbine' }]);
  });

  it('keeps to the scope', async () => {
    const all = ['Wind_Region', 'Wind_Site', 'Wind_Turbine', 'DF_Turbine', 'DF_Turbine_2', 'Shared_Meter'];
    expect(idsOf((await search({}, 'v2.2')).data)).toEqual(all);
    expect(idsOf((await search({}, 'v2.2', { scope: '0' })).data)).toEqual(all.slice(0, -1));
    expect(idsOf((await search({}, 'v2.2', { scope: '2' })).data)).toEqual(all.slice(-1));
  });

  it.each([
    ['exists(attribute_tags.nameplate)', ['Wind_Turbine', 'DF_Turbine', 'DF_Turbine_2']],
    ["attribute_tags.nameplate = 'yes' and tags.domain = 'wind'", ['Wind_Turbine']],
    ['not exists(attribute_tags.nameplate) and exists(tags.domain)', ['Wind_Site']],
    ["modelName like 'FED'", ['DF_Turbine']],
    ['exists(tags.constructor)', []],
  ])('finds by %s', async (expression, expected) => {
    expect(idsOf((await search({ expression }, 'v2.2')).data)).toEqual(expected);
  });

  it('follows relations, whatever their case', async () => {
    const related = async (relationType: string) =>
      search({ relationFilter: { relatedModelId: 'Wind_Turbine', relationType } }, 'v2.2');
    expect(idsOf((await related('Child')).data)).toEqual(['DF_Turbine']);
    expect(idsOf((await related('DESCENDANT')).data)).toEqual(['DF_Turbine', 'DF_Turbine_2']);
    expect((await related('cousin')).code).toBe(99400);
  });

  it('takes expression and relationFilter together in 2.2 only', async () => {
    const relationFilter = { relatedModelId: 'Wind_Turbine', relationType: 'child' };
    const body = { expression: "modelId in ('DF_Turbine')", relationFilter };
    expect((await search(body)).code).toBe(99400);
    expect((await search(body, 'v2.2')).code).toBe(0);
  });

  it('refuses operators that the operation does not have', async () => {
    const { code, msg } = await search({ expression: "modelId = 'DF_Turbine'" });
    expect({ code, msg }).toEqual({
      code: 99400,
      msg: 'Invalid Argument expression: operator "=" is not supported for modelId at position 0',
    });
  });
});
