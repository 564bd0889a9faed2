/** Processes of the benchmark: pinned, watched, frozen while they are not measured, and ended with it. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './ask.mjs';
import { pinned } from './machine.mjs';

const TICKS_PER_SECOND = 100;
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** A port that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts a command on a core; its output is dropped, its errors are kept for `said`. */
export function start(core, command, { env = {}, cwd, output = 'ignore' } = {}) {
  const [program, ...args] = pinned(core, command);
  const child = spawn(program, args, {
    cwd,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      AUTH_MODES: 'none',
      AUTH_NONE_CONFIRMED: 'on',
      ...env,
    },
    stdio: ['ignore', output, 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said = (said + chunk).slice(-2_000)));
  running.add(child);
  child.once('exit', () => running.delete(child));
  const file = (name) => readFileSync(`/proc/${child.pid}/${name}`, 'utf8');
  const cpu = () => {
    const fields = file('stat')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  };
  return {
    child,
    said: () => said,
    alive: () => child.exitCode === null && child.signalCode === null,
    /** Once what it does behind its answers is done: a call that stands still for as long would be given up. */
    freeze: async () => {
      let before;
      for (let look = 0; look < 40 && cpu() !== before; look += 1) {
        before = cpu();
        await sleep(150);
      }
      child.kill('SIGSTOP');
    },
    thaw: () => child.kill('SIGCONT'),
    /** Largest resident memory so far, in MiB. */
    peakMemory: () => Number(/VmHWM:\s+(\d+)/.exec(file('status'))?.[1] ?? 0) / 1024,
    /** Seconds of CPU so far. */
    cpu,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const late = setTimeoutKill(child);
      await ended;
      clearTimeout(late);
    },
  };
}

function setTimeoutKill(child) {
  return setTimeout(() => child.kill('SIGKILL'), 3_000).unref();
}

/** Waits until a GraphQL server answers. Rejects with what it said when it ended or took too long. */
export async function untilAnswering(server, port, timeoutMs = 30_000) {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end && server.alive()) {
    try {
      const { status } = await ask(port, { query: '{ __typename }' });
      if (status === 200) return;
    } catch (error) {
      if (error.code !== 'ECONNREFUSED' && error.code !== 'ECONNRESET') throw error;
    }
    await sleep(100);
  }
  throw new Error(`it did not start: ${server.said() || 'no reason given'}`);
}
