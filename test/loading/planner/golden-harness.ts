/** The golden world behind a simulator of its own, with servers of both editions on it that cache nothing. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ask, dataCallsOf, resetCalls, type Answer } from '../../support/graphql-client.js';
import { startServer, startSimulatorProcess, type Running } from '../../support/processes.js';
import { GOLDEN_WORLD } from './golden-world.js';
import { NO_CACHE } from '../../support/no-cache.js';

/** The operations are far larger than a frontend's. */
export const WIDE = {
  MAX_COST: '1000000000',
  OPERATION_TIMEOUT: '60s',
  ENOS_TIMEOUT: '30s',
  ENOS_IDLE_TIMEOUT: '30s',
};

/** EnOS's edition. */
export type Edition = '2.1' | '2.3';

/** What an operation answered and cost. */
export interface Counted {
  answer: Answer<Record<string, unknown>>;
  calls: Record<string, number>;
}

/** Running processes. */
export interface Golden {
  simulator: Running;
  /** Ids of turbines and boxes. */
  turbines: readonly string[];
  boxes: readonly string[];
  count(query: string, variables?: Record<string, unknown>, edition?: Edition): Promise<Counted>;
  close(): Promise<void>;
}

/** The world in a folder of its own, which the caller removes. */
export async function goldenFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'golden-'));
  for (const [name, text] of Object.entries(GOLDEN_WORLD)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

/** Starts all; takes some seconds. */
export async function startGolden(): Promise<Golden> {
  const folder = await goldenFolder();
  const simulator = await startSimulatorProcess({ ENOS_WORLD: folder });
  const [newer, older] = await Promise.all(
    (['2.3', '2.1'] as const).map((edition) =>
      startServer(simulator.url, { ...NO_CACHE, ...WIDE, ENOS_EDITION: edition }),
    ),
  );
  if (!newer || !older) throw new Error('no server');
  const count: Golden['count'] = async (query, variables = {}, edition = '2.3') => {
    await resetCalls(simulator.url);
    const answer = await ask(edition === '2.3' ? newer.url : older.url, query, variables);
    return { answer, calls: await dataCallsOf(simulator.url) };
  };
  const idsOf = async (model: string): Promise<string[]> => {
    const ids: string[] = [];
    for (let offset = 0, total = 1; offset < total; offset += 1000) {
      const { answer } = await count(
        `query ($model: ID!, $offset: Int!) {
          assets(filter: { modelIds: [$model] }, first: 1000, offset: $offset) { totalCount nodes { assetId } }
        }`,
        { model, offset },
      );
      const list = answer.data?.assets as { totalCount: number; nodes: { assetId: string }[] };
      total = list.totalCount;
      ids.push(...list.nodes.map(({ assetId }) => assetId));
    }
    return ids;
  };
  const turbines = await idsOf('Turbine');
  const boxes = await idsOf('Box');
  return {
    simulator,
    turbines,
    boxes,
    count,
    close: async () => {
      await Promise.all([newer.stop(), older.stop()]);
      await simulator.stop();
      await rm(folder, { recursive: true });
    },
  };
}
