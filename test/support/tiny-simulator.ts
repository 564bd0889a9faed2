/** A simulator over the tiny world, with a client that knows its keys. */
import { startSimulator } from '../../src/simulator/server.js';
import type { RunningSimulator, SimulatorOptions } from '../../src/simulator/server.js';
import { EnosClient } from './enos-client.js';
import { TINY_NOW, TINY_ORG, tinyWorld } from './tiny-world.js';

/** Keys of the tiny simulator. */
export const TINY_KEYS = { accessKey: 'tiny-access', secretKey: 'tiny-secret' };

/** A running simulator, its client, a clock that tests move, and what it logged about its own faults. */
export interface TinySimulator extends RunningSimulator {
  client: EnosClient;
  clock: { now: number };
  faults: string[];
}

/** Starts one on a free port; `close` it in afterAll. */
export async function startTinySimulator(options: Partial<SimulatorOptions> = {}): Promise<TinySimulator> {
  const clock = { now: TINY_NOW };
  const faults: string[] = [];
  const simulator = await startSimulator({
    world: tinyWorld(),
    credentials: TINY_KEYS,
    now: () => clock.now,
    log: (line) => faults.push(line),
    ...options,
  });
  return { ...simulator, client: new EnosClient(simulator.url, TINY_KEYS, TINY_ORG), clock, faults };
}
