/** Connection Service. */
import type { ServiceHandlers, SimulatorContext } from '../../operation.js';
import { commands } from '../../parts/commands.js';
import { firmware } from '../../parts/firmware.js';
import { firmwareHandlers } from '../ota/firmware.js';
import { jobHandlers } from '../ota/jobs.js';
import { startJob } from '../ota/task-life.js';
import { certificateHandlers } from './certificates.js';
import { commandHandlers, giveCached } from './commands.js';
import { deviceHandlers } from './devices.js';
import { eventHandlers } from './events.js';
import { fileHandlers } from './files.js';
import { knownDevice } from './identify.js';
import { integrationHandlers } from './integration.js';
import { productHandlers } from './products.js';
import { topologyHandlers } from './topology.js';

/** Handlers by operation id of connection.yaml. */
export const connectionHandlers: ServiceHandlers = {
  ...productHandlers,
  ...deviceHandlers,
  ...topologyHandlers,
  ...certificateHandlers,
  ...commandHandlers,
  ...eventHandlers,
  ...fileHandlers,
  ...integrationHandlers,
  ...firmwareHandlers,
  ...jobHandlers,
};

/** Begins what the world's files say was begun before now: it runs its course from there. */
export function beginConnection(context: SimulatorContext): void {
  const { world, now, after } = context;
  // A world that was made without files has no such part.
  if (!world.parts.has(commands) || !world.parts.has(firmware)) return;
  for (const { assetId, given, ...order } of world.parts.of(commands).planned) {
    after(given - now(), () => {
      const known = knownDevice(world, assetId);
      if (known !== null) giveCached(order, known, context);
    });
  }
  for (const { jobId, started } of world.parts.of(firmware).planned) {
    after(started - now(), () => {
      const job = world.parts.of(firmware).jobs.get(jobId);
      if (job !== undefined) startJob(job, context);
    });
  }
}
