/**
 * TSDB Data Service: jobs that delete history, and points removed from the database's schema.
 */
import type {
  OperationHandler,
  OperationRequest,
  ServiceHandlers,
  SimulatorContext,
} from '../../operation.js';
import type { World, WorldAsset, WorldDeletionJob, WorldModel } from '../../world/world.js';
import { hasHistory, idList, invalid, metadataKey, optionalText, readableAssets } from './request.js';

/** A job waits so long, and then runs so long, in milliseconds. */
const WAIT = 1_000;
const RUN = 2_000;
const OPERATOR = 'service-account';
const DEFAULT_PAGE_SIZE = 10;

/** submitDataDeletionJob: one model, many assets, one point or all. The job goes on as time passes. */
const submitDataDeletionJob: OperationHandler = ({ body }, context) => {
  const { world } = context;
  const modelId = String(body['modelId']);
  const model = requireModel(world, modelId);
  // The Java sample's name for it is pointIds.
  const pointId = optionalText(body, 'pointId') ?? optionalText(body, 'pointIds') ?? null;
  if (pointId !== null && !Object.hasOwn(model.measurepoints, pointId))
    throw invalid(`model ${modelId} has no point ${pointId}`);
  const assetIds = idList(body, 'assetIds');
  readableAssets(world, assetIds);
  const stranger = assetIds.find((assetId) => !isOf(world.assets.get(assetId), model, world));
  if (stranger !== undefined) throw invalid(`${stranger} is no asset of model ${modelId}`);
  const [from, to] = [Number(body['startTime']), Number(body['endTime'])];
  if (from > to) throw invalid('startTime is after endTime');
  const id = jobNumber(context);
  const job = { id, status: 0, modelId, assetIds, pointId, from, to } as const;
  world.deletionJobs.set(id, { ...job, launchTime: null, finishTime: null, operator: OPERATOR });
  schedule(id, context);
  return { data: BigInt(id), beside: { submsg: 'success' } };
};

function requireModel(world: World, modelId: string): WorldModel {
  const model = world.models.get(modelId);
  if (model === undefined) throw invalid(`there is no model ${modelId}`);
  return model;
}

function isOf(asset: WorldAsset | undefined, { modelId }: WorldModel, world: World): boolean {
  const path = world.models.get(asset?.modelId ?? '')?.modelIdPath.split('/') ?? [];
  return path.includes(modelId);
}

/** 18 digits that grow with time. */
function jobNumber({ world, now }: SimulatorContext): string {
  let number = BigInt(now()) << 18n;
  while (world.deletionJobs.has(String(number))) number += 1n;
  return String(number);
}

function schedule(id: string, context: SimulatorContext): void {
  const change = (fields: Partial<WorldDeletionJob>): WorldDeletionJob | null => {
    const { deletionJobs } = context.world;
    const job = deletionJobs.get(id);
    if (job === undefined) return null;
    const changed = { ...job, ...fields };
    deletionJobs.set(id, changed);
    return changed;
  };
  context.after(WAIT, () => {
    change({ status: 1, launchTime: context.now() });
  });
  context.after(WAIT + RUN, () => {
    const job = context.world.deletionJobs.get(id);
    if (job === undefined) return;
    const done = run(job, context);
    change({ status: done ? 2 : 5, finishTime: context.now() });
  });
}

/** Deletes what a job is to delete; false where its model, point or one of its assets is gone by now. */
function run(
  { modelId, pointId, assetIds, from, to }: WorldDeletionJob,
  { world, series }: SimulatorContext,
): boolean {
  const model = world.models.get(modelId);
  if (model === undefined || assetIds.some((assetId) => !world.assets.has(assetId))) return false;
  if (pointId !== null && !Object.hasOwn(model.measurepoints, pointId)) return false;
  const pointIds = pointId === null ? Object.keys(model.measurepoints) : [pointId];
  for (const assetId of assetIds) for (const id of pointIds) series.erase(assetId, id, from, to + 1);
  return true;
}

/** resubmitDataDeletionJob: a failed job only. */
const resubmitDataDeletionJob: OperationHandler = ({ query }, context) => {
  const { deletionJobs } = context.world;
  const job = deletionJobs.get(query['JobId'] ?? '');
  if (job === undefined) throw invalid(`there is no job ${query['JobId'] ?? ''}`);
  if (job.status !== 5) throw invalid(`job ${job.id} has not failed`);
  deletionJobs.set(job.id, { ...job, status: 0, launchTime: null, finishTime: null });
  schedule(job.id, context);
  return { data: 'success', beside: { submsg: 'success' } };
};

/** getDataDeletionDetails: newest jobs first; queryId is a model or a point. */
const getDataDeletionDetails: OperationHandler = ({ query }: OperationRequest, { world }) => {
  const pageNum = Number(query['pageNo'] ?? 1);
  const pageSize = Number(query['pageSize'] ?? DEFAULT_PAGE_SIZE);
  const { queryId = '' } = query;
  const jobs = [...world.deletionJobs.values()]
    .filter(({ modelId, pointId }) => queryId === '' || modelId === queryId || pointId === queryId)
    .reverse();
  const list = jobs.slice((pageNum - 1) * pageSize, pageNum * pageSize).map(jobView);
  return { data: { total: jobs.length, pageNum, pageSize, list }, beside: { submsg: 'success' } };
};

function jobView(job: WorldDeletionJob): Record<string, unknown> {
  const timeText = (time: number | null): string | null =>
    time === null ? null : new Date(time).toISOString().replace('Z', '+0000');
  return {
    id: job.id,
    status: job.status,
    modelId: job.modelId,
    assetIds: job.assetIds.join(','),
    measurement: job.pointId,
    startTime: String(job.from),
    endTime: String(job.to),
    launchTime: timeText(job.launchTime),
    finishTime: timeText(job.finishTime),
    operator: job.operator,
  };
}

/**
 * deletePointMetadata: a point under no policy; reads do not know it from then on. A policy that is saved for it, or a
 * model that is given it again, brings it back, with the history that was not deleted.
 */
const deletePointMetadata: OperationHandler = ({ body }, context) => {
  const { world } = context;
  const [modelId, pointId] = [String(body['modelId']), String(body['pointId'])];
  const kinds = requireModel(world, modelId).storage[pointId] ?? [];
  if (hasHistory(kinds)) throw invalid(`${pointId} is under a storage policy`);
  context.after(WAIT, () => {
    world.deletedMetadata.set(metadataKey(modelId, pointId), context.now());
  });
  return { data: BigInt(jobNumber(context)), beside: { submsg: 'success' } };
};

/** Handlers of deletions. */
export const deletionHandlers: ServiceHandlers = {
  submitDataDeletionJob,
  resubmitDataDeletionJob,
  getDataDeletionDetails,
  deletePointMetadata,
};
