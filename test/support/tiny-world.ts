/**
 * A small organization for tests of the simulator: models with inheritance and one public model, a region with two
 * sites and turbines in two trees, one asset that may not be read, one outside of trees, and alerts.
 */
import { DEFAULT_LIMITS } from '../../src/simulator/world/schema/world.js';
import { metrics } from '../../src/simulator/parts/metrics.js';
import { PartStates } from '../../src/simulator/world/part-states.js';
import type {
  I18nText,
  SeriesSource,
  World,
  WorldAlert,
  WorldAlertRule,
  WorldAsset,
  WorldModel,
  WorldSample,
  WorldTree,
  WorldTreeNode,
} from '../../src/simulator/world/world.js';

/** Organization of the tiny world. */
export const TINY_ORG = 'o15724268424841';

/** The moment that tests of the tiny world take for now: 2024-06-15 12:00:00 UTC. */
export const TINY_NOW = Date.UTC(2024, 5, 15, 12);

const HOUR = 3_600_000;
const text = (defaultValue: string, i18nValue: Record<string, string> = {}): I18nText => ({
  defaultValue,
  i18nValue,
});

function model(modelId: string, path: string, more: Partial<WorldModel> = {}): WorldModel {
  return {
    modelId,
    modelIdPath: path,
    orgId: TINY_ORG,
    name: text(modelId.replace('_', ' ')),
    desc: null,
    category: null,
    tags: {},
    attributes: {},
    measurepoints: {},
    services: {},
    events: {},
    storage: {},
    ...more,
  };
}

const feature = { desc: '', isStdElement: false, stdElementId: null, dataDefinition: null, unit: null };
const turbineFeatures = {
  attributes: {
    ratedPower: {
      ...feature,
      identifier: 'ratedPower',
      name: text('Rated power'),
      tags: { nameplate: 'yes' },
      dataType: 'DOUBLE',
      unit: { unitId: 'W', multiplier: 'KILO' },
      isRequired: true,
      defaultValue: 2500,
    },
  },
  measurepoints: {
    activePower: {
      ...feature,
      identifier: 'activePower',
      name: text('Active power', { en_US: 'Active power' }),
      tags: {},
      dataType: 'DOUBLE' as const,
      hasQuality: true,
      signalType: 'AI' as const,
    },
  },
  storage: { activePower: ['AI_RAW'] },
};

function asset(assetId: string, modelId: string, more: Partial<WorldAsset> = {}): WorldAsset {
  return {
    assetId,
    orgId: TINY_ORG,
    modelId,
    name: text(assetId),
    description: null,
    timezone: '+08:00',
    label: '0',
    inValid: false,
    attributes: {},
    tags: {},
    createTime: 1_700_000_000_000,
    productKey: 'prodKey1',
    deviceKey: `dev-${assetId}`,
    readable: true,
    ...more,
  };
}

type Branch = [assetId: string, ...children: Branch[]];

function tree(treeId: string, name: I18nText, tags: Record<string, string>, branch: Branch): WorldTree {
  const nodes = new Map<string, WorldTreeNode>();
  const grow = ([assetId, ...children]: Branch, parent: WorldTreeNode | null): WorldTreeNode => {
    const node: WorldTreeNode = { assetId, parent, children: [] };
    nodes.set(assetId, node);
    node.children = children.map((child) => grow(child, node));
    return node;
  };
  return { treeId, orgId: TINY_ORG, name, tags, root: grow(branch, null), nodes };
}

/** An id as EnOS makes them: the UTC date and 32 hex digits. */
export function alertId(occurTime: number, number: number): string {
  return (
    new Date(occurTime).toISOString().slice(0, 10).replaceAll('-', '') + String(number).padStart(32, '0')
  );
}

function alert(
  number: number,
  assetId: string,
  occurTime: number,
  more: Partial<WorldAlert> = {},
): WorldAlert {
  return {
    alertId: alertId(occurTime, number),
    orgId: TINY_ORG,
    assetId,
    measurepointId: 'activePower',
    deviceStatus: null,
    ruleId: 'r_power',
    severityId: 'major',
    typeId: 'mechanical',
    subTypeId: 'gearbox',
    contentId: 'c_power',
    value: '84.30000305',
    occurTime,
    recoverTime: null,
    recoverReason: null,
    eventType: 1,
    tags: {},
    maskedBy: null,
    inhibited: false,
    ...more,
  };
}

