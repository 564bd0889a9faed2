/** event-service, definitions: severities, types, contents and rules created, updated and deleted. */
import { operationCaller } from '../../support/operation-calls.js';
import type { TinySimulator } from '../../support/tiny-simulator.js';
import { startTinySimulator } from '../../support/tiny-simulator.js';
import { TINY_NOW, tinyWorld } from '../../support/tiny-world.js';

let simulator: TinySimulator;
beforeEach(async () => {
  simulator = await startTinySimulator();
});
afterEach(async () => {
  await simulator.close();
  expect(simulator.faults).toEqual([]);
});

const call = operationCaller(() => simulator);
const code = async (...sent: Parameters<typeof call>) => (await call(...sent)).code;
const patch = { isPatchUpdate: 'true' };
const whole = { isPatchUpdate: 'false' };
const text = (defaultValue: string) => ({ defaultValue });

async function found(operationId: string, expression: string): Promise<Record<string, unknown> | undefined> {
  simulator.clock.now += 2_000;
  const { data } = await call(operationId, { body: { expression } });
  return (data as Record<string, unknown>[])[0];
}

describe('severities', () => {
  const find = (id: string) => found('searchAlertSeverity', `severityId = '${id}'`);
  const severity = { severityId: 'minor', severityDesc: text('Minor'), tags: { rank: '3' } };

  it('are created once, and found two seconds later', async () => {
    expect(await call('createAlertSeverity', { body: { severity } })).toMatchObject({
      code: 0,
      data: 'minor',
    });
    const search = { body: { expression: "severityId = 'minor'" } };
    expect((await call('searchAlertSeverity', search)).data).toEqual([]);
    expect(await find('minor')).toMatchObject({
      severityDesc: { defaultValue: 'Minor', i18nValue: {} },
      tags: { rank: '3' },
      updateTime: TINY_NOW,
    });
    expect(await code('createAlertSeverity', { body: { severity } })).toBe(99400);
    for (const more of [{ severityId: '' }, { severityDesc: undefined }, { tags: { 'a b': 'x' } }])
      expect(await code('createAlertSeverity', { body: { severity: { ...severity, ...more } } })).toBe(99400);
  });

  it('are updated in part or as a whole', async () => {
    const update = (query: Record<string, string>, more: object) =>
      code('updateAlertSeverity', { query, body: { severity: { severityId: 'major', ...more } } });
    expect(await update(patch, { tags: { a: 'b' } })).toBe(0);
    expect(await find('major')).toMatchObject({ severityDesc: { defaultValue: 'Major' }, tags: { a: 'b' } });
    expect(await update(whole, { severityDesc: text('Grave') })).toBe(0);
    expect(await find('major')).toMatchObject({ severityDesc: { defaultValue: 'Grave' }, tags: {} });
    expect(await update(whole, {})).toBe(99400);
    expect(await update({}, {})).toBe(99400);
    expect(await update(patch, { severityId: 'none' })).toBe(99404);
  });

  it('are deleted unless a rule uses them', async () => {
    expect(await code('deleteAlertSeverity', { query: { severityId: 'major' } })).toBe(99400);
    await code('deleteAlertRule', { query: { ruleId: 'r_power' } });
    expect(await code('deleteAlertSeverity', { query: { severityId: 'major' } })).toBe(0);
    expect(await find('major')).toBeUndefined();
    expect(await code('deleteAlertSeverity', { query: { severityId: 'major' } })).toBe(99404);
  });

  it('are a thousand at most', async () => {
    const world = tinyWorld();
    const major = world.severities.get('major');
    for (let i = world.severities.size; i < 1000 && major; i++)
      world.severities.set(`s${i}`, { ...major, severityId: `s${i}` });
    const full = await startTinySimulator({ world });
    const callFull = operationCaller(() => full);
    expect((await callFull('createAlertSeverity', { body: { severity } })).code).toBe(99400);
    await callFull('deleteAlertSeverity', { query: { severityId: 's2' } });
    expect((await callFull('createAlertSeverity', { body: { severity } })).code).toBe(0);
    await full.close();
  });
});

