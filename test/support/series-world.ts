/**
 * A world of a few assets and points whose records a test writes out, for tests of the TSDB handlers.
 */
import { DEFAULT_LIMITS } from '../../src/simulator/world/schema/world.js';
import { PartStates } from '../../src/simulator/world/part-states.js';
import type {
  OperationHandler,
  OperationRequest,
  ServiceHandlers,
  SimulatorContext,
} from '../../src/simulator/operation.js';
import { ServiceError } from '../../src/simulator/operation.js';
import { Seed } from '../../src/simulator/control/seed.js';
import { PortalSessions } from '../../src/simulator/portal/sessions.js';
import type { PointSeries } from '../../src/simulator/series/point-series.js';
import { storedSeries } from '../../src/simulator/series/point-series.js';
import { buildModels } from '../../src/simulator/world/models.js';
import { modelFileSchema } from '../../src/simulator/world/schema/model.js';
import { IdMaker } from '../../src/simulator/world/id-maker.js';
import { LiveWorld } from '../../src/simulator/world/live-world.js';
import type { World, WorldAsset, WorldSample } from '../../src/simulator/world/world.js';
import { checkYaml } from '../../src/simulator/world/yaml.js';

/** The org of these worlds. */
export const SERIES_ORG = 'o15724268424841';

const MODELS = `
models:
  - id: Turbine
    name: Turbine
    measurepoints:
      power: { name: Power, type: DOUBLE, unit: KILO W, signal: AI, quality: true, storage: [AI_RAW, AI_NORMALIZED, LAST_CHANGED] }
      speed: { name: Speed, type: DOUBLE, unit: m/s, signal: AI }
      rawOnly: { name: Raw only, type: DOUBLE, signal: AI, storage: [AI_RAW] }
      count: { name: Count, type: INT, signal: AI, storage: [AI_RAW] }
      state: { name: State, type: INT, signal: DI, storage: [DI, LAST_CHANGED] }
      energy: { name: Energy, type: DOUBLE, unit: KILO Wh, signal: PI }
      text: { name: Text, type: STRING, maxLength: 64, signal: Generic }
      loose: { name: Loose, type: DOUBLE, signal: AI, storage: [] }
  - { id: Big_Turbine, parent: Turbine, name: Big turbine }
`;

/** Records as [time, value]. */
export type Records = readonly (readonly [number, WorldSample['value']])[];

/** Assets: `wt1` (Copenhagen), `wt2` (Big_Turbine, +08:00), `hidden` (not readable). Keys of records: `asset.point`. */
export function seriesWorld(records: Readonly<Record<string, Records>>): World {
  const models = buildModels(
    checkYaml('models', MODELS, modelFileSchema).models.map((spec) => ({ file: 'models', spec })),
    SERIES_ORG,
  );
  const assets = new Map(
    [
      asset('wt1', 'Turbine', 'Europe/Copenhagen'),
      asset('wt2', 'Big_Turbine', '+08:00'),
      { ...asset('hidden', 'Turbine', '+08:00'), readable: false },
    ].map((one) => [one.assetId, one]),
  );
  const series = new Map<string, PointSeries>(
    Object.entries(records).map(([key, rows]) => [
      key,
      storedSeries(
        rows.map(([time]) => time),
        (i) => rows[i]?.[1] ?? Number.NaN,
      ),
    ]),
  );
  return {
    name: 'series',
    orgId: SERIES_ORG,
    limits: DEFAULT_LIMITS,
    models,
    assets,
    trees: new Map(),
    severities: new Map(),
    alertTypes: new Map(),
    alertContents: new Map(),
    alertRules: new Map(),
    alerts: new Map(),
    policies: new Map(),
    deletionJobs: new Map(),
    deletedLatest: new Map(),
    deletedMetadata: new Map(),
    unformattedPolicy: { policyId: 'p', retention: '3M', updateTime: '2024-02-01T11:20:33.000+08:00' },
    parts: new PartStates(),
    series: {
      read: (assetId, pointId, from, to) => series.get(`${assetId}.${pointId}`)?.read(from, to) ?? [],
      latest: (assetId, pointId, at, after = -Infinity) =>
        series.get(`${assetId}.${pointId}`)?.latest(at, after) ?? null,
    },
  };
}

function asset(assetId: string, modelId: string, timezone: string): WorldAsset {
  return {
    assetId,
    orgId: SERIES_ORG,
    modelId,
    name: { defaultValue: assetId, i18nValue: {} },
    description: null,
    timezone,
    label: '0',
    inValid: false,
    attributes: {},
    tags: {},
    createTime: 0,
    productKey: null,
    deviceKey: null,
    readable: true,
  };
}

/** Calls handlers of one service over a world at a fixed now. */
export function caller(
  handlers: ServiceHandlers,
  world: World,
  now: number,
): (operationId: string, request?: Partial<OperationRequest>) => unknown {
  const live = new LiveWorld(world, { now: () => now, lag: 0, log: () => undefined });
  const context: SimulatorContext = {
    world: live.current,
    current: live.current,
    series: live.series,
    ids: new IdMaker(new Seed(1), () => now),
    after: (milliseconds, run) => live.after(milliseconds, run),
    now: () => now,
    sessions: new PortalSessions(world, 7200, () => now),
    accessKey: 'series-access',
  };
  return (operationId, request = {}) => {
    const handler: OperationHandler | undefined = handlers[operationId];
    if (!handler) throw new Error(`no handler ${operationId}`);
    const empty = { query: {}, path: {}, headers: {}, body: {}, files: [] };
    return handler({ operationId, orgId: SERIES_ORG, ...empty, ...request }, context).data;
  };
}

/** The code with which a call is refused; throws when it is not refused. */
export function refusal(call: () => unknown): number {
  try {
    call();
  } catch (error) {
    if (error instanceof ServiceError) return error.code;
    throw error;
  }
  throw new Error('the call was not refused');
}