/** Alert 1 masks alert 2; 3 is a device status inserted over the API; 4 to 6 are history. */
export const TINY_ALERTS = {
  root: alert(1, 'turbine1', TINY_NOW - 2 * HOUR, { tags: { owner: 'om' } }),
  masked: alert(2, 'turbine2', TINY_NOW - HOUR, {
    maskedBy: [`treeRegn:${alertId(TINY_NOW - 2 * HOUR, 1)}`],
    inhibited: true,
  }),
  offline: alert(3, 'turbine3', TINY_NOW - 100 * 24 * HOUR, {
    measurepointId: null,
    deviceStatus: 'offline',
    ruleId: null,
    severityId: 'critical',
    subTypeId: null,
    contentId: null,
    value: '',
    eventType: 3,
  }),
  recent: alert(4, 'turbine1', TINY_NOW - 48 * HOUR, {
    recoverTime: TINY_NOW - 40 * HOUR,
    recoverReason: 'rule-recover',
    eventType: 0,
  }),
  older: alert(5, 'turbine1', TINY_NOW - 30 * 24 * HOUR, {
    recoverTime: TINY_NOW - 29 * 24 * HOUR,
    recoverReason: 'cable replaced',
    eventType: 2,
  }),
  ancient: alert(6, 'turbine1', TINY_NOW - 120 * 24 * HOUR, {
    recoverTime: TINY_NOW - HOUR,
    recoverReason: 'rule-recover',
    eventType: 0,
  }),
  secret: alert(7, 'turbine4', TINY_NOW - HOUR),
};

const changed = { updatePerson: 'operator', orgId: TINY_ORG, tags: {} };

/** One record an hour with the hour's number as value. */
const hourly: SeriesSource = {
  *read(assetId, pointId, from, to): Iterable<WorldSample> {
    if (!assetId.startsWith('turbine') || pointId !== 'activePower') return;
    for (let time = Math.ceil(from / HOUR) * HOUR; time < to; time += HOUR) {
      yield { time, value: new Date(time).getUTCHours(), quality: 0 };
    }
  },
  latest(assetId, pointId, at, after = Number.NEGATIVE_INFINITY) {
    const time = Math.floor(at / HOUR) * HOUR;
    if (time <= after) return null;
    const [sample] = this.read(assetId, pointId, time, time + 1);
    return sample ?? null;
  },
};

function byId<T>(rows: readonly T[], id: (row: T) => string): Map<string, T> {
  return new Map(rows.map((row) => [id(row), row]));
}

