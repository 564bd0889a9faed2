/** A small estate in memory behind the loaders' interface: every call is recorded, every one may be told to fail. */
import { graphql } from 'graphql';
import type { ExecutionResult } from 'graphql';
import { EnosError } from '../../src/enos/errors.js';
import { createGraphContext } from '../../src/graph/context.js';
import { publicError } from '../../src/graph/errors/format-error.js';
import { buildGraph } from '../../src/graph/schema.js';
import { warningsOf, type Warning } from '../../src/graph/warnings.js';
import type { AlertRecord } from '../../src/loading/alerts/types.js';
import type { AssetRecord } from '../../src/loading/entities/asset.js';
import type { Slice, Window } from '../../src/loading/common.js';
import type { Entity, EntityKey, EntityRecord } from '../../src/loading/entity/description.js';
import type { EntityLoader } from '../../src/loading/entity/loader.js';
import type { Loaders } from '../../src/loading/loaders.js';
import { thingModel, type ModelRecord } from '../../src/loading/entities/thing-model.js';
import type { TreeRecord } from '../../src/loading/trees/types.js';

export const ORG = 'o1';
export const { schema } = buildGraph();

/** NOT_FOUND as EnOS says it. */
export function missing(service: string, operation: string): EnosError {
  return new EnosError({
    kind: 'refused',
    service,
    operation,
    code: 99404,
    message: 'no such thing',
    requestId: 'r-404',
  });
}

export function asset(assetId: string, more: Partial<AssetRecord> = {}): AssetRecord {
  return {
    __typename: 'Asset',
    assetId,
    orgId: ORG,
    modelId: 'Turbine',
    modelIdPath: '/Device/Turbine',
    name: {
      defaultValue: `Asset ${assetId}`,
      i18nValue: { en_US: `English ${assetId}`, zh_CN: `中文 ${assetId}` },
    },
    description: null,
    timezone: '+01:00',
    attributes: { rated: 2500, serial: 9007199254740993n, mode: 1 },
    tags: { vendor: 'acme' },
    ...more,
  };
}

const enumDefinition = JSON.stringify({
  enumDesc: { 1: { defaultValue: 'Run', i18nValue: { en_US: 'Running' } }, 3: { defaultValue: 'Fault' } },
  enumType: 'INT',
});

export const models: Record<string, ModelRecord> = {
  Device: modelOf({
    modelId: 'Device',
    modelIdPath: '/Device',
    orgId: 'oMaker',
    name: { defaultValue: 'Device' },
  }),
  Turbine: modelOf({
    modelId: 'Turbine',
    modelIdPath: '/Device/Turbine',
    orgId: 'oMaker',
    name: { defaultValue: 'Turbine', i18nValue: { zh_CN: '风机' } },
    tags: { domain: 'wind' },
    attributes: {
      rated: {
        identifier: 'rated',
        name: { defaultValue: 'Rated' },
        dataType: 'DOUBLE',
        unit: { unitId: 'W', multiplier: 'KILO' },
        isRequired: true,
      },
      serial: { identifier: 'serial', dataType: 'INT' },
      mode: { identifier: 'mode', dataType: 'ENUM', dataDefinition: enumDefinition },
    },
    measurepoints: {
      power: {
        identifier: 'power',
        name: { defaultValue: 'Power' },
        dataType: 'DOUBLE',
        signalType: 'AI',
        hasQuality: true,
        unit: { unitId: 'W', multiplier: 'KILO' },
      },
      energy: { identifier: 'energy', dataType: 'DOUBLE', signalType: 'PI', unit: { unitId: 'Wh' } },
      state: { identifier: 'state', dataType: 'ENUM', signalType: 'DI', dataDefinition: enumDefinition },
      note: { identifier: 'note', dataType: 'STRING', signalType: 'Generic' },
    },
    services: {
      stop: {
        identifier: 'stop',
        name: { defaultValue: 'Stop' },
        inputData: [{ identifier: 'how', dataType: 'STRING' }],
      },
    },
    events: {
      fault: {
        identifier: 'fault',
        eventType: 'ERROR',
        outputData: [{ identifier: 'code', dataType: 'INT' }],
      },
    },
  }),
};

/** A model as EnOS sends it. */
export function modelOf(raw: object): ModelRecord {
  return thingModel.record(raw as never, ORG);
}

export const tree: TreeRecord = {
  treeId: 't1',
  orgId: ORG,
  name: { defaultValue: 'Tree' },
  tags: { use: 'ops' },
  root: asset('root'),
};

