/** Golden operations about assets, models, alerts and trees. */
import {
  IDS_PER_SEARCH,
  PAGE,
  TREES_OF_ASSETS,
  PATHS,
  PAIRS,
  MODELS_PER_SEARCH,
  per,
  of,
  assets,
  type Case,
} from './golden-case.js';
import { FACTS } from './golden-world.js';

export const THINGS: Case[] = [
  // ---- assets
  { name: 'one asset', query: '{ asset(assetId: "Site0001") { name } }', calls: { getAsset: 1 } },
  {
    name: 'one asset by alias, fragment and another root field',
    query: `{ a: asset(assetId: "Site0001") { ...F } b: asset(assetId: "Site0001") { tags { key } } assetsById(assetIds: ["Site0001", "Site0001"]) { ...F } }
      fragment F on Asset { name attributes }`,
    calls: { getAsset: 1 },
  },
  { name: 'fifty assets by id', query: assets('name'), variables: of(50), calls: { searchAssetNode: 1 } },
  {
    name: 'all turbines by id, in two lists that overlap',
    query:
      'query ($a: [ID!]!, $b: [ID!]!) { a: assetsById(assetIds: $a) { name } b: assetsById(assetIds: $b) { assetId } }',
    variables: ({ turbines }) => ({ a: turbines.slice(0, 900), b: turbines.slice(600) }),
    calls: { searchAssetNode: per(FACTS.turbines, IDS_PER_SEARCH) },
  },
  {
    name: 'a window that straddles two pages of the largest size fits one of another size',
    query: '{ assets(first: 20, offset: 990) { nodes { assetId } } }',
    calls: { searchAssetNode: 1 },
  },
  {
    name: 'a window as long as a page that begins within one',
    query: '{ assets(first: 1000, offset: 195) { nodes { assetId } } }',
    calls: { searchAssetNode: per(195 + PAGE, PAGE) },
  },
  { name: 'a total alone', query: '{ assets { totalCount } }', calls: { searchAssetNode: 1 } },
  {
    name: 'the last five: their place follows from the total',
    query: '{ assets(last: 5) { nodes { assetId } } }',
    calls: { searchAssetNode: 2 },
  },
  {
    name: 'lists with heavy and light parts',
    query: '{ a: assets(first: 3) { nodes { attributes } } b: assets(first: 3) { nodes { name } } }',
    calls: { searchAssetNode: 2 },
  },
  // ---- models
  {
    name: 'the model of a thousand assets',
    query: assets('model { name }'),
    variables: of(1000),
    calls: { searchAssetNode: per(1000, IDS_PER_SEARCH), getThingModel: 1 },
  },
  {
    name: 'the models of assets of several',
    query: assets('model { name }'),
    variables: ({ turbines, boxes }) => ({ ids: ['Site0001', turbines[0], boxes[0], 'Root0001'] }),
    calls: { searchAssetNode: 1, searchThingModel: per(3, MODELS_PER_SEARCH) },
  },
  {
    name: 'a model with parents, heirs and storage',
    query:
      '{ thingModel(modelId: "Turbine") { parents { name } children { modelId } measurepoint(pointId: "power") { storage } } }',
    calls: { getThingModel: 2, searchThingModel: 1, getMeasurementPointTsdbMetadata: 1 },
  },
  {
    name: 'two models by alias are one search',
    query: '{ a: thingModel(modelId: "Turbine") { name } b: thingModel(modelId: "Box") { name } }',
    calls: { searchThingModel: 1 },
  },
  {
    name: 'heirs of a model before 2.3: the paths of all models, then the heirs together',
    edition: '2.1',
    query: '{ thingModel(modelId: "Machine") { children { name } } }',
    calls: { getThingModel: 1, searchThingModel: 2 },
  },
  // ---- alerts
  {
    name: 'alerts of a thousand assets: the pages that they fill',
    query: assets('alerts(first: 5) { totalCount nodes { alertId } }'),
    variables: of(1000),
    calls: {
      searchAssetNode: 1,
      // Alerts go round the turbines, so the first ones have one more.
      searchActiveAlerts: per(1000 + (FACTS.alerts - FACTS.turbines), PAGE),
    },
  },
  {
    name: 'alerts of fifty assets in three windows: one search',
    query: assets(
      'a: alerts(first: 1) { nodes { alertId } } b: alerts(first: 5, offset: 1) { nodes { alertId } } ...C } } fragment C on Asset { c: alerts { totalCount',
    ),
    variables: of(50),
    calls: { searchAssetNode: 1, searchActiveAlerts: 1 },
  },
  {
    name: 'numbers of alerts of fifty assets: counted, not read',
    query: assets('alerts { totalCount }'),
    variables: of(50),
    calls: { searchAssetNode: 1, aggregateActiveAlerts: 1 },
  },
  {
    name: 'texts that an alert carries cost nothing',
    query:
      '{ alerts(first: 10) { nodes { severity { name } type { name parent { name } } content { name } rule { name } } } }',
    calls: { searchActiveAlerts: 1 },
  },
  {
    name: 'what alerts refer to: one call a kind',
    query: `{ alerts(first: 10) { nodes {
      severity { name tags { key } } type { name tags { key } } content { name tags { key } } rule { name condition }
      asset { name } model { name } point { latest { timestamp } } } } }`,
    calls: {
      searchActiveAlerts: 1,
      searchAlertSeverity: 1,
      searchAlertType: 1,
      getAlertContent: 1,
      searchAlertRule: 1,
      searchAssetNode: 1,
      getThingModel: 1,
      getAssetLatestData: 1,
    },
  },
  {
    name: 'past alerts of three months in one window',
    query: '{ alerts(state: HISTORY, first: 10) { totalCount nodes { alertId } } }',
    calls: { searchAlerts: 1 },
  },
  {
    name: 'past alerts before 2.3',
    edition: '2.1',
    query: '{ alerts(state: HISTORY, first: 10) { totalCount nodes { alertId } } }',
    calls: { searchHistoryAlerts: 1 },
  },
  {
    name: 'numbers of alerts by severity and by asset',
    query: '{ a: alertSummary(groupBy: SEVERITY) { count } b: alertSummary(groupBy: ASSET) { count } }',
    calls: { aggregateActiveAlerts: 2 },
  },
  // ---- trees
  {
    name: 'two layers of a tree: one search a node that has children listed',
    query:
      '{ assetTree(treeId: "Tree0001") { root { children { nodes { children(first: 3) { nodes { asset { name } } } } } } } }',
    calls: { getAssetTree: 1, searchRelatedAssetNode: 1 + (FACTS.farms + 1) },
  },
  {
    name: 'the children of a site with more than a page, in two windows',
    query: `{ asset(assetId: "Site0001") {
      a: children(treeId: "Tree0001", first: 1000) { nodes { assetId } }
      b: children(treeId: "Tree0001", first: 1000, offset: 1000) { nodes { assetId } } } }`,
    calls: { getAsset: 1, searchRelatedAssetNode: per(FACTS.turbines, PAGE) },
  },
  {
    name: 'ways up from many nodes: one search of paths',
    query: `{ assetTree(treeId: "Tree0001") { root { descendants(filter: { modelIds: ["Box"] }, first: 60) { nodes {
      parent { asset { name } } ancestors { asset { name } } } } } } }`,
    calls: {
      getAssetTree: 1,
      searchRelatedAssetNode: 1,
      searchAssetPath: per(FACTS.farms * FACTS.boxesPerFarm, PATHS),
    },
  },
  {
    name: 'trees of 150 assets',
    query: assets('trees { treeId name }'),
    variables: of(150),
    calls: { searchAssetNode: 1, getAssetTrees: per(150, TREES_OF_ASSETS) },
  },
  {
    name: 'two trees by alias are one search',
    query: '{ a: assetTree(treeId: "Tree0001") { name } b: assetTree(treeId: "Tree0002") { name } }',
    calls: { searchAssetTree: 1 },
  },
  {
    name: 'two trees before 2.3, which cannot search by id',
    edition: '2.1',
    query: '{ a: assetTree(treeId: "Tree0001") { name } b: assetTree(treeId: "Tree0002") { name } }',
    calls: { getAssetTree: 2 },
  },
  // ---- all together
  {
    name: 'the screen: children with models, latest values and alerts',
    query: `{ asset(assetId: "Site0001") { name children(treeId: "Tree0001", first: 50) { totalCount nodes { name model { name }
      points(pointIds: ["power", "speed", "state", "energy"]) { latest { value } } alerts(first: 5) { totalCount nodes { alertId severity { name } } } } } } }`,
    calls: {
      getAsset: 1,
      searchRelatedAssetNode: 1,
      getThingModel: 1,
      getAssetLatestData: per(50 * 4, PAIRS),
      searchActiveAlerts: 1,
    },
  },
];