/** A fresh tiny world; tests may change their copy. */
export function tinyWorld(): World {
  const turbine = { modelId: 'DF_Turbine' } as const;
  const parts = new PartStates();
  parts.set(
    metrics,
    byId(
      [
        {
          id: 'daily_energy',
          from: [{ model: 'Wind_Turbine', point: 'activePower' }],
          logic: 'sum' as const,
          per: 'day' as const,
          scale: 0.001,
          digits: 3,
        },
      ],
      (row) => row.id,
    ),
  );
  return {
    name: 'tiny',
    orgId: TINY_ORG,
    limits: DEFAULT_LIMITS,
    models: byId(
      [
        model('Wind_Region', '/Wind_Region'),
        model('Wind_Site', '/Wind_Site', { tags: { domain: 'wind' } }),
        model('Wind_Turbine', '/Wind_Turbine', { ...turbineFeatures, tags: { domain: 'wind' } }),
        model('DF_Turbine', '/Wind_Turbine/DF_Turbine', {
          ...turbineFeatures,
          name: text('Doubly-fed turbine'),
        }),
        model('DF_Turbine_2', '/Wind_Turbine/DF_Turbine/DF_Turbine_2', turbineFeatures),
        model('Shared_Meter', '/Shared_Meter', { orgId: 'o16000000000000' }),
      ],
      (row) => row.modelId,
    ),
    assets: byId(
      [
        asset('region', 'Wind_Region', {
          label: '1',
          name: text('Nordic region', { en_US: 'Nordic region' }),
        }),
        asset('siteA', 'Wind_Site', {
          label: '1',
          name: text('North Ridge', { en_US: 'North Ridge', zh_CN: '北岭' }),
          attributes: { capacity: 62.5 },
          tags: { level: 'site' },
        }),
        asset('siteB', 'Wind_Site', { label: '1', name: text("O'Hara"), timezone: 'Europe/Copenhagen' }),
        asset('turbine1', turbine.modelId, { attributes: { ratedPower: 2500 }, tags: { row: '2' } }),
        asset('turbine2', turbine.modelId, {
          attributes: { ratedPower: 2700 },
          tags: { row: '2', old: 'yes' },
        }),
        asset('turbine3', 'DF_Turbine_2', { inValid: true, timezone: 'Europe/Copenhagen' }),
        asset('turbine4', turbine.modelId, { readable: false }),
        asset('outside', turbine.modelId),
      ],
      (row) => row.assetId,
    ),
    trees: byId(
      [
        tree('treeRegn', text('By region', { en_US: 'By region' }), { purpose: 'operations' }, [
          'region',
          ['siteB', ['turbine3']],
          ['siteA', ['turbine2'], ['turbine1'], ['turbine4']],
        ]),
        tree('treeTech', text('By technology'), {}, ['siteA', ['turbine1']]),
      ],
      (row) => row.treeId,
    ),
    severities: byId(
      [
        { severityId: 'major', severityDesc: text('Major', { en_US: 'Major' }), ...changed, updateTime: 2 },
        { severityId: 'critical', severityDesc: text('Critical'), ...changed, updateTime: 1 },
      ],
      (row) => row.severityId,
    ),
    alertTypes: byId(
      [
        { typeId: 'mechanical', parentTypeId: null, typeDesc: text('Mechanical'), ...changed, updateTime: 1 },
        {
          typeId: 'gearbox',
          parentTypeId: 'mechanical',
          typeDesc: text('Gearbox'),
          ...changed,
          updateTime: 2,
        },
      ],
      (row) => row.typeId,
    ),
    alertContents: byId(
      [
        {
          contentId: 'c_power',
          contentDesc: text('Power too high', { en_US: 'Power too high' }),
          modelId: 'Wind_Turbine',
          alertTypeId: 'mechanical',
          subAlertTypeId: null,
          ...changed,
          updateTime: 3,
        },
      ],
      (row) => row.contentId,
    ),
    alertRules: byId<WorldAlertRule>(
      [
        {
          ruleId: 'r_power',
          orgId: TINY_ORG,
          ruleDesc: text('Power above limit'),
          modelId: 'Wind_Turbine',
          measurepointId: 'activePower',
          deviceStatus: null,
          condition: '${activePower} > 2600',
          isEnabled: true,
          severityId: 'major',
          contentId: 'c_power',
          tags: { owner: 'om' },
          isRoot: true,
          scope: [{ treeId: 'treeRegn', assetId: 'region' }],
          triggeringDelayTimer: 0,
          updateTime: 1,
        },
        {
          ruleId: 'r_offline',
          orgId: TINY_ORG,
          ruleDesc: text('Offline'),
          modelId: 'Wind_Turbine',
          measurepointId: null,
          deviceStatus: 'offline',
          condition: null,
          isEnabled: true,
          severityId: 'critical',
          contentId: 'c_power',
          tags: {},
          isRoot: false,
          scope: [{ treeId: 'all', assetId: 'all' }],
          triggeringDelayTimer: 0,
          updateTime: 2,
        },
      ],
      (row) => row.ruleId,
    ),
    alerts: byId(Object.values(TINY_ALERTS), (row) => row.alertId),
    policies: byId(
      [
        {
          policyId: 'policyAi',
          policyName: 'Analog',
          policyType: 'RAW',
          retention: '1y',
          models: [{ modelId: 'DF_Turbine', points: [{ pointId: 'activePower', sdt: null, db: null }] }],
        },
      ],
      (row) => row.policyId,
    ),
    deletionJobs: new Map(),
    deletedLatest: new Map(),
    deletedMetadata: new Map(),
    unformattedPolicy: { policyId: 'p0', retention: '3M', updateTime: '2024-02-01T11:20:33.000+08:00' },
    series: hourly,
    parts,
  };
}
