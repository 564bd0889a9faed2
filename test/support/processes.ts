/**
 * Starts the built server and the built simulator as processes of their own, the way operators run them, and waits until
 * each says where it listens. `npm test` builds before it runs the tests.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A running process with its address. */
export interface RunningProcess {
  url: string;
  process: ChildProcess;
  /** Everything printed so far, both streams. */
  output(): string;
  /** Ends it (SIGTERM, then SIGKILL after 5 s) and waits for its end. Resolves with the exit code. */
  stop(): Promise<number | null>;
}

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 5_000;

/** Environment of a child: only what is given, beside what a process needs to run at all. */
function childEnvironment(env: Record<string, string>): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'test', ...env };
}

/** Starts `node <script>` and resolves once it has printed an http URL with a port. */
export async function startProcess(script: string, env: Record<string, string>): Promise<RunningProcess> {
  const child = spawn(process.execPath, [script], {
    env: childEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (reason: string): void => reject(new Error(`${script} ${reason}:\n${output}`));
    const timer = setTimeout(() => fail('did not say where it listens'), START_TIMEOUT_MS);
    const onData = (chunk: Buffer): void => {
      output += chunk.toString();
      const match = /listen(?:s|ing)[^\n]*?(http:\/\/127\.0\.0\.1:\d+)/i.exec(output);
      if (match?.[1]) {
        clearTimeout(timer);
        resolve(match[1]);
      }
    };
    child.stdout.on('data', onData);
    child.stderr.on('data', onData);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
  });
  return {
    url,
    process: child,
    output: () => output,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
      return child.exitCode;
    },
  };
}

/** The simulator on a free port, with counted calls. */
export function startSimulatorProcess(env: Record<string, string> = {}): Promise<RunningProcess> {
  return startProcess('dist/simulator/main.js', { SIMULATOR_PORT: '0', SIMULATOR_CONTROL: '1', ...env });
}

/** The credentials that the simulator accepts by default. */
export const DEMO_CREDENTIALS = {
  ENOS_ACCESS_KEY: 'demo-access-key',
  ENOS_SECRET_KEY: 'demo-secret-key',
  ENOS_ORG_ID: 'o15724268424841',
};

/** The server on a free port against `enosUrl`. */
export function startServerProcess(
  enosUrl: string,
  env: Record<string, string> = {},
): Promise<RunningProcess> {
  return startProcess('dist/main.js', { PORT: '0', ENOS_URL: enosUrl, ...DEMO_CREDENTIALS, ...env });
}
