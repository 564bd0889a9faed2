/**
 * Starts the simulator for a server that was given no EnOS: as a process of its own, so that the two share nothing but a
 * URL, and nothing that the simulator computes holds up the server.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Settings } from './config/settings.js';

/** A local EnOS that runs. */
export interface LocalEnos {
  url: string;
  /** Whether its process is alive. */
  alive(): boolean;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;
const READY_LINE = /listens on (http:\/\/\S+)/;

/** Starts it and resolves once it listens. Rejects with what it printed if it does not. */
export async function startLocalEnos(settings: Settings): Promise<LocalEnos> {
  const script = fileURLToPath(new URL('./simulator/main.js', import.meta.url));
  const child = fork(script, [], {
    // A terminal's Ctrl-C reaches the whole group: in one of its own the simulator outlives it until the server is done.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...simulatorEnvironment(settings) },
  });
  const url = await readyUrl(child);
  return {
    url,
    alive: () => child.exitCode === null && child.signalCode === null,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function simulatorEnvironment({ enos, simulator }: Settings): Record<string, string> {
  return {
    HOST: '127.0.0.1',
    SIMULATOR_PORT: String(simulator.port),
    SIMULATOR_CONTROL: simulator.control ? '1' : '0',
    ENOS_ACCESS_KEY: enos.accessKey,
    ENOS_SECRET_KEY: enos.secretKey,
    ENOS_ORG_ID: enos.orgId,
    ...(simulator.world === undefined ? {} : { ENOS_WORLD: simulator.world }),
  };
}

function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const fail = (): void =>
      reject(new Error(`The simulator did not start: ${printed.trim() || 'no reason given'}`));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail();
    }, START_TIMEOUT_MS);
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      const url = READY_LINE.exec(printed)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      child.off('exit', onExit);
      // From now on what it says belongs into the server's own error stream.
      child.stderr?.off('data', read).pipe(process.stderr);
      child.stdout?.off('data', read).resume();
      resolve(url);
    };
    const onExit = (): void => {
      clearTimeout(timer);
      fail();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', onExit);
  });
}
