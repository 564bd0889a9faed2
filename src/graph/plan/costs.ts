/** What the keys of a loader cost in calls: the limits by which src/loading cuts its batches. */
import { MAX_PRODUCT, STATE_PRODUCT } from '../../loading/series/pairs/read-pairs.js';
import { newestIn, operationIn } from '../../enos/editions.js';
import { WRITES } from '../../loading/writes/index.js';
import { ENTITIES } from '../../loading/entities/index.js';
import { limitsOf } from '../../loading/entity/limits.js';
import { OWNERS_TOGETHER } from '../../loading/entity/lists-of-owners.js';
import type { Amount, EntityLoaderName, LoaderName, PlanSettings } from './types.js';

/** Keys that are asked together. */
export interface Batch {
  keys: Amount;
  /** Pages of one key's list. */
  pages: number;
  /** Places of the query that lead to the keys, each with objects of its own. */
  places: number;
}

/** Calls of a batch. */
export interface Cost {
  /** Id of the operation, or of those among which the data decides. */
  operations: readonly string[];
  calls: Amount;
  formula: string | null;
}

type CostOf = (batch: Batch, settings: PlanSettings) => Cost;

const PAIRS = 'pairs of asset and point';

/** Operations that past alerts may come from: the edition's own, and the one before it for what the later lacks. */
function pastAlerts({ edition }: PlanSettings): string[] {
  return [...new Set([operationIn(edition, 'alert.searchHistoryAlerts'), 'alert.searchHistoryAlerts'])];
}

/** Keys that share calls, so many a call. */
function batched(operation: string, limit: number, what: string): CostOf {
  return ({ keys }) => {
    const calls = { least: per(keys.least, limit), most: keys.most === null ? null : per(keys.most, limit) };
    return {
      operations: [operation],
      calls,
      formula: formulaOf(calls, `one per ${limit} ${what}`, keys, what),
    };
  };
}

/**
 * Pairs of assets and points. Those of one place are a full rectangle; those of several may want different points of
 * different assets, and then need up to a call more for each further place.
 */
function pairs(operation: string, limit: number): CostOf {
  const of = batched(operation, limit, PAIRS);
  return (batch, settings) => {
    const cost = of(batch, settings);
    const further = Math.min(batch.places, batch.keys.most ?? Infinity) - 1;
    if (further <= 0 || cost.calls.most === null) return cost;
    const calls = { ...cost.calls, most: cost.calls.most + further };
    return {
      ...cost,
      calls,
      formula: formulaOf(calls, `one per ${limit} ${PAIRS} and place`, batch.keys, PAIRS),
    };
  };
}

/** One key alone by its own operation, several by a search. */
function byId(get: string, search: string, limit: number, what: string): CostOf {
  return (batch, settings) => {
    const { least, most } = batch.keys;
    if (most === 1)
      return { operations: [get], calls: { least, most }, formula: least === 1 ? null : 'if any' };
    const cost = batched(search, limit, what)(batch, settings);
    return least > 1 ? cost : { ...cost, operations: [search, get] };
  };
}

/** A list of each key. */
function listed(operation: string): CostOf {
  return ({ keys, pages }) => {
    const calls = { least: keys.least * pages, most: keys.most === null ? null : keys.most * pages };
    const each = pages === 1 ? 'one per list' : `${pages} pages per list`;
    return { operations: [operation], calls, formula: formulaOf(calls, each, keys, 'lists') };
  };
}

/** At least one call for any keys, more by what EnOS holds. */
function open(operations: readonly string[], formula: string): CostOf {
  return ({ keys }) => ({ operations, calls: { least: Math.min(1, keys.least), most: null }, formula });
}

/** Pairs up to which reading states from records spares no call, so that nobody asks how they are stored. */
export const STATES_WITHOUT_STORAGE = 3 * STATE_PRODUCT;

