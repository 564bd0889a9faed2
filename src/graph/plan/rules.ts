/**
 * What each field loads, beside what its object holds already: one line a field, in the words of the loaders. A field with
 * a resolver that is neither here nor in `FREE` fails a test: whoever adds one says here what it costs.
 */
import type { GraphQLField } from 'graphql';
import { byArgument, few, list, one, shared, textOf, type Rule } from './common-rules.js';
import { STATES_WITHOUT_STORAGE } from './costs.js';
import { exactly, type Load } from './types.js';

const MODEL_PAGE = 100;
/** A connection of alerts: open and past ones come from different operations. */
export const alertList: Rule = (use) => list(use.args['state'] === 'HISTORY' ? 'pastAlerts' : 'alerts')(use);

/** A total alone, where none came with the node. */
const childCount: Rule = (use) => list('relatedNodes')({ ...use, selected: new Set(['totalCount']) });

/** A read of points: they share calls where they want the same. */
const points =
  (loader: Load['loader'], ...names: readonly string[]): Rule =>
  ({ args, parents }) => [
    [{ loader, keys: parents, group: textOf(names.map((name) => args[name] ?? null)) }],
  ];

/** A definition that an object refers to, unless only what it carries a copy of is wanted. */
export const unlessCarried =
  (loader: Load['loader'], carried: ReadonlySet<string>): Rule =>
  ({ parents, selected }) =>
    [...selected].every((name) => name === '__typename' || carried.has(name)) ? [] : [[few(loader, parents)]];

/** The model of a point, where its values are read in their type. */
const typed: Rule = ({ owners, selected }) =>
  selected.has('value') || selected.has('typed') ? [[few('model', owners)]] : [];

const both =
  (...rules: readonly Rule[]): Rule =>
  (use) => {
    const rounds: Load[][] = [];
    for (const rule of rules) {
      rule(use).forEach((loads, index) => (rounds[index] ??= []).push(...loads));
    }
    return rounds;
  };

const series: Rule = (use) => {
  const { args, parents, owners } = use;
  const before = [few('model', owners), few('storage', owners)];
  const kind = args['interval'] == null ? 'records' : 'intervals';
  const group = JSON.stringify([args['from'], args['to'], args['interval'] ?? null]);
  return [before, [{ loader: kind, keys: parents, group }]];
};

/** Of many pairs it is asked how they are stored: their records may spare calls. */
const stateChanges: Rule = (use) => {
  const reads = points('stateChanges', 'from', 'to')(use);
  const { least, most } = use.parents;
  if (most !== null && most <= STATES_WITHOUT_STORAGE) return reads;
  const storage = few('storage', { ...use.owners, least: least > STATES_WITHOUT_STORAGE ? 1 : 0 });
  return [[storage], ...reads];
};

/** What only points of one kind have: their model tells the kind, before anything is read. */
const ofKind =
  (rule: Rule): Rule =>
  (use) => [[few('model', use.owners)], ...rule(use)];

/** The loads of each field that has some. */
export const RULES: Readonly<Record<string, Rule>> = {
  'Query.asset': byArgument('asset', 'assetId'),
  'Query.assetsById': byArgument('asset', 'assetIds'),
  'Query.assets': list('assets'),
  'Query.thingModel': byArgument('model', 'modelId'),
  'Query.thingModels': list('models', MODEL_PAGE),
  'Query.assetTree': byArgument('tree', 'treeId'),
  'Query.assetTrees': list('trees'),
  'Query.alerts': alertList,
  'Query.alertSummary': ({ args }) => [
    [{ loader: 'alertCounts', keys: exactly(1), group: textOf(args), pages: 1 }],
  ],
  // Which operation a global id leads to is inside the id: an asset stands for all.
  'Query.node': ({ args }) => [[{ loader: 'asset', keys: exactly(1), ids: [`node ${String(args['id'])}`] }]],
  'Query.nodes': ({ args }) => {
    const ids = [args['ids']].flat().map((id) => `node ${String(id)}`);
    return [[{ loader: 'asset', keys: exactly(new Set(ids).size), ids }]];
  },
  'Asset.model': shared('model'),
  'Asset.points': ({ args, parents }) => (args['pointIds'] == null ? [[few('model', parents)]] : []),
  'Asset.alerts': ({ args, parents, selected }) =>
    ['nodes', 'edges', 'totalCount', 'pageInfo', 'freshness'].some((name) => selected.has(name))
      ? [
          [
            {
              loader: 'alertsOfAsset',
              keys: parents,
              group: textOf([args['state'], args['filter'] ?? null]),
            },
          ],
        ]
      : [],
  'Asset.trees': one('treesOfAsset'),
  'Asset.nodes': one('treesOfAsset'),
  'Asset.children': list('relatedNodes'),
  'Asset.childCount': childCount,
  'AttributeValue.definition': shared('model'),
  'AttributeValue.typed': shared('model'),
  'Measurepoint.model': shared('model'),
  'AssetPoint.definition': shared('model'),
  'AssetPoint.storage': ({ owners }) => [[few('model', owners)], [few('storage', owners)]],
  'AssetPoint.latest': both(points('latest', 'within'), typed),
  'AssetPoint.series': series,
  'AssetPoint.stateChanges': ofKind(stateChanges),
  'AssetPoint.stateDurations': ofKind(points('stateDurations', 'from', 'to')),
  'AssetPoint.energyToday': ofKind(points('energyToday')),
  'ThingModel.parents': shared('model'),
  'ThingModel.parent': shared('model'),
  'ThingModel.children': one('modelChildren'),
  'ThingModel.assets': list('assets'),
  'ThingModel.alerts': alertList,
  'Measurepoint.storage': shared('storage'),
  'AssetTree.node': one('nodePath'),
  'AssetTree.assets': list('assets'),
  'AssetTree.alerts': alertList,
  'AssetTreeNode.path': one('nodePath'),
  'AssetTreeNode.ancestors': one('nodePath'),
  'AssetTreeNode.parent': one('nodePath'),
  'AssetTreeNode.children': list('relatedNodes'),
  'AssetTreeNode.childCount': childCount,
  'AssetTreeNode.descendants': list('relatedNodes'),
  'AssetTreeNode.alerts': alertList,
  'Alert.asset': one('asset'),
  'Alert.model': shared('model'),
  'AlertPath.tree': shared('tree'),
  'AlertPath.assets': one('asset'),
  'MaskingAlert.alert': one('alert'),
  'AlertRuleScope.tree': shared('tree'),
  'AlertRuleScope.asset': shared('asset'),
  'AlertCount.asset': one('asset'),
  'AlertCount.model': shared('model'),
  // Whose user is no person of the portal costs none of these.
  'Viewer.user': ({ selected }) =>
    [...selected].every((name) => ['userId', 'name', '__typename'].includes(name))
      ? []
      : [[{ loader: 'profile', keys: { least: 0, most: 1 } }]],
  'Viewer.organizations': () => [[{ loader: 'organizations', keys: { least: 0, most: 1 } }]],
  'Viewer.assets': (use) => [
    [{ loader: 'grantedAssets', keys: { least: 0, most: 1 } }],
    ...list('assets')(use),
  ],
  'Organization.users': list('users'),
};

/** The rule of a field: its own, which links of described entities bring along, or the one of the table. */
export function ruleOf(
  typeName: string,
  { name, extensions }: Pick<GraphQLField<unknown, unknown>, 'name' | 'extensions'>,
): Rule | undefined {
  return (extensions['rule'] as Rule | undefined) ?? RULES[`${typeName}.${name}`];
}
