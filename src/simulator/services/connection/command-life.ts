/** The life of a command: cached, sent, answered or not. */
import type { SimulatorContext } from '../../operation.js';
import { commands, STATE } from '../../parts/commands.js';
import type { Command } from '../../parts/commands.js';
import { devices } from '../../parts/devices.js';
import type { Device } from '../../parts/devices.js';
import { happenings } from '../../parts/events.js';
import { knownDevice } from './identify.js';

const SECOND = 1_000;
/** From a command that can be sent until it is, and from there to the answer. */
const SENDING = SECOND;
const ANSWERING = 2 * SECOND;

/** Begins the life of a cached command: it waits for its device at most for its pendingTtl. */
export function cacheCommand(command: Command, context: SimulatorContext): void {
  const { commandId, pendingTtl } = command;
  change(command, {}, context);
  context.after(pendingTtl * SECOND, () => step(commandId, STATE.created, { state: STATE.expired }, context));
  sendSoon(command, context);
}

/** Sends a cached command if its device is there to take it. */
export function sendSoon({ commandId, assetId, timeout }: Command, context: SimulatorContext): void {
  context.after(SENDING, () => {
    const device = context.current.parts.of(devices).byId.get(assetId);
    if (device === undefined || !isReachable(device)) return;
    if (!step(commandId, STATE.created, { state: STATE.sent }, context)) return;
    const isSilent = device.behaviour === 'silent';
    context.after(isSilent ? timeout * SECOND : ANSWERING, () => {
      const sent = context.current.parts.of(commands).byId.get(commandId);
      if (sent?.state !== STATE.sent) return;
      if (isSilent) change(sent, { state: STATE.unanswered }, context);
      else settle(sent, device.behaviour === 'refuses', context);
    });
  });
}

/** Whether a device takes commands now. */
export function isReachable({ connection, isDisabled, behaviour }: Device): boolean {
  return connection === 'online' && !isDisabled && behaviour !== 'unreachable';
}

/** Lets the device's answer take effect: a point that was set has its value from now on. */
export function settle(command: Command, isRefused: boolean, context: SimulatorContext): Command {
  if (isRefused) return change(command, { state: STATE.failed }, context);
  if (command.type === 1) {
    const value = storedValue(command.input);
    context.series.write(command.assetId, command.identifier, { time: context.now(), value, quality: 0 });
  }
  return change(command, { state: STATE.succeeded, output: outputOf(command, context) }, context);
}

/** Lists and structures are stored as JSON text. */
export function storedValue(value: unknown): number | string | boolean {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  return JSON.stringify(value);
}

/** What a service answers: its output by the thing model, with values that say yes. */
function outputOf(
  { type, assetId, identifier, input }: Command,
  { current }: SimulatorContext,
): Command['output'] {
  if (type === 1) return null;
  const service = knownDevice(current, assetId)?.model.services[identifier];
  const fields = (service?.['outputData'] ?? []) as { identifier: string; dataType: string }[];
  const given = (input ?? {}) as Record<string, unknown>;
  const usual: Readonly<Record<string, unknown>> = {
    BOOL: true,
    STRING: 'ok',
    ARRAY: [],
    STRUCT: {},
    DATE: '2024-01-01',
  };
  return Object.fromEntries(
    fields.map(({ identifier: field, dataType }) => [field, given[field] ?? usual[dataType] ?? 0]),
  );
}

/** Changes a command that is in a state; whether it was. */
function step(
  commandId: string,
  from: Command['state'],
  changes: Partial<Command>,
  context: SimulatorContext,
): boolean {
  const command = context.current.parts.of(commands).byId.get(commandId);
  if (command?.state !== from) return false;
  change(command, changes, context);
  return true;
}

function change(command: Command, changes: Partial<Command>, { current }: SimulatorContext): Command {
  const next = { ...command, ...changes };
  current.parts.of(commands).byId.set(command.commandId, next);
  return next;
}

/** Adds an entry to a device's log. */
export function log(
  assetId: string,
  entry: { code: number; content: string; reason: string | null },
  context: SimulatorContext,
): void {
  const { logs } = context.current.parts.of(happenings);
  logs.set(context.ids.hex(logs, 32), { assetId, time: context.now(), ...entry });
}
