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

const end = (): void => {
  void simulator.close().then(() => process.exit(0));
};
process.once('SIGTERM', end);
process.once('SIGINT', end);
// Started by a server: when that is gone, however it ended, there is nobody left to serve.
process.once('disconnect', end);
