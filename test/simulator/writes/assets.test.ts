/** Asset Service: what its writes change, who sees it when, and what each refuses. */
import { operationCaller } from '../../support/operation-calls.js';
import type { TinySimulator } from '../../support/tiny-simulator.js';
import { startTinySimulator } from '../../support/tiny-simulator.js';
import { exampleWorld } from '../../support/example-world.js';

let simulator: TinySimulator;
beforeEach(async () => {
  const world = exampleWorld();
  const turbine = world.models.get('DF_Turbine');
  if (turbine === undefined) throw new Error('no turbine');
  const attribute = (dataType: string, dataDefinition: object | null = null) => ({
    ...turbine.attributes.ratedPower,
    identifier: '',
    name: { defaultValue: 'x', i18nValue: {} },
    tags: {},
    dataType,
    isRequired: false,
    defaultValue: null,
    dataDefinition: dataDefinition === null ? null : JSON.stringify(dataDefinition),
  });
  world.models.set('DF_Turbine', {
    ...turbine,
    attributes: {
      ...turbine.attributes,
      mode: attribute('ENUM', { enumType: 'INT', enumDesc: { 0: {}, 1: {} } }),
      maker: attribute('STRING', { maxLength: 5 }),
      rotors: attribute('INT'),
      live: attribute('BOOL'),
      built: attribute('DATE'),
      blades: attribute('ARRAY', { itemType: 'DOUBLE' }),
      address: attribute('STRUCT', {
        items: [
          { identifier: 'town', dataType: 'STRING', dataDefinition: {}, required: true },
          { identifier: 'code', dataType: 'INT', dataDefinition: {} },
        ],
      }),
      colour: { ...attribute('STRING', { maxLength: 9 }), defaultValue: 'white' },
    },
  });
  simulator = await startTinySimulator({ world: { ...world, limits: { assets: 14, trees: 9 } } });
});
afterEach(async () => {
  await simulator.close();
  expect(simulator.faults).toEqual([]);
});

const call = operationCaller(() => simulator);
const codeOf = async (...sent: Parameters<typeof call>): Promise<unknown> => (await call(...sent)).code;
const read = async (assetId: string) =>
  (await call('getAsset', { query: { assetId } })).data as Record<string, unknown>;

/** Updates turbine1. */
const update = (asset: object, query: Record<string, string> = {}) =>
  call('updateAsset', { query, body: { asset: { assetId: 'turbine1', ...asset } } });

describe('updateAsset', () => {
  it('changes in part the fields that are given, attributes one by one and tags as a whole', async () => {
    expect(await update({ description: 'repowered', attributes: { rotors: 3 }, tags: { a: 'b' } })).toEqual({
      code: 0,
      msg: 'OK',
      requestId: expect.any(String) as string,
      data: null,
    });
    expect(await read('turbine1')).toMatchObject({
      name: { defaultValue: 'turbine1', i18nValue: {} },
      description: 'repowered',
      attributes: { ratedPower: 2500, rotors: 3 },
      tags: { a: 'b' },
      timezone: '+08:00',
    });
  });

  it('shows the change by key at once, and to searches two seconds later', async () => {
    await update({ name: { defaultValue: 'Renamed' } });
    expect(await read('turbine1')).toMatchObject({ name: { defaultValue: 'Renamed' } });
    const find = async () =>
      (await call('searchAssetNode', { body: { expression: "name.default like 'Renamed'" } })).data;
    expect(await find()).toEqual([]);
    simulator.clock.now += 2_000;
    expect(await find()).toMatchObject([{ assetId: 'turbine1' }]);
  });

  it('clears on a whole update what is not given, or resets it to the default of the model', async () => {
    await update({ description: 'old', attributes: { colour: 'red', rotors: 3 } });
    const whole = { name: { defaultValue: 'New' }, timezone: '+01:00', attributes: { ratedPower: 1 } };
    const modes: Record<string, string>[] = [
      { isPatchUpdate: 'false' },
      { updateMode: 'overwrite', isPatchUpdate: 'true' },
    ];
    for (const query of modes) {
      expect((await update(whole, query)).code).toBe(0);
      expect(await read('turbine1')).toMatchObject({
        name: { defaultValue: 'New', i18nValue: {} },
        description: null,
        timezone: '+01:00',
        attributes: { ratedPower: 1, colour: 'white' },
        tags: {},
      });
    }
  });

  it('refuses a whole update without name, time zone or a required attribute', async () => {
    const whole = { name: { defaultValue: 'N' }, timezone: '+01:00', attributes: { ratedPower: 1 } };
    for (const [name, code] of [
      ['name', 99400],
      ['timezone', 99400],
      ['attributes', 12958],
    ] as const) {
      expect((await update({ ...whole, [name]: undefined }, { updateMode: 'overwrite' })).code).toBe(code);
    }
  });

  it('removes named tags, and ignores everything else then', async () => {
    await update({ tags: { row: '2', old: 'yes' } });
    await update({ tagKeys: ['old', 'none'], description: 'ignored' }, { updateMode: 'tagDelete' });
    expect(await read('turbine1')).toMatchObject({ tags: { row: '2' }, description: null });
    expect((await update({}, { updateMode: 'tagDelete' })).code).toBe(99400);
  });

  it.each<[string, object]>([
    ['an attribute that the model lacks', { none: 1 }],
    ['a text for a number', { ratedPower: '2500' }],
    ['a fraction for an integer', { rotors: 2.5 }],
    ['a value beyond an enumeration', { mode: 2 }],
    ['a text for an enumeration of integers', { mode: '1' }],
    ['a text that is too long', { maker: 'abcdef' }],
    ['a number for a boolean', { live: 1 }],
    ['a text that is no date', { built: 'soon' }],
    ['an array with a text among numbers', { blades: [1, 'x'] }],
    ['a structure without a required member', { address: { code: 1 } }],
    ['a structure with a member of its own', { address: { town: 'A', more: 1 } }],
    ['a structure with a member of another type', { address: { town: 'A', code: 'x' } }],
    ['a required attribute cleared', { ratedPower: null }],
  ])('refuses %s with 12958 and changes nothing', async (_what, attributes) => {
    const before = await read('turbine1');
    const reply = await update({ description: 'changed', attributes });
    expect(reply).toMatchObject({ code: 12958, data: null });
    expect(reply.msg).toContain(Object.keys(attributes)[0]);
    expect(await read('turbine1')).toEqual(before);
  });

  it('takes values of every type, and clears one that is null', async () => {
    const attributes = {
      mode: 1,
      maker: 'acme',
      rotors: 3,
      live: true,
      built: '2016-09-01',
      blades: [1, 2.5],
      address: { town: 'A' },
    };
    expect((await update({ attributes })).code).toBe(0);
    expect(await read('turbine1')).toMatchObject({ attributes: { ratedPower: 2500, ...attributes } });
    await update({ attributes: { maker: null } });
    expect((await read('turbine1')).attributes).not.toHaveProperty('maker');
  });

  it('refuses tags and time zones that EnOS does not take', async () => {
    const long = 'k'.repeat(50);
    for (const asset of [
      { tags: { 'a b': 'x' } },
      { tags: { [long]: 'x' } },
      { tags: { a: ' x' } },
      { tags: { a: 'x'.repeat(200) } },
      { tags: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`t${i}`, 'x'])) },
      { timezone: 'Nowhere' },
    ])
      expect((await update(asset)).code).toBe(99400);
  });

  it('refuses an unknown asset with 12404 and one that may not be accessed with 99403', async () => {
    const body = (assetId: string) => ({ body: { asset: { assetId } } });
    expect(await codeOf('updateAsset', body('nothing'))).toBe(12404);
    expect(await codeOf('updateAsset', body('turbine4'))).toBe(99403);
    expect(await codeOf('updateAsset', { body: { asset: {} } })).toBe(99400);
  });
});