/** What each loader costs. */
export const COSTS: Readonly<Record<Exclude<LoaderName, EntityLoaderName>, CostOf>> = {
  modelChildren: (batch, settings) =>
    settings.edition === '2.1'
      ? open(['model.searchThingModel'], 'the pages of all models, and the heirs among them')(batch, settings)
      : open(['model.searchThingModel'], 'one per 100 heirs of each model')(batch, settings),
  storage: ({ keys }) => {
    // Their ids travel in the URL; a hundred of usual length fit.
    const calls = { least: Math.min(1, keys.least), most: keys.most === null ? null : per(keys.most, 100) };
    const formula = calls.least === calls.most ? null : 'one per 4000 bytes of model ids';
    return { operations: ['tsdb-policy.getMeasurementPointTsdbMetadata'], calls, formula };
  },
  tree: (batch, settings) =>
    settings.edition === '2.1'
      ? batched('asset-tree.getAssetTree', 1, 'trees')(batch, settings)
      : byId('asset-tree.getAssetTree', 'asset-tree.searchAssetTree', 1000, 'trees')(batch, settings),
  trees: listed('asset-tree.searchAssetTree'),
  treesOfAsset: batched('asset-tree.getAssetTrees', 100, 'assets'),
  nodePath: batched('asset-tree.searchAssetPath', 1000, 'nodes of a tree'),
  relatedNodes: listed('asset-tree.searchRelatedAssetNode'),
  latest: pairs('tsdb-data.getAssetLatestData', MAX_PRODUCT),
  records: (batch, settings) =>
    open(
      [
        'tsdb-data.getAssetRawDataByTimeRange',
        'tsdb-data.getAssetUnformattedData',
        // Before 2.3 the records of energy have their own operation.
        ...(settings.edition === '2.1' ? ['tsdb-data.getAssetElectricPowerData'] : []),
      ],
      'one per 3000 pairs of asset and point and page; a page holds 640000 records in all',
    )(batch, settings),
  intervals: open(
    [
      'tsdb-data.getAssetAiDataWithAggregationLogic',
      'tsdb-data.getAssetElectricPowerData',
      'tsdb-data.getAssetRawDataByTimeRange',
    ],
    'one per kind of storage and 3000 pairs of asset and point, or 128000 intervals',
  ),
  stateChanges: ({ keys, places }, settings) => {
    const cost = pairs('tsdb-data.getAssetDiData', STATE_PRODUCT)({ keys, pages: 1, places }, settings);
    if (keys.most !== null && keys.most <= STATES_WITHOUT_STORAGE) return cost;
    return {
      operations: ['tsdb-data.getAssetDiData', 'tsdb-data.getAssetRawDataByTimeRange'],
      calls: { least: Math.min(cost.calls.least, 2), most: cost.calls.most },
      formula: 'two per 3000 pairs of asset and point that are stored as states only, one per 10 others',
    };
  },
  stateDurations: pairs('tsdb-data.getAssetDiDataDuration', STATE_PRODUCT),
  energyToday: pairs('tsdb-data.getAssetCurrentDayElectricPower', MAX_PRODUCT),
  alert: (batch, settings) =>
    open(
      ['alert.searchActiveAlerts', ...pastAlerts(settings)],
      'one per 1000 alerts, and for those that are not open one per 80 days of their dates',
    )(batch, settings),
  alerts: listed('alert.searchActiveAlerts'),
  pastAlerts: (batch, settings) => ({
    ...listed('alert.searchHistoryAlerts')(batch, settings),
    operations: pastAlerts(settings),
  }),
  alertsOfAsset: (batch, settings) => {
    const cost = open(
      ['alert.searchActiveAlerts', ...pastAlerts(settings), 'alert.aggregateActiveAlerts'],
      'one per 1000 assets and 1000 of their alerts',
    )(batch, settings);
    const isOne = batch.keys.most === 1;
    const formula = isOne && batch.keys.least === 1 ? null : cost.formula;
    return isOne ? { ...cost, calls: batch.keys, formula } : cost;
  },
  alertCounts: listed('alert.aggregateActiveAlerts'),
  profile: (batch, settings) =>
    batched(operationIn(settings.edition, 'app-portal.getUserInformation'), 1, 'users')(batch, settings),
  organizations: batched('app-portal.getOrganizationList', 1, 'users'),
  grantedAssets: (batch, settings) =>
    open(
      [operationIn(settings.edition, 'app-portal.getAssetsByOrganization')],
      'one per 1000 assets that are granted',
    )(batch, settings),
  users: (batch, settings) =>
    listed(operationIn(settings.edition, 'app-portal.getOrganizationUserList'))(batch, settings),
};

/** What a read of a loader costs. */
export function costOf(loader: LoaderName, batch: Batch, settings: PlanSettings): Cost {
  const known = (COSTS as Readonly<Record<string, CostOf>>)[loader];
  return (known ?? entityCost(loader))(batch, settings);
}

/** Lists that one search brings where a page of it holds them all; else it has been one too many. */
function listsOfOwners(operation: string): (batch: Batch) => Cost {
  return ({ keys }) => {
    if (keys.most === 1) return { operations: [operation], calls: keys, formula: null };
    const most = keys.most === null ? null : keys.most + per(keys.most, OWNERS_TOGETHER);
    const calls = { least: Math.min(keys.least, per(keys.least, OWNERS_TOGETHER)), most };
    return {
      operations: [operation],
      calls,
      formula: formulaOf(calls, `one per ${OWNERS_TOGETHER} lists that fit on a page`, keys, 'lists'),
    };
  };
}

function writeCost(name: string): CostOf {
  const write = WRITES.find((described) => described.name === name);
  if (write === undefined) throw new TypeError(`No write is called ${name}`);
  return (batch, settings) => {
    const { calls = 1 } = write;
    const operation = newestIn(settings.edition, write.operation);
    const cost = batched(operation, write.kind === 'many' ? write.perCall : 1, 'items')(batch, settings);
    const { least, most } = cost.calls;
    return { ...cost, calls: { least: least * calls, most: most === null ? null : most * calls } };
  };
}

function entityCost(loader: LoaderName): CostOf {
  const dot = loader.lastIndexOf('.');
  if (loader.endsWith('.write')) return writeCost(loader.slice(0, dot));
  const entity = ENTITIES.find(({ type }) => type === loader.slice(0, dot));
  if (entity === undefined) throw new TypeError(`No description is called ${loader}`);
  return (batch, settings) => {
    const { get, search, maxKeys } = limitsOf(entity, settings.edition);
    if (loader.endsWith('.list')) return listed(search)(batch, settings);
    if (loader.endsWith('.listOf')) return listsOfOwners(search)(batch);
    const { many } = entity.nouns;
    const cost = get === null ? batched(search, maxKeys, many) : byId(get, search, maxKeys, many);
    return cost(batch, settings);
  };
}

function per(count: number, limit: number): number {
  return Math.ceil(count / limit);
}

function formulaOf(calls: Amount, rule: string, keys: Amount, what: string): string | null {
  if (calls.least === calls.most) return null;
  return `${rule}; ${keys.least} to ${keys.most ?? 'any number of'} ${what}`;
}
