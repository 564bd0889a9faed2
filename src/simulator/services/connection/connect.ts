/** A device comes online. */
import type { SimulatorContext } from '../../operation.js';
import { commands, STATE } from '../../parts/commands.js';
import { devices } from '../../parts/devices.js';
import { firmware } from '../../parts/firmware.js';
import { pickUp } from '../ota/task-life.js';
import { log, sendSoon } from './command-life.js';

/** Logs a device in: it is sent what was cached for it, and takes the firmware that was published. */
export function connect(assetId: string, context: SimulatorContext): void {
  const { parts } = context.current;
  const device = parts.of(devices).byId.get(assetId);
  if (device === undefined || device.isDisabled || device.connection === 'online') return;
  const time = context.now();
  parts.of(devices).byId.set(assetId, {
    ...device,
    connection: 'online',
    activeTime: device.activeTime || time,
    lastOnlineTime: time,
  });
  log(assetId, { code: 200, content: 'device login succeeded', reason: 'device connected' }, context);
  for (const command of parts.of(commands).byId.values())
    if (command.assetId === assetId && command.state === STATE.created) sendSoon(command, context);
  for (const task of parts.of(firmware).tasks.values())
    if (task.assetId === assetId && task.status === 'published') pickUp(task, context);
}