describe('logical assets', () => {
  const instance = { modelId: 'Wind_Site', name: { defaultValue: 'South' }, timezone: '+01:00' };
  const create = (more: object = {}) =>
    call('createLogicalAsset', { body: { assetInstance: { ...instance, ...more } } });

  it('are created with an id of their own, readable at once', async () => {
    const { data } = await create({ attributes: { capacity: 40 } });
    expect(data).toMatch(/^[A-Za-z0-9]{8}$/);
    expect(await read(String(data))).toEqual({
      assetId: data,
      orgId: simulator.client.orgId,
      modelId: 'Wind_Site',
      modelIdPath: '/Wind_Site',
      name: { defaultValue: 'South', i18nValue: {} },
      description: null,
      timezone: '+01:00',
      attributes: { capacity: 40 },
      tags: {},
    });
  });

  it('need a model and attributes that fit it', async () => {
    expect((await create({ attributes: { capacity: 'much' } })).code).toBe(17986);
    expect((await create({ modelId: 'DF_Turbine' })).code).toBe(17986);
    expect((await create({ modelId: 'Nothing' })).code).toBe(99404);
    expect((await create({ timezone: '+99:00' })).code).toBe(99400);
    expect((await create({ name: undefined })).code).toBe(99400);
  });

  it('are refused with 17946 when the organization has as many as it may', async () => {
    expect((await create()).code).toBe(0);
    expect((await create()).code).toBe(17946);
  });

  it('are updated in part or as a whole', async () => {
    const change = (asset: object, isPatchUpdate?: string) =>
      call('updateLogicalAsset', {
        query: { isPatchUpdate },
        body: { assetUpdateVo: { assetId: 'Zc5yH1gN', ...asset } },
      });
    await change({ attributes: { capacity: 42 }, description: 'x' });
    expect(await read('Zc5yH1gN')).toMatchObject({ attributes: { capacity: 42 }, description: 'x' });
    const whole = { name: { defaultValue: 'S' }, timezone: '+02:00' };
    expect((await change(whole, 'false')).code).toBe(0);
    expect(await read('Zc5yH1gN')).toMatchObject({ attributes: {}, description: null, timezone: '+02:00' });
    expect((await change({ attributes: { capacity: 'x' } })).code).toBe(17958);
    expect((await change({}, 'false')).code).toBe(99400);
  });

  it('are 17404 where there is none, and where the asset is a device', async () => {
    for (const assetId of ['nothing', 'turbine1']) {
      expect(await codeOf('updateLogicalAsset', { body: { assetUpdateVo: { assetId } } })).toBe(17404);
      expect(await codeOf('deleteLogicalAsset', { query: { assetId } })).toBe(17404);
    }
  });

  it('are deleted by query or body, and leave searches two seconds later', async () => {
    const { data } = await create();
    expect(await codeOf('deleteLogicalAsset', { query: { assetId: String(data) } })).toBe(0);
    expect(await codeOf('deleteLogicalAsset', { body: { assetId: 'Zc5yH1gN' } })).toBe(0);
    for (const assetId of [String(data), 'Zc5yH1gN'])
      expect(await codeOf('getAsset', { query: { assetId } })).toBe(99404);
    expect(await codeOf('deleteLogicalAsset', {})).toBe(99400);
  });

  it('are not deleted while they sit in a tree', async () => {
    expect(await call('deleteLogicalAsset', { query: { assetId: 'siteA' } })).toMatchObject({
      code: 99400,
      msg: expect.stringContaining('tree') as string,
    });
    expect(await codeOf('getAsset', { query: { assetId: 'siteA' } })).toBe(0);
  });
});
