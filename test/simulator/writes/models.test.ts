/** Model Service: updateThingModel, and what becomes of descendants, assets and points. */
import { operationCaller } from '../../support/operation-calls.js';
import type { TinySimulator } from '../../support/tiny-simulator.js';
import { startTinySimulator } from '../../support/tiny-simulator.js';

let simulator: TinySimulator;
beforeEach(async () => {
  simulator = await startTinySimulator();
});
afterEach(async () => {
  await simulator.close();
  expect(simulator.faults).toEqual([]);
});

const call = operationCaller(() => simulator);
interface Model extends Record<string, unknown> {
  attributes: Record<string, unknown>;
  measurepoints: Record<string, unknown>;
}
const read = async (modelId: string) => (await call('getThingModel', { query: { modelId } })).data as Model;
const update = (body: object, isPatchUpdate?: string) =>
  call('updateThingModel', { query: { isPatchUpdate }, body });
const text = (defaultValue: string) => ({ defaultValue });
const hubHeight = { name: text('Hub height'), dataType: 'FLOAT' };

it('changes the given fields only, and shows them to searches two seconds later', async () => {
  expect(await update({ modelId: 'Wind_Site', desc: 'A site', tags: { a: 'b' } })).toMatchObject({ code: 0 });
  expect(await read('Wind_Site')).toMatchObject({
    name: { defaultValue: 'Wind Site' },
    desc: 'A site',
    tags: { a: 'b' },
  });
  const search = { body: { expression: "tags.a = 'b'" } };
  expect((await call('searchThingModelV22', search)).data).toEqual([]);
  simulator.clock.now += 2_000;
  expect((await call('searchThingModelV22', search)).data).toMatchObject([{ modelId: 'Wind_Site' }]);
});

it('adds features, which descendants inherit, and changes those that are there by identifier', async () => {
  const measurepoints = {
    oil: { name: text('Oil'), dataType: 'DOUBLE', signalType: 'AI' },
    activePower: { desc: 'Changed' },
  };
  const services = { reset: { name: text('Reset') } };
  const events = { alarm: { name: text('Alarm'), eventType: 'WARN' } };
  const sent = { modelId: 'Wind_Turbine', attributes: { hubHeight }, measurepoints, services, events };
  expect((await update(sent)).code).toBe(0);
  for (const modelId of ['Wind_Turbine', 'DF_Turbine', 'DF_Turbine_2']) {
    expect(await read(modelId)).toMatchObject({
      attributes: {
        ratedPower: { dataType: 'DOUBLE' },
        hubHeight: { identifier: 'hubHeight', dataType: 'FLOAT', isRequired: false, defaultValue: null },
      },
      measurepoints: {
        oil: { identifier: 'oil', hasQuality: false, signalType: 'AI' },
        activePower: { name: { defaultValue: 'Active power' }, desc: 'Changed', dataType: 'DOUBLE' },
      },
      services: { reset: { identifier: 'reset', inputData: [] } },
      events: { alarm: { eventType: 'WARN' } },
    });
  }
  const asset = { assetId: 'turbine1', attributes: { hubHeight: 90 } };
  expect((await call('updateAsset', { body: { asset } })).code).toBe(0);
});

it('deletes features, with the values that assets have and the storage of points', async () => {
  await update({ modelId: 'Wind_Turbine', attributes: { hubHeight } });
  await call('updateAsset', { body: { asset: { assetId: 'turbine1', attributes: { hubHeight: 90 } } } });
  const featuresToDelete = ['hubHeight', 'activePower', 'none', 'ratedPower'];
  // A feature that the request names as well stays.
  const attributes = { ratedPower: { desc: 'Kept' } };
  expect((await update({ modelId: 'Wind_Turbine', attributes, featuresToDelete })).code).toBe(0);
  const { attributes: left, measurepoints } = await read('DF_Turbine');
  expect(Object.keys(left)).toEqual(['ratedPower']);
  expect(measurepoints).toEqual({});
  const asset = (await call('getAsset', { query: { assetId: 'turbine1' } })).data as Model;
  expect(asset.attributes).toEqual({ ratedPower: 2500 });
  const metadata = await call('getMeasurementPointTsdbMetadata', { query: { modelIds: 'DF_Turbine' } });
  expect(metadata.data).toEqual([{ modelId: 'DF_Turbine', tsdb_metadata: {} }]);
});

it('clears on a whole update what is not given, but for what is inherited', async () => {
  await update({
    modelId: 'DF_Turbine',
    desc: 'Old',
    category: 'C',
    tags: { a: 'b' },
    attributes: { hubHeight },
  });
  const services = { reset: { name: text('Reset') } };
  const whole = { modelId: 'DF_Turbine', name: text('New'), services, featuresToDelete: ['reset'] };
  expect((await update(whole, 'false')).code).toBe(0);
  const model = await read('DF_Turbine');
  expect(model).toMatchObject({
    name: { defaultValue: 'New', i18nValue: {} },
    desc: null,
    category: null,
    tags: {},
    services: { reset: {} },
  });
  expect(Object.keys(model.attributes)).toEqual(['ratedPower']);
  expect((await update({ modelId: 'DF_Turbine' }, 'false')).code).toBe(99400);
});

it.each<[string, object, number]>([
  ['an unknown model', { modelId: 'none' }, 99404],
  ['a model of another organization', { modelId: 'Shared_Meter' }, 99403],
  ['a feature that the parent has', { modelId: 'DF_Turbine', attributes: { ratedPower: {} } }, 99400],
  ['a deletion of what the parent has', { modelId: 'DF_Turbine', featuresToDelete: ['ratedPower'] }, 99400],
  ['an identifier that is not the key', { attributes: { a: { ...hubHeight, identifier: 'b' } } }, 99400],
  ['a feature without a name', { attributes: { a: { dataType: 'FLOAT' } } }, 99400],
  ['an attribute without a type', { attributes: { a: { name: text('A') } } }, 99400],
  ['an unknown type', { attributes: { a: { ...hubHeight, dataType: 'MONEY' } } }, 99400],
  ['a definition that is not JSON', { attributes: { a: { ...hubHeight, dataDefinition: '{' } } }, 99400],
  ['wrong tags', { tags: { 'a b': 'x' } }, 99400],
  ['no model', { modelId: undefined }, 99400],
])('refuses %s, and changes nothing', async (_what, more, code) => {
  const before = await read('Wind_Turbine');
  expect(await update({ modelId: 'Wind_Turbine', desc: 'Changed', ...more })).toMatchObject({ code });
  expect(await read('Wind_Turbine')).toEqual(before);
});

it('refuses to add what a descendant has of its own', async () => {
  await update({ modelId: 'DF_Turbine_2', attributes: { hubHeight } });
  expect((await update({ modelId: 'Wind_Turbine', attributes: { hubHeight } })).code).toBe(99400);
});
