/** Loaders over a running simulator: real HTTP, real signatures, counted calls. */
import { createEnosClient } from '../../src/enos/create-client.js';
import { createLoaders } from '../../src/loading/create-loaders.js';
import type { LoadContext, LoadingSettings } from '../../src/loading/load-context.js';
import type { Loaders } from '../../src/loading/loaders.js';
import { startSimulator } from '../../src/simulator/server.js';
import type { World } from '../../src/simulator/world/world.js';
import { recordedLoading, type RecordedLoading } from './recorded-loading.js';
import { TINY_NOW } from './tiny-world.js';

const KEYS = { accessKey: 'loaded-access', secretKey: 'loaded-secret' };

/** A simulator with loading on it. Close it in afterEach. */
export interface LoadedSimulator extends RecordedLoading {
  /** Loaders of a fresh request. */
  loaders(more?: Partial<LoadContext>): Loaders;
  close(): Promise<void>;
}

/** Starts one on a free port, with an empty cache. */
export async function startLoadedSimulator(
  world: World,
  settings: Partial<LoadingSettings> = {},
): Promise<LoadedSimulator> {
  const simulator = await startSimulator({ world, credentials: KEYS, now: () => TINY_NOW });
  const client = createEnosClient({ url: simulator.url, ...KEYS, now: () => TINY_NOW });
  const loading = recordedLoading(client, { orgId: world.orgId, now: () => TINY_NOW, settings });
  return {
    ...loading,
    loaders: (more) => createLoaders({ ...loading.request(), ...more }),
    close: async () => {
      await client.close();
      await simulator.close();
    },
  };
}
