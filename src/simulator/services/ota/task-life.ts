/** The course of a job: which devices it concerns, and how each is upgraded, so many at a time. */
import type { SimulatorContext } from '../../operation.js';
import { devices } from '../../parts/devices.js';
import { firmware } from '../../parts/firmware.js';
import type { Firmware, FirmwareState, Job, Task, UpgradeScope } from '../../parts/firmware.js';
import type { World, WorldTreeNode } from '../../world/world.js';
import { isReachable, log } from '../connection/command-life.js';
import { knownDevices } from '../connection/device-view.js';
import type { KnownDevice } from '../connection/identify.js';

const SECOND = 1_000;
/** From published to upgrading, and from one fifth of an upgrade to the next. */
const PICKING_UP = 5 * SECOND;
const STEP = 10 * SECOND;
const STEPS = ['downloading', 'checking', 'writing flash', 'restarting', 'upgraded'] as const;

function stateOf({ current }: SimulatorContext): FirmwareState {
  return current.parts.of(firmware);
}

/** Starts a job: takes in the devices that it concerns now, and begins. */
export function startJob(job: Job, context: SimulatorContext): void {
  const state = stateOf(context);
  state.jobs.set(job.jobId, { ...job, status: 'started' });
  takeIn(job, context);
  // What was published before the job was stopped is published again.
  for (const task of tasksOf(job.jobId, state)) if (task.status === 'published') publish(task, context);
  goOn(job.jobId, context);
}

/** Tasks of a job. */
export function tasksOf(jobId: string, { tasks }: FirmwareState): Task[] {
  return [...tasks.values()].filter((task) => task.jobId === jobId);
}

/** Publishes as many tasks as the job lets run at a time, in the hours in which it may. */
export function goOn(jobId: string, context: SimulatorContext): void {
  const state = stateOf(context);
  const job = state.jobs.get(jobId);
  if (job?.status !== 'started') return;
  const opening = nextOpening(job, context.now());
  if (opening === null) return;
  if (opening > context.now()) {
    context.after(opening - context.now(), () => goOn(jobId, context));
    return;
  }
  // An incremental job takes in what has come to match.
  if (job.upgradePolicy === 'incremental') takeIn(job, context);
  const tasks = tasksOf(jobId, state);
  const { byId } = context.current.parts.of(devices);
  const isThere = ({ assetId }: Task): boolean => {
    const device = byId.get(assetId);
    return device !== undefined && isReachable(device);
  };
  let running = tasks.filter(
    (task) => task.status === 'upgrading' || (task.status === 'published' && isThere(task)),
  ).length;
  for (const task of tasks) {
    if (task.status !== 'init' || running >= (job.maximumConcurrency ?? Infinity)) continue;
    publish(task, context);
    if (isThere(task)) running += 1;
  }
}

/** When a job may run: now, later, or, null, never again. Times of the day repeat where the schedule says so. */
function nextOpening({ schedule }: Job, now: number): number | null {
  const { startTimestamp: start, endTimestamp: end, isRepeatDaily } = schedule ?? {};
  if (start === undefined || now < start) return start ?? now;
  if (end === undefined || now < end) return now;
  if (isRepeatDaily !== true) return null;
  const day = 86_400_000;
  const today = start + Math.floor((now - start) / day) * day;
  return now < today + (end - start) ? now : today + day;
}

function takeIn(job: Job, context: SimulatorContext): void {
  const state = stateOf(context);
  const target = state.firmware.get(job.firmwareId);
  if (target === undefined) return;
  const known = new Set(tasksOf(job.jobId, state).map(({ assetId }) => assetId));
  const most = job.type === 'verify' ? (target.maxAllowedForVerification ?? Infinity) : Infinity;
  for (const one of knownDevices(context.current)) {
    const { device } = one;
    if (known.has(device.assetId) || !isConcerned(one, job.scope, target, context.current)) continue;
    if (known.size >= most) return;
    known.add(device.assetId);
    const taskId = context.ids.hex(state.tasks, 24);
    state.tasks.set(taskId, {
      taskId,
      jobId: job.jobId,
      assetId: device.assetId,
      fromVersion: device.firmwareVersion,
      toVersion: target.version,
      progress: 0,
      desc: null,
      status: 'init',
      updateTime: context.now(),
      attempt: 1,
      retries: 0,
    });
  }
}

function isConcerned(
  { device, asset }: KnownDevice,
  scope: UpgradeScope,
  target: Firmware,
  world: World,
): boolean {
  if (target.productKey !== null && device.productKey !== target.productKey) return false;
  if (device.firmwareVersion === target.version || device.connection === 'mirror') return false;
  const { versionNumbers, deviceKeys, attributes, tags, assetTrees } = scope;
  if (versionNumbers?.length && !versionNumbers.includes(device.firmwareVersion ?? '')) return false;
  if (deviceKeys?.length && !deviceKeys.includes(device.deviceKey)) return false;
  const holds = (map: Readonly<Record<string, unknown>>, wanted: Record<string, unknown[]>): boolean =>
    Object.entries(wanted).every(([key, values]) =>
      values.some((value) => String(map[key]) === String(value)),
    );
  if (attributes && !holds(asset.attributes, attributes)) return false;
  if (tags && !holds(asset.tags, tags)) return false;
  if (!assetTrees?.length) return true;
  return assetTrees.some(({ treeId, includedNodes, includedNotes }) => {
    const given = includedNodes ?? includedNotes ?? [];
    const nodes = (Array.isArray(given) ? given : [given]).map(String);
    let node: WorldTreeNode | null = world.trees.get(treeId)?.nodes.get(asset.assetId) ?? null;
    if (nodes.length === 0) return node !== null;
    for (; node !== null; node = node.parent) if (nodes.includes(node.assetId)) return true;
    return false;
  });
}

