/** OTA jobs and their tasks: create, start, stop, delete, search, cancel, retry. */
import { compileExpression } from '../../expression/select.js';
import { languageOf, textsIn } from '../../names.js';
import { ServiceError } from '../../operation.js';
import type {
  OperationHandler,
  OperationRequest,
  ServiceHandlers,
  SimulatorContext,
} from '../../operation.js';
import { pageInfo, pageOf, readPage } from '../../paging.js';
import { devices } from '../../parts/devices.js';
import { firmware } from '../../parts/firmware.js';
import type { Job, Task, UpgradeScope } from '../../parts/firmware.js';
import { invalidArgument } from '../../refusals.js';
import type { I18nText, World } from '../../world/world.js';
import { textOf } from '../connection/values.js';
import { requireFirmware } from './firmware.js';
import { fail, goOn, retryTask, startJob, tasksOf } from './task-life.js';

function requireJob(world: World, { query }: OperationRequest): Job {
  const job = world.parts.of(firmware).jobs.get(query['jobId'] ?? '');
  if (job === undefined) throw new ServiceError(24404, 'Job not found');
  return job;
}

/** Without the members that a verify job has not. */
const createOTAJob: OperationHandler = ({ query, body }, { world, ids, now }) => {
  const target = requireFirmware(world, query['firmwareId']);
  const type = body['type'] as Job['type'];
  const scope = body['upgradeScope'] as UpgradeScope;
  if (type === 'verify' && scope.type !== 'partial')
    throw invalidArgument('upgradeScope.type', 'must be partial for a verify job');
  if (scope.versionNumbers?.includes(target.version) === true)
    throw invalidArgument('upgradeScope.versionNumbers', "holds the firmware's own version");
  if (type === 'upgrade' && target.enableVerification && !target.isVerified)
    throw invalidArgument('firmwareId', 'names a firmware that has to be verified first');
  const upgradeTimeout = Number(body['upgradeTimeout'] ?? 7200);
  if (upgradeTimeout < 300 || upgradeTimeout > 172_800)
    throw invalidArgument('upgradeTimeout', 'must be from 300 to 172800');
  const { jobs } = world.parts.of(firmware);
  const jobId = ids.hex(jobs, 24);
  const retry = body['retryPolicy'] as Record<string, unknown> | undefined;
  const isUpgrade = type === 'upgrade';
  jobs.set(jobId, {
    jobId,
    firmwareId: target.firmwareId,
    name: body['name'] === undefined ? null : textOf(body['name']),
    type,
    enableUpgradeRequest: isUpgrade ? body['enableUpgradeRequest'] === true : null,
    upgradePolicy: isUpgrade ? String(body['upgradePolicy']) : null,
    scope,
    upgradeTimeout,
    retry:
      isUpgrade && retry !== undefined
        ? {
            enableRetry: retry['enableRetry'] === true,
            retryInterval: Number(retry['retryInterval'] ?? 600),
            retryCount: Number(retry['retryCount'] ?? 0),
          }
        : null,
    schedule: isUpgrade ? ((body['schedulePolicy'] as Job['schedule'] | undefined) ?? null) : null,
    maximumConcurrency: isUpgrade ? Number(body['maximumConcurrency'] ?? 300) : null,
    status: 'stopped',
    createTime: now(),
  });
  return { data: { jobId } };
};

const startOTAJob: OperationHandler = (request, context) => {
  const job = requireJob(context.world, request);
  if (job.status === 'started') throw new ServiceError(24615, 'Job has started');
  startJob(job, context);
  return { data: null };
};

/** Upgrades that devices have begun go on. */
const stopOTAJob: OperationHandler = (request, { world }) => {
  const job = requireJob(world, request);
  if (job.status === 'stopped') throw new ServiceError(24616, 'Job has stopped');
  world.parts.of(firmware).jobs.set(job.jobId, { ...job, status: 'stopped' });
  return { data: null };
};

const deleteOTAJob: OperationHandler = (request, { world }) => {
  const { jobId, status } = requireJob(world, request);
  if (status === 'started') throw new ServiceError(24618, 'Not allowed to delete running job');
  const state = world.parts.of(firmware);
  for (const { taskId } of tasksOf(jobId, state)) state.tasks.delete(taskId);
  state.jobs.delete(jobId);
  return { data: null };
};

const getOTAJob: OperationHandler = (request, { world }) => ({
  data: jobView(requireJob(world, request), world),
});