export function alert(alertId: string, more: Partial<AlertRecord> = {}): AlertRecord {
  return {
    __typename: 'Alert',
    alertId,
    orgId: ORG,
    state: 'ACTIVE',
    assetId: 'a1',
    modelId: 'Turbine',
    pointId: 'power',
    deviceStatus: null,
    ruleId: 'rule1',
    severityId: 'major',
    severityDesc: { defaultValue: 'Major (copy)' },
    typeId: 'sub',
    typeDesc: { defaultValue: 'Sub (copy)' },
    parentTypeId: 'top',
    parentTypeDesc: { defaultValue: 'Top (copy)' },
    contentId: 'hot',
    contentDesc: { defaultValue: 'Hot (copy)' },
    ruleDesc: { defaultValue: 'Rule (copy)' },
    value: 97.4,
    eventType: 1,
    occurTime: 1_710_054_000_000,
    recoverTime: null,
    recoverReason: null,
    tags: { ack: 'no' },
    assetPaths: ['t1:/root/a1'],
    maskedBy: ['t1:grid1'],
    ...more,
  };
}

/** A window of a list, as loaders slice. */
export function slice<T>(items: readonly T[], { offset, limit }: Window): Promise<Slice<T>> {
  return Promise.resolve({ items: items.slice(offset, offset + limit), offset, totalCount: items.length });
}

/** Calls made, as `domain.method`, with their arguments. */
export interface Recorded {
  loaders: Loaders;
  calls: { name: string; args: unknown[] }[];
}

type Methods = Partial<EntityLoader<EntityRecord>>;
type Overrides = { [Domain in Exclude<keyof Loaders, 'of'>]?: Partial<Loaders[Domain]> } & {
  /** Methods of the loaders of entities, by their types. */
  of?: Readonly<Record<string, Methods>>;
  /** The same for all of them. */
  entities?: Methods;
};

const TAGS = { rank: '2' };

/** Records of the entities that the estate knows, of any id. */
const RECORDS: Readonly<Record<string, (id: string) => object>> = {
  AlertSeverity: (severityId) => ({ severityId, name: { defaultValue: 'Major' }, tags: TAGS, updatedAt: 5 }),
  AlertType: (typeId) => ({
    typeId,
    parentTypeId: typeId === 'sub' ? 'top' : null,
    name: { defaultValue: typeId },
    tags: TAGS,
    updatedAt: 5,
  }),
  AlertContent: (contentId) => ({
    contentId,
    name: { defaultValue: 'Hot' },
    modelId: 'Turbine',
    typeId: 'top',
    subTypeId: 'sub',
    tags: TAGS,
    updatedAt: 5,
  }),
  AlertRule: (ruleId) => ({
    ruleId,
    name: { defaultValue: 'Rule' },
    modelId: 'Turbine',
    pointId: 'power',
    deviceStatus: null,
    condition: '${power} > 1',
    isEnabled: true,
    isRoot: false,
    severityId: 'major',
    contentId: 'hot',
    tags: TAGS,
    scope: [{ treeId: 't1', assetId: 'root' }],
    triggeringDelay: 300,
  }),
};

/** The reads of an entity over records by id, or made for any id. */
function reads(
  { type, get, search }: Pick<Entity, 'type' | 'get' | 'search'>,
  records: Readonly<Record<string, EntityRecord>> | undefined,
  listed: readonly EntityRecord[] = Object.values(records ?? {}),
): EntityLoader<EntityRecord> {
  const load = async ({ id }: EntityKey): Promise<EntityRecord> => {
    const found = records === undefined ? (RECORDS[type]!(id) as EntityRecord) : records[id];
    if (found) return found;
    const [service, operation] = (get ?? search).operation.split('.');
    throw missing(service!, operation!);
  };
  const list = (_org: string, _query: unknown, window: Window): Promise<Slice<EntityRecord>> =>
    slice(listed, window);
  return {
    load,
    fresh: load,
    find: load,
    prefetch: () => undefined,
    list,
    listOf: (org, query, _owner, window) => list(org, query, window),
  };
}

