/** Server and simulator as processes of their own, as the fault tests need them. */
import { ask, type Answer } from '../../support/graphql-client.js';
import { startServerProcess, startSimulatorProcess, type RunningProcess } from '../../support/processes.js';
import { clearFaults, setFaults } from '../../support/simulator-control.js';
export { NO_CACHE } from '../../support/no-cache.js';

/** The two, and what tests do with them. */
export interface Stack {
  simulator: RunningProcess;
  server: RunningProcess;
  ask(
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<Answer<Json>>;
  faults(...rules: object[]): Promise<void>;
  /** Takes the faults away and waits until the server answers again. */
  calm(): Promise<void>;
  stop(): Promise<void>;
}

/** Any JSON object. */
export type Json = Record<string, unknown>;

/** Deadlines of a second or two, so that a test of a hang is short. */
export const SHORT_DEADLINES = {
  OPERATION_TIMEOUT: '5s',
  ENOS_TIMEOUT: '2s',
  ENOS_IDLE_TIMEOUT: '700ms',
} as const;

/** One asset by its id: one call. */
export const ONE_ASSET = '{ asset(assetId: "Rk3vTq8M") { assetId name } }';

const RECOVERY_MS = 30_000;

/** Starts both; `env` is the server's. */
export async function startStack(
  env: Record<string, string> = {},
  simulatorEnv: Record<string, string> = {},
): Promise<Stack> {
  const simulator = await startSimulatorProcess(simulatorEnv);
  let server: RunningProcess;
  try {
    server = await startServerProcess(simulator.url, env);
  } catch (error) {
    await simulator.stop();
    throw error;
  }
  return {
    simulator,
    server,
    ask: (query, variables, headers) => ask(server.url, query, variables, headers),
    faults: (...rules) => setFaults(simulator.url, ...rules),
    calm: async () => {
      await clearFaults(simulator.url);
      await untilWell(server.url);
    },
    stop: async () => {
      await Promise.all([server.stop(), simulator.stop()]);
    },
  };
}

/** Waits until the server answers without an error: a breaker may have to close first. */
export async function untilWell(serverUrl: string, headers: Record<string, string> = {}): Promise<void> {
  const end = Date.now() + RECOVERY_MS;
  for (;;) {
    const answer = await ask(serverUrl, EVERY_SERVICE, {}, headers);
    if (answer.errors === undefined && answer.status === 200) return;
    if (Date.now() > end) throw new Error(`the server does not recover: ${JSON.stringify(answer.errors)}`);
    await pause(100);
  }
}

/** A query that needs every service of EnOS that the graph uses. */
const EVERY_SERVICE = `{ asset(assetId: "Rk3vTq8M") { name model { modelId }
  alerts(first: 1) { totalCount }
  children(treeId: "Wf7kQ2Zx", first: 1) { nodes { point(pointId: "activePower") { latest { value } } } } } }`;

/** Codes of the errors of an answer, each once, sorted. */
export function codesOf({ errors = [] }: Pick<Answer<unknown>, 'errors'>): string[] {
  return [...new Set(errors.map((error) => error.extensions.code))].sort();
}

/** Waits so many milliseconds. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