const searchOTAJob: OperationHandler = ({ operationId, body }, { world }) => {
  const test = compileExpression(operationId, body['expression']);
  const page = readPage(operationId, body);
  const found = [...world.parts.of(firmware).jobs.values()]
    .filter((job) => {
      const view = jobView(job, world);
      return test((field) => {
        const text = field.startsWith('firmwareName') ? view['firmwareName'] : view['name'];
        if (!/^(firmwareName|name)(\.|$)/.test(field)) return [view[field]];
        return text == null ? [] : textsIn(text as I18nText, languageOf(field));
      });
    })
    .sort((a, b) => b.createTime - a.createTime);
  return {
    data: pageOf(found, page).map((job) => jobView(job, world)),
    beside: pageInfo(page, found.length),
  };
};

function jobView(job: Job, world: World): Record<string, unknown> {
  const target = world.parts.of(firmware).firmware.get(job.firmwareId);
  const productKey = target?.productKey ?? null;
  return {
    orgId: world.orgId,
    ...(productKey === null ? {} : { productKey }),
    jobId: job.jobId,
    name: job.name,
    firmwareId: job.firmwareId,
    firmwareVersion: target?.version ?? null,
    firmwareName: target?.name ?? null,
    type: job.type,
    enableUpgradeRequest: job.enableUpgradeRequest,
    upgradePolicy: job.upgradePolicy,
    upgradeScope: job.scope,
    upgradeTimeout: job.upgradeTimeout,
    retryPolicy: job.retry,
    schedulePolicy: job.schedule,
    maximumConcurrency: job.maximumConcurrency,
    status: job.status,
    createTime: job.createTime,
  };
}

/** The tasks of a running job that a request names by the keys of their devices. */
function namedTasks(request: OperationRequest, { world }: SimulatorContext): Task[] {
  const { jobId, status } = requireJob(world, request);
  if (status === 'stopped') throw new ServiceError(24617, 'Job not running');
  const tasks = tasksOf(jobId, world.parts.of(firmware));
  const { byId } = world.parts.of(devices);
  return (request.body['deviceKeys'] as string[]).map((deviceKey) => {
    const task = tasks.find(({ assetId }) => byId.get(assetId)?.deviceKey === deviceKey);
    if (task === undefined) throw new ServiceError(99404, `Not Found deviceKey: ${deviceKey}`);
    return task;
  });
}

/** There is no status of its own: a cancelled task has failed. */
const cancelOTATask: OperationHandler = (request, context) => {
  for (const task of namedTasks(request, context)) {
    if (task.status !== 'init' && task.status !== 'published')
      throw new ServiceError(24620, 'Only init or published tasks can be canceled');
    fail(task, 'Cancelled by user', context, true);
  }
  return { data: null };
};

const retryOTATask: OperationHandler = (request, context) => {
  const tasks = namedTasks(request, context);
  for (const task of tasks) {
    if (task.status !== 'failed') throw new ServiceError(24621, 'Only failed tasks can be retried');
    retryTask(task, context);
  }
  for (const { jobId } of tasks.slice(0, 1)) goOn(jobId, context);
  return { data: null };
};

const searchOTATask: OperationHandler = ({ operationId, body }, { world }) => {
  const test = compileExpression(operationId, body['expression']);
  const page = readPage(operationId, body);
  const { byId } = world.parts.of(devices);
  const rows = [...world.parts.of(firmware).tasks.values()].flatMap((task) => {
    const device = byId.get(task.assetId);
    return device === undefined ? [] : [taskView(task, device, world)];
  });
  const found = rows.filter((row) => test((field) => [row[field]]));
  return { data: pageOf(found, page), beside: pageInfo(page, found.length) };
};

function taskView(
  { taskId, jobId, assetId, fromVersion, toVersion, progress, desc, status, updateTime }: Task,
  { productKey, deviceKey }: { productKey: string; deviceKey: string },
  { orgId }: World,
): Record<string, unknown> {
  return {
    taskId,
    orgId,
    assetId,
    productKey,
    deviceKey,
    jobId,
    fromVersion,
    toVersion,
    progress,
    desc,
    status,
    updateTime,
  };
}

/** Handlers of jobs and tasks. */
export const jobHandlers: ServiceHandlers = {
  createOTAJob,
  startOTAJob,
  stopOTAJob,
  deleteOTAJob,
  getOTAJob,
  searchOTAJob,
  cancelOTATask,
  retryOTATask,
  searchOTATask,
};
