/**
 * What each field loads, beside what its object holds already: one line a field, in the words of the loaders. A field with
 * a resolver that is neither here nor in `FREE` fails a test: whoever adds one says here what it costs.
 */
import { DEFAULT_PAGE_SIZE } from '../limits.js';
import { coverWindow } from '../../loading/page-window.js';
import { STATES_WITHOUT_STORAGE } from './costs.js';
import { exactly, type Amount, type Load } from './types.js';

/** A field in its place. */
export interface FieldUse {
  /** Number of objects that the field is read of. */
  parents: Amount;
  /** The same, or of the assets or alerts that they belong to, where they are points. */
  owners: Amount;
  args: Readonly<Record<string, unknown>>;
  /** Names of the fields that are selected below it, fragments followed. */
  selected: ReadonlySet<string>;
}

/** Loads of a field: those of one list go out together, each list after the one before. */
export type Rule = (use: FieldUse) => readonly (readonly Load[])[];

const LARGEST_PAGE = 1000;
const MODEL_PAGE = 100;
/** Names that alerts carry, so that selecting nothing else costs nothing. */
const NAMES = ['name', 'names', '__typename'];

const one =
  (loader: Load['loader']): Rule =>
  ({ parents }) => [[{ loader, keys: parents }]];

/** One thing by the id in an argument, whatever it is asked of. */
const byArgument =
  (loader: Load['loader'], argument: string): Rule =>
  ({ args, parents }) => {
    const ids = [args[argument]].flat().map(String);
    const org = JSON.stringify(args['orgId'] ?? null);
    return parents.most === 0
      ? []
      : [[{ loader, keys: exactly(new Set(ids).size), ids: ids.map((id) => `${org} ${id}`) }]];
  };

/** A connection: the pages of its window for each object, and a total first where the last items are wanted. */
const list =
  (loader: Load['loader'], maxPageSize = LARGEST_PAGE): Rule =>
  ({ args, parents, selected }) => {
    const wantsItems = selected.has('nodes') || selected.has('edges');
    if (!wantsItems && !['totalCount', 'pageInfo', 'freshness'].some((name) => selected.has(name))) return [];
    const group = textOf(args);
    const load: Load = { loader, keys: parents, group, pages: wantsItems ? pagesOf(args, maxPageSize) : 1 };
    const fromEnd = typeof args['last'] === 'number' && args['before'] == null;
    return fromEnd && wantsItems ? [[{ ...load, pages: 1 }], [load]] : [[load]];
  };

/** A connection of alerts: open and past ones come from different operations. */
const alertList: Rule = (use) => list(use.args['state'] === 'HISTORY' ? 'pastAlerts' : 'alerts')(use);

/** A total alone, where none came with the node. */
const childCount: Rule = (use) => list('relatedNodes')({ ...use, selected: new Set(['totalCount']) });

/** A read of points: they share calls where they want the same. */
const points =
  (loader: Load['loader'], ...names: readonly string[]): Rule =>
  ({ args, parents }) => [
    [{ loader, keys: parents, group: textOf(names.map((name) => args[name] ?? null)) }],
  ];

/** A definition that an alert refers to, unless only its carried names are wanted. */
const unlessCarried =
  (loader: Load['loader'], ...carried: readonly string[]): Rule =>
  ({ parents, selected }) =>
    [...selected].every((name) => NAMES.includes(name) || carried.includes(name))
      ? []
      : [[few(loader, parents)]];

/** Many objects mostly refer to few things: at least one, at most as many as there are. */
const shared =
  (loader: Load['loader']): Rule =>
  ({ owners }) => [[few(loader, owners)]];

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
  'Alert.severity': unlessCarried('severity', 'severityId'),
  'Alert.type': unlessCarried('alertType', 'typeId', 'parentTypeId', 'parent'),
  'Alert.content': unlessCarried('content', 'contentId'),
  'Alert.rule': unlessCarried('rule', 'ruleId'),
  'AlertPath.tree': shared('tree'),
  'AlertPath.assets': one('asset'),
  'MaskingAlert.alert': one('alert'),
  'AlertType.parent': unlessCarried('alertType', 'typeId'),
  'AlertContent.type': shared('alertType'),
  'AlertContent.subType': shared('alertType'),
  'AlertContent.model': shared('model'),
  'AlertRule.model': shared('model'),
  'AlertRule.point': shared('model'),
  'AlertRule.severity': shared('severity'),
  'AlertRule.content': shared('content'),
  'AlertRuleScope.tree': shared('tree'),
  'AlertRuleScope.asset': shared('asset'),
  'AlertCount.asset': one('asset'),
  'AlertCount.model': shared('model'),
  'AlertCount.severity': shared('severity'),
  'AlertCount.type': shared('alertType'),
  'AlertCount.content': shared('content'),
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

/** Arguments as text: a large integer of a filter by its digits. */
function textOf(args: unknown): string {
  return JSON.stringify(args, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}

/** Keys of which many may be the same. */
function few(loader: Load['loader'], { least, most }: Amount): Load {
  return { loader, keys: { least: Math.min(1, least), most }, shared: true };
}

/** Pages of the window that the arguments ask for. */
function pagesOf(args: Readonly<Record<string, unknown>>, maxPageSize: number): number {
  const number = (name: string): number | undefined =>
    typeof args[name] === 'number' ? args[name] : undefined;
  const limit = number('first') ?? number('last') ?? DEFAULT_PAGE_SIZE;
  return coverWindow({ offset: number('offset') ?? 0, limit: Math.max(0, limit) }, { maxPageSize }).pages
    .length;
}
