/**
 * The simulator as a process: `node dist/simulator/main.js`. Settings come from the environment, see README.
 */
import { DEFAULTS, readSettings } from './settings.js';
import { startSimulator } from './server.js';
import { bundledWorldFolder, loadWorld } from './world/load.js';

const settings = readSettings(process.env);
const now = (): number => Date.now();
const world = await loadWorld(settings.worldFolder ?? bundledWorldFolder, { orgId: settings.orgId, now });
const simulator = await startSimulator({ ...settings, world, now });
const demo = settings.credentials.accessKey === DEFAULTS.accessKey ? ' (demo credentials)' : '';
process.stdout.write(`EnOS simulator with world ${world.name} listens on ${simulator.url}${demo}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void simulator.close().then(() => process.exit(0));
  });
}