function publish(task: Task, context: SimulatorContext): void {
  const published = update(task, { status: 'published', desc: null }, context);
  context.after(PICKING_UP, () => pickUp(published, context));
  // A verification has so long from here on; an upgrade from when it begins.
  const job = stateOf(context).jobs.get(task.jobId);
  if (job?.type === 'verify') failAfter(job, published, context);
}

/** The task as it is now, unless it was cancelled, begun again or has ended. */
function still({ taskId, attempt }: Task, status: Task['status'], context: SimulatorContext): Task | null {
  const task = stateOf(context).tasks.get(taskId);
  return task?.attempt === attempt && task.status === status ? task : null;
}

/** Lets a device begin the upgrade that was published for it. */
export function pickUp(published: Task, context: SimulatorContext): void {
  const task = still(published, 'published', context);
  const job = stateOf(context).jobs.get(published.jobId);
  const device = context.current.parts.of(devices).byId.get(published.assetId);
  if (task === null || job?.status !== 'started' || device === undefined) return;
  // A device that is not there picks it up when it connects, and keeps no other from being upgraded.
  if (!isReachable(device)) return;
  const upgrading = update(task, { status: 'upgrading', progress: 0, desc: STEPS[0] }, context);
  if (job.type === 'upgrade') failAfter(job, upgrading, context);
  if (device.behaviour !== 'silent') context.after(STEP, () => advance(upgrading, context));
}

function advance(before: Task, context: SimulatorContext): void {
  const task = still(before, 'upgrading', context);
  if (task === null) return;
  const { byId } = context.current.parts.of(devices);
  const device = byId.get(task.assetId);
  const progress = (task.progress ?? 0) + 100 / STEPS.length;
  if (device?.behaviour === 'refuses' && progress > 40) {
    fail(task, 'Device refused the firmware', context);
    return;
  }
  if (progress < 100 || device === undefined) {
    const next = update(task, { progress, desc: STEPS[Math.round(progress / 20)] ?? null }, context);
    context.after(STEP, () => advance(next, context));
    return;
  }
  update(task, { progress: 100, status: 'succeeded', desc: null }, context);
  byId.set(device.assetId, { ...device, firmwareVersion: task.toVersion });
  log(
    device.assetId,
    { code: 200, content: `firmware upgraded to ${task.toVersion}`, reason: null },
    context,
  );
  verify(task.jobId, context);
  goOn(task.jobId, context);
}

/** A verify job that has succeeded often enough makes its firmware verified. */
function verify(jobId: string, context: SimulatorContext): void {
  const state = stateOf(context);
  const job = state.jobs.get(jobId);
  const target = state.firmware.get(job?.firmwareId ?? '');
  if (job?.type !== 'verify' || target === undefined) return;
  const successes = tasksOf(jobId, state).filter(({ status }) => status === 'succeeded').length;
  if (successes >= (target.minSuccessForVerified ?? 1))
    state.firmware.set(target.firmwareId, { ...target, isVerified: true });
}

function failAfter(job: Job, task: Task, context: SimulatorContext): void {
  context.after(job.upgradeTimeout * SECOND, () => {
    const late = still(task, 'published', context) ?? still(task, 'upgrading', context);
    if (late !== null) fail(late, 'Upgrade timeout', context);
  });
}

/** Ends a task as failed; a job may try it again by itself. */
export function fail(task: Task, desc: string, context: SimulatorContext, isFinal = false): void {
  const failed = update(task, { status: 'failed', progress: -1, desc }, context);
  const retry = stateOf(context).jobs.get(task.jobId)?.retry;
  if (!isFinal && retry?.enableRetry === true && task.retries < retry.retryCount) {
    context.after(retry.retryInterval * SECOND, () => {
      const current = still(failed, 'failed', context);
      if (current === null) return;
      retryTask(current, context, task.retries + 1);
      goOn(task.jobId, context);
    });
  }
  goOn(task.jobId, context);
}

/** Puts a failed task back to its beginning. */
export function retryTask(task: Task, context: SimulatorContext, retries = 0): void {
  const { attempt } = task;
  update(task, { status: 'init', progress: 0, desc: null, attempt: attempt + 1, retries }, context);
}

function update(task: Task, changes: Partial<Task>, context: SimulatorContext): Task {
  const next = { ...task, ...changes, updateTime: context.now() };
  stateOf(context).tasks.set(task.taskId, next);
  return next;
}
