/**
 * Starts the built server and the built simulator as processes of their own, the way operators run them, and waits until
 * each says where it listens. `npm test` builds before it runs the tests.
 */
import childProcess, { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { control } from './simulator-control.js';

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
const HOST = fileURLToPath(new URL('./server-host.mjs', import.meta.url));
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
  const ask = (question: string): Promise<unknown> => askChild(child, { question }).answer;
  return {
    ...(await untilListening(script, child)),
    memory: () => ask('memory') as ReturnType<ProbedProcess['memory']>,
    cpu: () => ask('cpu') as Promise<number>,
    crash: async () => {
      await ask('crash');
    },
  };
}

let asked = 0;

/** Sends a message to a child that answers it under its number. */
function askChild(child: ChildProcess, message: object): { number: string; answer: Promise<unknown> } {
  // Test files share children, but not this counter.
  const number = `${Date.now()}-${(asked += 1)}`;
  const answer = new Promise((resolve, reject) => {
    const onMessage = (reply: unknown): void => {
      const { number: of, answer, error } = reply as { number: string; answer: unknown; error?: string };
      if (of === number) end(() => (error === undefined ? resolve(answer) : reject(new Error(error))));
    };
    const onExit = (): void => end(() => reject(new Error('The process has ended.')));
    const end = (settle: () => void): void => {
      child.off('message', onMessage).off('exit', onExit);
      settle();
    };
    child.on('message', onMessage).on('exit', onExit);
    child.send({ number, ...message }, (error) => error && end(() => reject(error)));
  });
  return { number, answer };
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
      if (!isAlive(child)) return child.exitCode;
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

/** Something that runs, in a process of its own or not. */
export interface Running {
  url: string;
  stop(): Promise<unknown>;
}

/**
 * What the test files of a jest worker share, since a process costs seconds of CPU time to start. Modules of Node itself are
 * the same for all of them, their own are not.
 */
interface Shared {
  /** Simulators with default settings that no test uses at the moment. */
  simulators: RunningProcess[];
  host: ChildProcess | undefined;
}
const SHARED = Symbol.for('enos-graphql.test.shared');
const shared = ((childProcess as { [SHARED]?: Shared })[SHARED] ??= { simulators: [], host: undefined });

/** As `startSimulatorProcess`, but the process may have served earlier tests, and goes on when it is stopped. It is as new. */
export async function startSimulator(): Promise<Running> {
  let simulator = shared.simulators.pop();
  while (simulator && !isAlive(simulator.process)) simulator = shared.simulators.pop();
  const ours = simulator ?? (await startSharedSimulator());
  const giveBack = async (): Promise<void> => {
    await control(ours.url, 'POST', 'reset');
    await control(ours.url, 'DELETE', 'clock');
    shared.simulators.push(ours);
  };
  let stopped: Promise<void> | undefined;
  return { url: ours.url, stop: () => (stopped ??= giveBack()) };
}

async function startSharedSimulator(): Promise<RunningProcess> {
  const script = 'dist/simulator/main.js';
  const child = spawn(process.execPath, [script], {
    env: childEnvironment({ SIMULATOR_PORT: '0', SIMULATOR_CONTROL: '1' }),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const simulator = await untilListening(script, child);
  endWithWorker(child);
  return simulator;
}

/** Does not keep the jest worker alive, and ends when it does: the channel between both breaks. */
function endWithWorker(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
  for (const stream of [child.stdout, child.stderr]) (stream as Socket | null)?.unref();
}

const isAlive = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null;

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

/**
 * As `startServerProcess`, but in a process that servers of many tests share: a tenth of the CPU time. For tests that ask the server
 * over HTTP and look at neither its process, its output nor its metrics.
 */
export async function startServer(enosUrl: string, env: Record<string, string> = {}): Promise<Running> {
  if (!shared.host || !isAlive(shared.host)) {
    shared.host = spawn(process.execPath, [HOST], {
      env: childEnvironment({}),
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    endWithWorker(shared.host);
  }
  const { host } = shared;
  const settings = childEnvironment({ PORT: '0', ENOS_URL: enosUrl, ...DEMO_CREDENTIALS, ...env });
  const { number, answer } = askChild(host, { question: 'start', env: settings });
  const url = (await answer) as string;
  let stopped: Promise<unknown> | undefined;
  return { url, stop: () => (stopped ??= askChild(host, { question: 'stop', of: number }).answer) };
}
