/**
 * The simulator as a process: `node dist/simulator/main.js`. Settings come from the environment, see README.
 */
import { z } from 'zod';
import { SimulatorClock } from './control/clock.js';
import { ControlError } from './control/parse.js';
import { DEFAULTS, readSettings } from './settings.js';
import { startSimulator, type RunningSimulator } from './server.js';
import { bundledWorldFolder, loadWorld } from './world/load.js';
import { readYaml } from './world/yaml.js';

const settings = readSettings(process.env);
const simulator = await start().catch(refuse);
const demo = settings.credentials.accessKey === DEFAULTS.accessKey ? ' (demo credentials)' : '';
process.stdout.write(`EnOS simulator with world ${simulator.world} listens on ${simulator.url}${demo}\n`);

const end = (): void => {
  void simulator.close().then(() => process.exit(0));
};
process.once('SIGTERM', end);
process.once('SIGINT', end);
// Started by a server: when that is gone, however it ended, there is nobody left to serve.
process.once('disconnect', end);

async function start(): Promise<RunningSimulator & { world: string }> {
  const { orgId, seed, clock: fixedAt, faultsFile } = settings;
  const clock = new SimulatorClock();
  if (fixedAt !== null) clock.fix(fixedAt);
  const { now } = clock;
  const world = await loadWorld(settings.worldFolder ?? bundledWorldFolder, { orgId, now });
  // What the rules must be is checked where they are used.
  const faults = faultsFile === null ? undefined : await readYaml(faultsFile, z.unknown());
  try {
    const { port, host, credentials, control, tokenLifetime, sessionLifetime, writeLag } = settings;
    const running = await startSimulator({
      port,
      host,
      credentials,
      control,
      tokenLifetime,
      sessionLifetime,
      writeLag,
      world,
      clock,
      faults,
      seed: seed ?? undefined,
    });
    return { ...running, world: world.name };
  } catch (error) {
    if (error instanceof ControlError)
      throw new Error(`SIMULATOR_FAULTS ${faultsFile}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** What a person can mend is said in a line, without a stack. */
function refuse(error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException;
  const taken = `Port ${settings.port} is taken: end what uses it, or set SIMULATOR_PORT (0 takes any free port).`;
  process.stderr.write(`${code === 'EADDRINUSE' ? taken : message}\n`);
  process.exit(1);
}
