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

/** Bounds what hangs, not what is slow: on one core, several processes start at once besides two tests. */
const START_TIMEOUT_MS = 45_000;
const STOP_TIMEOUT_MS = 5_000;
const PROBE = new URL('./probe.mjs', import.meta.url).href;

/** Environment of a child: only what is given, besides what a process needs to run at all. */
function childEnvironment(env: Record<string, string>): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'test', ...env };
}

/** Starts `node <script>` and resolves once it has printed an http URL with a port. */
export function startProcess(script: string, env: Record<string, string>): Promise<RunningProcess> {
  const child = spawn(process.execPath, [script], {
    env: childEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return untilListening(script, child);
}

/** A server that answers questions about its process (probe.mjs). */
export interface ProbedProcess extends RunningProcess {
  /** Bytes in use once all garbage is collected. */
  memory(): Promise<{ heapUsed: number; external: number; rss: number }>;
  /** Milliseconds of CPU time so far, of all threads. */
  cpu(): Promise<number>;
  /** Lets an error escape in it. */
  crash(): Promise<void>;
}

/** As `startServerProcess`, with the probe loaded into it. */
export async function startProbedServer(
  enosUrl: string,
  env: Record<string, string> = {},
): Promise<ProbedProcess> {
  const script = 'dist/main.js';
  const child = spawn(process.execPath, ['--import', PROBE, script], {
    env: childEnvironment({ PORT: '0', ENOS_URL: enosUrl, ...DEMO_CREDENTIALS, ...env }),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let asked = 0;
  const ask = (question: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const number = (asked += 1);
      const listen = (message: unknown): void => {
        const reply = message as { number: number; answer: unknown };
        if (reply.number !== number) return;
        child.off('message', listen);
        resolve(reply.answer);
      };
      child.on('message', listen);
      child.send({ number, question }, (error) => error && reject(error));
    });
  return {
    ...(await untilListening(script, child)),
    memory: () => ask('memory') as ReturnType<ProbedProcess['memory']>,
    cpu: () => ask('cpu') as Promise<number>,
    crash: async () => {
      await ask('crash');
    },
  };
}

async function untilListening(script: string, child: ChildProcess): Promise<RunningProcess> {
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (reason: string): void => {
      // What does not start must not outlive the test either.
      child.kill('SIGKILL');
      reject(new Error(`${script} ${reason}:\n${output}`));
    };
    const timer = setTimeout(() => fail('did not say where it listens'), START_TIMEOUT_MS);
    const onData = (chunk: Buffer): void => {
      output += chunk.toString();
      const match = /listen(?:s|ing)[^\n]*?(http:\/\/127\.0\.0\.1:\d+)/i.exec(output);
      if (match?.[1]) {
        clearTimeout(timer);
        resolve(match[1]);
      }
    };
    child.stdout?.on('data', onData);
    child.stderr?.on('data', onData);
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