describe('types', () => {
  const find = (id: string) => found('searchAlertType', `typeId = '${id}'`);
  const type = { typeId: 'electrical', typeDesc: text('Electrical') };
  const update = (query: Record<string, string>, fields: object) =>
    code('updateAlertType', { query, body: { type: fields } });

  it('are created on top or below a type that is there', async () => {
    expect(await call('createAlertType', { body: { type } })).toMatchObject({ data: 'electrical' });
    const child = { typeId: 'cell', parentTypeId: 'electrical', typeDesc: text('Cell'), tags: { a: 'b' } };
    expect(await code('createAlertType', { body: { type: child } })).toBe(0);
    expect(await find('cell')).toMatchObject({ parentTypeId: 'electrical', tags: { a: 'b' } });
    expect(await code('createAlertType', { body: { type } })).toBe(99400);
    const orphan = { ...type, typeId: 'x', parentTypeId: 'none' };
    expect(await code('createAlertType', { body: { type: orphan } })).toBe(99404);
  });

  it('get a parent once, and none that is below them', async () => {
    await call('createAlertType', { body: { type } });
    expect(await update(patch, { typeId: 'electrical', parentTypeId: 'mechanical' })).toBe(0);
    expect(await find('electrical')).toMatchObject({ parentTypeId: 'mechanical' });
    expect(await update(patch, { typeId: 'electrical', parentTypeId: 'gearbox' })).toBe(99400);
    expect(await update(patch, { typeId: 'mechanical', parentTypeId: 'gearbox' })).toBe(99400);
    expect(await update(patch, { typeId: 'mechanical', parentTypeId: 'none' })).toBe(99404);
    expect(await update(whole, { typeId: 'electrical', typeDesc: text('E') })).toBe(0);
    expect(await find('electrical')).toMatchObject({ parentTypeId: 'mechanical', tags: {} });
    expect(await update(whole, { typeId: 'electrical' })).toBe(99400);
    expect(await update(patch, { typeId: 'none' })).toBe(99404);
  });

  it('are deleted unless a content uses them or a type is below them', async () => {
    const remove = (alertTypeId: string) => code('deleteAlertType', { query: { alertTypeId } });
    expect(await remove('mechanical')).toBe(99400);
    for (const ruleId of ['r_power', 'r_offline']) await call('deleteAlertRule', { query: { ruleId } });
    await call('deleteAlertContent', { query: { alertContentId: 'c_power' } });
    expect(await remove('mechanical')).toBe(99400);
    expect(await remove('gearbox')).toBe(0);
    expect(await remove('mechanical')).toBe(0);
    expect(await remove('mechanical')).toBe(99404);
  });
});

describe('contents', () => {
  const get = async (contentId: string) => (await call('getAlertContent', { query: { contentId } })).data;
  const alertContent = {
    contentId: 'c_hot',
    contentDesc: text('Too hot'),
    modelId: 'Wind_Turbine',
    alertTypeId: 'gearbox',
  };

  it('are created for a model and a type that are there', async () => {
    expect(await call('createAlertContent', { body: { alertContent } })).toMatchObject({ data: 'c_hot' });
    expect(await get('c_hot')).toMatchObject({
      contentDesc: { defaultValue: 'Too hot' },
      modelId: 'Wind_Turbine',
      alertType: { typeId: 'gearbox', parentTypeId: 'mechanical' },
    });
    const create = (more: object) =>
      code('createAlertContent', { body: { alertContent: { ...alertContent, contentId: 'x', ...more } } });
    expect(await create({ contentId: 'c_hot' })).toBe(99400);
    expect(await create({ modelId: 'none' })).toBe(99404);
    expect(await create({ alertTypeId: 'none' })).toBe(99404);
    expect(await create({ contentDesc: undefined })).toBe(99400);
  });

  it('are updated in part or as a whole', async () => {
    const update = (query: Record<string, string>, more: object) =>
      code('updateAlertContent', { query, body: { alertContent: { contentId: 'c_power', ...more } } });
    expect(await update(patch, { subAlertTypeId: 'gearbox', tags: { a: 'b' } })).toBe(0);
    expect(await get('c_power')).toMatchObject({
      contentDesc: { defaultValue: 'Power too high' },
      subAlertType: { typeId: 'gearbox' },
      tags: { a: 'b' },
    });
    const all = { contentDesc: text('New'), modelId: 'DF_Turbine', alertTypeId: 'gearbox' };
    expect(await update(whole, all)).toBe(0);
    expect(await get('c_power')).toMatchObject({
      contentDesc: text('New'),
      modelId: 'DF_Turbine',
      alertType: { typeId: 'gearbox' },
      subAlertType: { typeDesc: { i18nValue: {} } },
      tags: {},
    });
    expect(await update(whole, { ...all, modelId: undefined })).toBe(99400);
    expect(await update(patch, { modelId: 'none' })).toBe(99404);
    expect(await update(patch, { contentId: 'none' })).toBe(99404);
  });

  it('are deleted unless a rule uses them, with an empty text for data', async () => {
    const remove = () => call('deleteAlertContent', { query: { alertContentId: 'c_power' } });
    expect((await remove()).code).toBe(99400);
    for (const ruleId of ['r_power', 'r_offline']) await call('deleteAlertRule', { query: { ruleId } });
    expect(await remove()).toMatchObject({ code: 0, data: '' });
    expect((await remove()).code).toBe(99404);
    expect(await code('getAlertContent', { query: { contentId: 'c_power' } })).toBe(99404);
  });
});

