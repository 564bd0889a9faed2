/**
 * The tiny world with everything in it that the examples of write requests in the contract name, by the ids that they
 * name it by.
 */
import type { World, WorldAsset, WorldModel, WorldTree } from '../../src/simulator/world/world.js';
import { TINY_ALERTS, tinyWorld } from './tiny-world.js';

/** A fresh one. */
export function exampleWorld(): World {
  const world = tinyWorld();
  const text = (defaultValue: string) => ({ defaultValue, i18nValue: {} });
  const feature = {
    name: text('x'),
    desc: null,
    tags: {},
    isStdElement: false,
    stdElementId: null,
    unit: null,
  };
  const attribute = (identifier: string, dataType: string, dataDefinition: string | null = null) => ({
    ...feature,
    identifier,
    dataType,
    dataDefinition,
    isRequired: false,
    defaultValue: null,
  });
  const point = (identifier: string) => ({
    ...feature,
    identifier,
    dataType: 'DOUBLE' as const,
    dataDefinition: null,
    hasQuality: false,
    signalType: 'AI' as const,
  });
  const change = (modelId: string, fields: Partial<WorldModel>): void => {
    const model = world.models.get(modelId) ?? { ...(world.models.get('Wind_Site') as WorldModel), modelId };
    world.models.set(modelId, {
      ...model,
      attributes: { ...model.attributes, ...fields.attributes },
      measurepoints: { ...model.measurepoints, ...fields.measurepoints },
    });
  };
  change('Wind_Region', { attributes: { manager: attribute('manager', 'STRING', '{"maxLength":64}') } });
  change('Wind_Site', {
    attributes: {
      capacity: attribute('capacity', 'DOUBLE'),
      commissioned: attribute('commissioned', 'DATE'),
    },
  });
  change('PV_Inverter', { measurepoints: { acPower: point('acPower') } });
  change('Wind_Turbine', { measurepoints: { gearboxOilTemp: point('gearboxOilTemp') } });
  change('DF_Turbine', {
    measurepoints: {
      gearboxOilTemp: point('gearboxOilTemp'),
      windSpeed: point('windSpeed'),
      vibrationRaw: point('vibrationRaw'),
    },
  });

  const like = (assetId: string, model: string, more: Partial<WorldAsset> = {}): void => {
    world.assets.set(assetId, { ...(world.assets.get(model) as WorldAsset), assetId, ...more });
  };
  like('tB4nX9wL', 'turbine1', { deviceKey: 'wt-07' });
  like('k7Pq2VzR', 'turbine1', { deviceKey: 'wt-09' });
  like('mC7pZ2dJ', 'turbine1', { productKey: 'pK5uW2aE', deviceKey: 'wt-08' });
  like('Zc5yH1gN', 'siteB');
  like('sSite01A', 'siteB');

  const growTree = (treeId: string, assetId: string): void => {
    const root = { assetId, parent: null, children: [] };
    const tree = world.trees.get('treeTech') as WorldTree;
    world.trees.set(treeId, { ...tree, treeId, root, nodes: new Map([[assetId, root]]) });
  };
  growTree('Lm3xE8Vd', 'siteB');
  growTree('tWind8Qe', 'sSite01A');

  const content = world.alertContents.get('c_power');
  if (content)
    world.alertContents.set('gearbox_oil_overheat', { ...content, contentId: 'gearbox_oil_overheat' });
  const rule = world.alertRules.get('r_power');
  if (rule) world.alertRules.set('r_gearbox_oil_hot', { ...rule, ruleId: 'r_gearbox_oil_hot' });
  const active = [
    '202006017c1e5a90b3d24f6e8a17c05d9e3b42f1',
    '2020060142b7d8e19c0f4a6db35e7281f6904ac5',
    '20220131a6c17f3e5d9048b2b7e0f1943c6d82ab',
    '20220131b7d2804f6ea159c3c8f102a54d7e93bc',
  ];
  for (const alertId of active) world.alerts.set(alertId, { ...TINY_ALERTS.root, alertId });
  const past = '20200601e3a95c7d8b0246f1936ad2c4e08f71b5';
  world.alerts.set(past, { ...TINY_ALERTS.recent, alertId: past });
  return world;
}
