/**
 * Metric Management: queryMetricData and queryMetricDataByPost.
 */
import type {
  OperationHandler,
  OperationReply,
  OperationRequest,
  ServiceHandlers,
  SimulatorContext,
} from '../../operation.js';
import { metrics } from '../../parts/metrics.js';
import type { Metric } from '../../parts/metrics.js';
import type { WorldAsset } from '../../world/world.js';
import { localText, zoneOf } from '../../world/zone.js';
import { aggregate } from './aggregation.js';
import { idList, invalid, optionalText, pairOf, readableAssets } from './request.js';

const MAX_RECORDS = 10_000;

const queryMetricData: OperationHandler = ({ query }, context) => answer(query, context);
const queryMetricDataByPost: OperationHandler = ({ body }, context) => answer(body, context);

/** One value of a metric of an asset. */
interface MetricRecord {
  metric: string;
  asset: WorldAsset;
  /** Unix milliseconds. */
  at: number;
  value: number;
}

/** The first records by time; how formats 1 and 2 look is not documented. */
function answer(parameters: OperationRequest['body'], context: SimulatorContext): OperationReply {
  const { world } = context;
  const all = world.parts.of(metrics);
  const asked = idList(parameters, 'metrics').map((id) => {
    const metric = all.get(id);
    if (metric === undefined) throw invalid(`there is no metric ${id}`);
    return metric;
  });
  const assets =
    optionalText(parameters, 'mdmIds') === undefined
      ? [...world.assets.values()].filter(({ label, readable }) => label === '0' && readable)
      : readableAssets(world, idList(parameters, 'mdmIds'));
  const extra = optionalText(parameters, 'extraFields')?.split(',') ?? [];
  const records = asked
    .flatMap((metric) => assets.flatMap((asset) => [...valuesOf(metric, asset, parameters, context)]))
    .sort((a, b) => a.at - b.at)
    .slice(0, MAX_RECORDS);
  switch (Number(parameters['format'] ?? 0)) {
    case 1:
      return { data: grouped(records, ({ metric }) => metric, extra) };
    case 2:
      return { data: grouped(records, ({ asset }) => asset.assetId, extra) };
    default:
      return { data: records.map((record) => view(record, extra)) };
  }
}

function grouped(
  records: readonly MetricRecord[],
  keyOf: (record: MetricRecord) => string,
  extra: readonly string[],
): Record<string, unknown[]> {
  const groups: Record<string, unknown[]> = {};
  for (const record of records) (groups[keyOf(record)] ??= []).push(view(record, extra));
  return groups;
}

/** As for points, the value stands under a key named as the metric. */
function view({ metric, asset, at, value }: MetricRecord, extra: readonly string[]): Record<string, unknown> {
  return {
    metricIdentifier: metric,
    mdmId: asset.assetId,
    time: localText(at, zoneOf(asset.timezone)),
    [metric]: value,
    ...Object.fromEntries(extra.map((name) => [name, asset.attributes[name] ?? null])),
  };
}

function* valuesOf(
  metric: Metric,
  asset: WorldAsset,
  parameters: OperationRequest['body'],
  context: SimulatorContext,
): Iterable<MetricRecord> {
  const path = context.world.models.get(asset.modelId)?.modelIdPath.split('/') ?? [];
  const source = metric.from.find(({ model }) => path.includes(model));
  if (source === undefined || pairOf(context, asset, source.point) === null) return;
  const zone = zoneOf(asset.timezone);
  const now = context.now();
  const today = localText(now, zone).slice(0, 10);
  const isSingle = metric.per === 'month';
  const first = isSingle ? today.slice(0, 7) : (optionalText(parameters, 'startTime') ?? `${today} 00:00:00`);
  const last = isSingle ? first : (optionalText(parameters, 'endTime') ?? `${today} 23:59:59`);
  const end = localTimeOf(last, 'endTime');
  for (let local = startOf(metric.per, localTimeOf(first, 'startTime')); local <= end;) {
    const next = nextOf(metric.per, local);
    const range = { from: zone.toUtc(local), to: Math.min(zone.toUtc(next), now + 1) };
    local = next;
    if (range.from >= range.to) continue;
    const samples = context.world.series.read(asset.assetId, source.point, range.from, range.to);
    const [result] = aggregate(samples, range, range.to - range.from, metric.logic, 1);
    if (result === undefined) continue;
    const value = Number((Number(result.value) * metric.scale).toFixed(metric.digits));
    yield { metric: metric.id, asset, at: range.from, value };
  }
}

/** "yyyy-MM-dd HH:mm:ss" as if it were UTC; a partial one is completed: 2021 is 2021-01-01 00:00:00. */
function localTimeOf(text: string, name: string): number {
  const pattern = '0000-01-01T00:00:00';
  const given = text.trim().replace(' ', 'T');
  const time = Date.parse(`${given}${pattern.slice(given.length)}Z`);
  if (!/^\d{4}(-\d{2}(-\d{2}(T\d{2}(:\d{2}(:\d{2})?)?)?)?)?$/.test(given) || Number.isNaN(time))
    throw invalid(name);
  return time;
}

function startOf(per: Metric['per'], local: number): number {
  const date = new Date(local);
  if (per === 'hour') return date.setUTCMinutes(0, 0, 0);
  if (per === 'month') date.setUTCDate(1);
  return date.setUTCHours(0, 0, 0, 0);
}

function nextOf(per: Metric['per'], local: number): number {
  const date = new Date(local);
  if (per === 'hour') return date.setUTCHours(date.getUTCHours() + 1);
  if (per === 'day') return date.setUTCDate(date.getUTCDate() + 1);
  return date.setUTCMonth(date.getUTCMonth() + 1);
}

/** Handlers of metrics. */
export const metricHandlers: ServiceHandlers = { queryMetricData, queryMetricDataByPost };