/** Loaders over the estate, with some methods replaced. */
export function fakeLoaders(overrides: Overrides = {}): Recorded {
  const assets = ['a1', 'a2', 'a3'].map((id) => asset(id));
  const estateOf: Readonly<Record<string, Readonly<Record<string, EntityRecord>>>> = {
    ThingModel: models,
    Asset: Object.fromEntries([...assets, tree.root].map((each) => [each.assetId, each])),
  };
  const base: Loaders = {
    write: () => Promise.reject(new Error('nothing is written here')),
    writeMany: () => Promise.reject(new Error('nothing is written here')),
    models: {
      children: async ({ modelId }) =>
        Object.values(models).filter(({ modelIdPath }) => modelIdPath?.includes(`/${modelId}/`)),
      storage: async () => ({ power: ['AI_RAW', 'AI_NORMALIZED'], state: ['DI'] }),
    },
    trees: {
      byId: async ({ treeId }) => {
        if (treeId !== tree.treeId) throw missing('asset-tree', 'getAssetTree');
        return tree;
      },
      search: (_org, _filter, window) => slice([tree], window),
      ofAsset: async () => [tree],
      children: (_node, _filter, window) => slice(assets, window),
      descendants: (_node, _filter, window) => slice(assets, window),
      path: async ({ assetId }) => [
        tree.root,
        ...assets.filter((candidate) => candidate.assetId === assetId),
      ],
    },
    alerts: {
      search: (_org, state, _filter, window) =>
        slice([alert('x1', { state }), alert('x2', { state })], window),
      prefetchOfAssets: () => undefined,
      ofAsset: ({ assetId }, state, _filter, window) => slice([alert('x1', { state, assetId })], window),
      byId: async (_org, alertId) => alert(alertId),
      countActive: async () => [
        { value: 'a1', count: 1 },
        { value: 'a2', count: 5 },
      ],
    },
    series: {
      prefetchLatest: () => undefined,
      latest: async ({ pointId }) =>
        pointId === 'none' ? null : { time: 1_710_054_000_000, value: '12.5', quality: 0 },
      history: async () => ({
        samples: [1, 2, 6].map((value, index) => ({ time: index * 1000, value, quality: null })),
        truncated: false,
        rawCount: 3,
      }),
      aggregate: async () => ({
        samples: [{ time: 0, value: 1, quality: null }],
        truncated: false,
        rawCount: null,
      }),
      stateChanges: async () => [{ time: 0, value: 1, quality: null }],
      stateDurations: async () => [
        { state: 1, duration: 5_400_000 },
        { state: null, duration: 1 },
      ],
      energyToday: async () => ({ time: 0, value: 3.5, quality: null }),
    },
    of: <Rec extends EntityRecord>(entity: Entity<Rec>) => {
      const { type } = entity;
      const estate = reads(entity, estateOf[type], type === 'Asset' ? assets : undefined);
      const methods = { ...estate, ...overrides.entities, ...overrides.of?.[type] };
      return record(type, methods) as unknown as EntityLoader<Rec>;
    },
    portal: {
      profile: async () => null,
      organizations: async () => null,
      grantedAssets: async () => ['a1'],
    },
    users: { list: (_org, window) => slice([], window) },
  };
  const calls: Recorded['calls'] = [];
  const record = <T extends object>(domain: string, methods: T): T =>
    new Proxy(methods, {
      get: (target, name, receiver) => {
        const method: unknown = Reflect.get(target, name, receiver);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]): unknown => {
          calls.push({ name: `${domain}.${String(name)}`, args });
          return Reflect.apply(method, target, args);
        };
      },
    });
  const loaders: Loaders = {
    models: record('models', { ...base.models, ...overrides.models }),
    trees: record('trees', { ...base.trees, ...overrides.trees }),
    alerts: record('alerts', { ...base.alerts, ...overrides.alerts }),
    series: record('series', { ...base.series, ...overrides.series }),
    users: record('users', { ...base.users, ...overrides.users }),
    portal: record('portal', { ...base.portal, ...overrides.portal }),
    of: (entity) => base.of(entity),
    write: (...given) => base.write(...given),
    writeMany: (...given) => base.writeMany(...given),
  };
  return { loaders, calls };
}

/** A part of an answer by its path, e.g. `asset.nodes.0.tree`; undefined where there is none. */
export function at(data: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | null | undefined)?.[name], data);
}

/** Result of a query with errors as callers see them. */
export interface Answer {
  data: unknown;
  errors: {
    message: string;
    path?: readonly (string | number)[];
    code: unknown;
    extensions: Record<string, unknown>;
  }[];
  calls: Recorded['calls'];
  /** As in `extensions.warnings`. */
  warnings: Warning[];
  /** Names of the calls. */
  names: string[];
}

/** Runs a query over the estate. */
export async function ask(
  source: string,
  options: { overrides?: Overrides; variables?: Record<string, unknown>; acceptLanguage?: string } = {},
): Promise<Answer> {
  const { loaders, calls } = fakeLoaders(options.overrides);
  const remarks: object[] = [];
  const contextValue = createGraphContext({
    remark: (what) => void remarks.push(what),
    loaders,
    identity: { id: 'test', orgId: ORG },
    acceptLanguage: options.acceptLanguage,
    now: () => 1_710_060_000_000,
  });
  const result: ExecutionResult = await graphql({
    schema,
    source,
    contextValue,
    variableValues: options.variables,
  });
  const errors = (result.errors ?? []).map((error) => {
    const { message, path, extensions = {} } = publicError(error);
    return { message, ...(path ? { path } : {}), code: extensions.code, extensions };
  });
  return {
    data: JSON.parse(JSON.stringify(result.data ?? null)),
    errors,
    calls,
    warnings: warningsOf(remarks),
    names: calls.map(({ name }) => name),
  };
}