describe('rules', () => {
  const find = (id: string) => found('searchAlertRule', `ruleId = '${id}'`);
  const rule = {
    ruleId: 'r_new',
    ruleDesc: text('New rule'),
    modelId: 'Wind_Turbine',
    measurepointId: 'activePower',
    condition: '${activePower} > 80',
    severityId: 'major',
    contentId: 'c_power',
    scope: [{ treeId: 'treeRegn', assetId: 'siteA' }],
  };
  const create = (more: object = {}) => code('createAlertRule', { body: { ...rule, ...more } });

  it('are created with the defaults of the contract', async () => {
    expect(await call('createAlertRule', { body: rule })).toMatchObject({ code: 0, data: 'r_new' });
    expect(await find('r_new')).toMatchObject({
      ...rule,
      deviceStatus: null,
      isEnabled: true,
      isRoot: false,
      triggeringDelayTimer: 0,
      tags: {},
    });
  });

  it('may watch whether a device is offline, everywhere', async () => {
    const status = { measurepointId: undefined, condition: undefined, deviceStatus: 'offline' };
    expect(await create({ ...status, scope: [{ treeId: 'all', assetId: 'all' }] })).toBe(0);
    expect(await find('r_new')).toMatchObject({ measurepointId: null, deviceStatus: 'offline' });
    expect(await create({ ...status, ruleId: 'r2', deviceStatus: 'online' })).toBe(99400);
  });

  it.each<[string, object, number]>([
    ['an id that is taken', { ruleId: 'r_power' }, 99400],
    ['an id with a blank', { ruleId: 'r new' }, 99400],
    ['an id of 51 characters', { ruleId: 'r'.repeat(51) }, 99400],
    ['no text', { ruleDesc: undefined }, 99400],
    ['neither a point nor a status', { measurepointId: undefined }, 99400],
    ['an unknown model', { modelId: 'none' }, 99404],
    ['a point that the model lacks', { measurepointId: 'none' }, 99404],
    ['an unknown severity', { severityId: 'none' }, 99404],
    ['an unknown content', { contentId: 'none' }, 99404],
    ['an unknown tree', { scope: [{ treeId: 'none', assetId: 'siteA' }] }, 99404],
    ['an asset that is not in the tree', { scope: [{ treeId: 'treeTech', assetId: 'siteB' }] }, 99404],
    ['a delay below a minute', { triggeringDelayTimer: 59 }, 99400],
    ['a delay above three hours', { triggeringDelayTimer: 10_801 }, 99400],
    ['eleven conditions', { condition: Array(11).fill('${activePower} > 1').join(' and ') }, 99400],
    ['wrong tags', { tags: { 'a b': 'x' } }, 99400],
  ])('are refused with %s', async (_what, more, expected) => {
    expect(await create(more)).toBe(expected);
  });

  it('are updated in part or as a whole', async () => {
    const update = (query: Record<string, string>, body: object) => code('updateAlertRule', { query, body });
    expect(await update(patch, { ruleId: 'r_power', isEnabled: false, severityId: null })).toBe(0);
    expect(await find('r_power')).toMatchObject({
      isEnabled: false,
      severityId: 'major',
      tags: { owner: 'om' },
    });
    expect(await update(whole, { ...rule, ruleId: 'r_power' })).toBe(0);
    expect(await find('r_power')).toMatchObject({ ...rule, ruleId: 'r_power', isEnabled: true, tags: {} });
    expect(await update(whole, { ruleId: 'r_power' })).toBe(99400);
    expect(await update(patch, { ruleId: 'r_power', contentId: 'none' })).toBe(99404);
    expect(await update(patch, { ruleId: 'none' })).toBe(99404);
  });

  it('are deleted, with an empty text for data', async () => {
    const remove = () => call('deleteAlertRule', { query: { ruleId: 'r_power' } });
    expect(await remove()).toMatchObject({ code: 0, data: '' });
    expect(await find('r_power')).toBeUndefined();
    expect((await remove()).code).toBe(99404);
  });
});
